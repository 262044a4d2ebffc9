package dev.tandem.director.forward;

import dev.tandem.director.address.Ownership;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.route.NextHops;
import dev.tandem.director.service.RealServer;
import org.jspecify.annotations.Nullable;

/**
 * The way of ICMP messages: pings are answered, errors about a connection's packets pass through
 * the connection. Types 3, 4 and 11 are errors here, as for the kernel's IPVS. They restart no
 * timer. Worker thread only.
 */
final class IcmpPath {
    private final Connections connections;
    private final Egress egress;
    private final Answers answers;
    private final PathCounters counters;
    private final QuotedPacket quoted = new QuotedPacket();

    IcmpPath(Connections connections, Egress egress, Answers answers, PathCounters counters) {
        this.connections = connections;
        this.egress = egress;
        this.answers = answers;
        this.counters = counters;
    }

    /** A message to a virtual address. */
    @Nullable DropReason fromClient(
            PacketPort port, Ipv4Frame packet, Ownership.State state, long nowNs) {
        int type = Memory.getByte(packet.transport + Icmp.TYPE_OFFSET);
        if (type == Icmp.ECHO_REQUEST && Memory.getByte(packet.transport + Icmp.CODE_OFFSET) == 0) {
            return echo(port, packet, state);
        }
        if (!isTranslated(type)) {
            return DropReason.ICMP_OTHER;
        }
        DropReason fault = quoted.parse(packet);
        if (fault != null) {
            return fault;
        }
        long entry =
                connections
                        .table()
                        .findIn(
                                quoted.protocol,
                                quoted.destination,
                                quoted.destinationPort,
                                quoted.source,
                                quoted.sourcePort);
        return entry == ConnectionTable.NONE
                ? DropReason.ICMP_NO_CONNECTION
                : toServer(packet, entry, nowNs);
    }

    private @Nullable DropReason echo(PacketPort port, Ipv4Frame packet, Ownership.State state) {
        if (state != Ownership.State.OWNING) {
            return DropReason.DRAINING;
        }
        if (isChecksumWrong(packet)) {
            return DropReason.BAD_ICMP_CHECKSUM;
        }
        answers.echoReply(port, packet);
        return null;
    }

    private @Nullable DropReason toServer(Ipv4Frame packet, long entry, long nowNs) {
        int method = ConnectionEntry.forwardingCode(entry);
        boolean nat = method == Forwarding.NAT.code();
        if (!nat && method != Forwarding.DR.code()) {
            return DropReason.UNSUPPORTED_METHOD;
        }
        if (nat && isChecksumWrong(packet)) {
            return DropReason.BAD_ICMP_CHECKSUM;
        }
        int destination = ConnectionEntry.realAddress(entry);
        long nextHop = egress.lookup(destination);
        DropReason obstacle = obstacle(packet, nextHop);
        if (obstacle != null) {
            return obstacle;
        }
        RealServer server = connections.server(entry);
        if (server != null) {
            server.countIn(packet.totalLength);
        }
        Ipv4.decrementTtl(packet.ip);
        if (nat) {
            IcmpRewrite.toServer(packet, quoted, entry);
        }
        egress.send(packet, nextHop, destination, nowNs);
        counters.icmpTranslated++;
        return null;
    }

    /** A message to anyone else: from a real server, or from a router on the way to it. */
    @Nullable DropReason fromServer(Ipv4Frame packet, long nowNs) {
        if (!isTranslated(Memory.getByte(packet.transport + Icmp.TYPE_OFFSET))
                || quoted.parse(packet) != null) {
            return DropReason.NOT_OURS;
        }
        long entry =
                connections
                        .table()
                        .findOut(
                                quoted.protocol,
                                quoted.destination,
                                quoted.destinationPort,
                                quoted.source,
                                quoted.sourcePort);
        if (entry == ConnectionTable.NONE
                || ConnectionEntry.forwardingCode(entry) != Forwarding.NAT.code()) {
            return DropReason.NOT_OURS;
        }
        if (isChecksumWrong(packet)) {
            return DropReason.BAD_ICMP_CHECKSUM;
        }
        long nextHop = egress.lookup(packet.destination);
        DropReason obstacle = obstacle(packet, nextHop);
        if (obstacle != null) {
            return obstacle;
        }
        RealServer server = connections.server(entry);
        if (server != null) {
            server.countOut(packet.totalLength);
        }
        Ipv4.decrementTtl(packet.ip);
        IcmpRewrite.toClient(packet, quoted, entry);
        egress.send(packet, nextHop, packet.destination, nowNs);
        counters.icmpTranslated++;
        return null;
    }

    /** Nobody is told: an error is not answered by an error (RFC 1122 section 3.2.2). */
    private static @Nullable DropReason obstacle(Ipv4Frame packet, long nextHop) {
        if (packet.ttl() <= 1) {
            return DropReason.TTL_EXPIRED;
        }
        if (nextHop == NextHops.NO_ROUTE) {
            return DropReason.NO_ROUTE;
        }
        boolean fits =
                nextHop == NextHops.UNRESOLVED || packet.totalLength <= NextHops.mtu(nextHop);
        return fits ? null : DropReason.TOO_BIG_TO_FRAGMENT;
    }

    private static boolean isTranslated(int type) {
        return type == Icmp.DESTINATION_UNREACHABLE
                || type == Icmp.SOURCE_QUENCH
                || type == Icmp.TIME_EXCEEDED;
    }

    private static boolean isChecksumWrong(Ipv4Frame packet) {
        return Checksums.sum(packet.transport, packet.transportLength) != 0xFFFF;
    }
}
