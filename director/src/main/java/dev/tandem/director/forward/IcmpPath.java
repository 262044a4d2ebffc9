package dev.tandem.director.forward;

import dev.tandem.director.address.Ownership;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Setting;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Icmp6;
import dev.tandem.director.packet.PartialChecksum;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.VirtualService;
import org.jspecify.annotations.Nullable;

/**
 * The way of ICMP messages: pings are answered, errors about a connection's packets pass through
 * the connection. Of ICMP types 3, 4 and 11 are errors here, as for the kernel's IPVS; of ICMPv6
 * all below 128. They restart no timer. Worker thread only.
 */
final class IcmpPath {
    private final Connections connections;
    private final Egress egress;
    private final Answers answers;
    private final Delivery delivery;
    private final TunnelErrors tunnelErrors;
    private final PathCounters counters;
    private final QuotedPacket quoted = new QuotedPacket();
    private long scheduled;

    IcmpPath(
            Connections connections,
            Egress egress,
            Answers answers,
            Delivery delivery,
            TunnelErrors tunnelErrors,
            PathCounters counters) {
        this.connections = connections;
        this.egress = egress;
        this.answers = answers;
        this.delivery = delivery;
        this.tunnelErrors = tunnelErrors;
        this.counters = counters;
    }

    /**
     * Handles an ICMP or ICMPv6 message.
     *
     * @param toVirtual whether it is addressed to a virtual address
     */
    @Nullable DropReason receive(
            PacketPort port, Frame packet, boolean toVirtual, Ownership.State state, long nowNs) {
        if (packet.partialChecksum) {
            PartialChecksum.complete(packet.frame, packet.length);
            packet.partialChecksum = false;
        }
        int type = Memory.getByte(packet.transport + Icmp.TYPE_OFFSET);
        if (packet.ipv6 && type >= Icmp6.FIRST_DISCOVERY && type <= Icmp6.LAST_DISCOVERY) {
            counters.passedOver++;
            return null;
        }
        if (toVirtual && isPing(packet, type)) {
            return echo(port, packet, state);
        }
        if (!isTranslated(packet, type)) {
            return toVirtual ? DropReason.ICMP_OTHER : DropReason.NOT_OURS;
        }
        DropReason fault = parseQuoted(packet);
        DropReason unknown = toVirtual ? DropReason.ICMP_NO_CONNECTION : DropReason.NOT_OURS;
        if (fault == null) {
            long entry = toVirtual ? ConnectionTable.NONE : connections.findForServer(quoted);
            if (entry != ConnectionTable.NONE) {
                return toClient(port, packet, entry, nowNs);
            }
            entry = connections.findForClient(quoted);
            if (entry != ConnectionTable.NONE) {
                return toServer(port, packet, entry, nowNs);
            }
            if (state == Ownership.State.OWNING && schedule(port, nowNs)) {
                return toScheduled(port, packet, nowNs);
            }
            fault = unknown;
        }
        if (tunnelErrors.receive(packet, nowNs)) {
            counters.icmpTranslated++;
            return null;
        }
        return toVirtual ? fault : unknown;
    }

    /** Makes an entry for what the error is about (schedule_icmp), as if that had come. */
    private boolean schedule(PacketPort port, long nowNs) {
        if (!connections.settings().is(Setting.SCHEDULE_ICMP)) {
            return false;
        }
        quoted.fwmark = connections.services().mark(quoted, port.index());
        VirtualService service = connections.services().find(quoted);
        scheduled =
                service == null
                        ? ConnectionTable.NONE
                        : connections.schedule(service, quoted, nowNs);
        return scheduled != ConnectionTable.NONE;
    }

    private @Nullable DropReason toScheduled(PacketPort port, Frame packet, long nowNs) {
        DropReason reason = toServer(port, packet, scheduled, nowNs);
        connections.done(scheduled);
        return reason;
    }

    private static boolean isPing(Frame packet, int type) {
        return type == (packet.ipv6 ? Icmp6.ECHO_REQUEST : Icmp.ECHO_REQUEST)
                && Memory.getByte(packet.transport + Icmp.CODE_OFFSET) == 0;
    }

    private @Nullable DropReason echo(PacketPort port, Frame packet, Ownership.State state) {
        if (state != Ownership.State.OWNING) {
            return DropReason.DRAINING;
        }
        if (isChecksumWrong(packet)) {
            return DropReason.BAD_ICMP_CHECKSUM;
        }
        answers.echoReply(packet);
        egress.sendBack(port, packet);
        return null;
    }

    private @Nullable DropReason parseQuoted(Frame packet) {
        DropReason fault =
                quoted.parse(
                        packet.transport + Icmp.HEADER_LENGTH,
                        packet.transportLength - Icmp.HEADER_LENGTH,
                        packet.ipv6);
        if (fault != null) {
            return fault;
        }
        // an error is sent to the source of what it is about (RFC 792)
        return quoted.destinationLow == packet.destinationLow
                        && quoted.destinationHigh == packet.destinationHigh
                ? null
                : DropReason.ICMP_NO_CONNECTION;
    }

    /** From a client, or from a router on the way to it, about a server's packet. */
    private @Nullable DropReason toServer(PacketPort port, Frame packet, long entry, long nowNs) {
        boolean nat = ConnectionEntry.forwardingCode(entry) == Forwarding.NAT.code();
        if (nat && isChecksumWrong(packet)) {
            return DropReason.BAD_ICMP_CHECKSUM;
        }
        DropReason obstacle = delivery.toServer(port, packet, entry, nowNs);
        if (obstacle != null) {
            return obstacle;
        }
        RealServer server = connections.server(entry);
        if (server != null) {
            server.countIn(packet.totalLength);
        }
        packet.decrementTtl();
        if (nat) {
            IcmpRewrite.toServer(packet, quoted, entry);
        }
        delivery.send(packet, nowNs);
        counters.icmpTranslated++;
        return null;
    }

    /** From a real server, or from a router on the way to it, about a client's packet. */
    private @Nullable DropReason toClient(PacketPort port, Frame packet, long entry, long nowNs) {
        if (ConnectionEntry.forwardingCode(entry) != Forwarding.NAT.code()) {
            return DropReason.NOT_OURS;
        }
        if (isChecksumWrong(packet)) {
            return DropReason.BAD_ICMP_CHECKSUM;
        }
        DropReason obstacle = delivery.toClient(port, packet, entry, nowNs);
        if (obstacle != null) {
            return obstacle;
        }
        RealServer server = connections.server(entry);
        if (server != null) {
            server.countOut(packet.totalLength);
        }
        packet.decrementTtl();
        IcmpRewrite.toClient(packet, quoted, entry);
        delivery.send(packet, nowNs);
        counters.icmpTranslated++;
        return null;
    }

    private static boolean isTranslated(Frame packet, int type) {
        return packet.ipv6
                ? Icmp6.isError(type)
                : type == Icmp.DESTINATION_UNREACHABLE
                        || type == Icmp.SOURCE_QUENCH
                        || type == Icmp.TIME_EXCEEDED;
    }

    static boolean isChecksumWrong(Frame packet) {
        int pseudo =
                packet.ipv6
                        ? Checksums.pseudoHeader(
                                packet.ip, true, packet.protocol, packet.transportLength)
                        : 0;
        return Checksums.add(pseudo, Checksums.sum(packet.transport, packet.transportLength))
                != 0xFFFF;
    }
}
