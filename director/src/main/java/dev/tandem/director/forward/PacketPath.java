package dev.tandem.director.forward;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.app.AppCounters;
import dev.tandem.director.app.Apps;
import dev.tandem.director.app.Verdict;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Setting;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.Refusal;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Flaw;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.PartialChecksum;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.packet.Sctp;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.VirtualService;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a received frame: it is rewritten where it lies and lined up on a port, or
 * answered, or dropped for a reason that is counted. Never throws for what came from the wire,
 * never allocates. Worker thread only.
 *
 * <p>Frames to a virtual address come from clients, and the director speaks for that address. All
 * others come from servers, or from clients of services whose address is held by the host or by
 * nobody (firewall marks); what is not of a connection or a service is left to the host,
 * unanswered:
 *
 * <pre>
 *   to a virtual address
 *     TCP, UDP, SCTP   connection known, or a server is scheduled   → to the server
 *                      opens nothing, or no such service            → reset or port unreachable
 *     AH, ESP          IKE connection known                         → to the server
 *     ICMP             echo request                                 → echo reply
 *                      error about a connection's packet            → to the server
 *   to anyone else
 *     TCP, UDP, SCTP   reply of a NAT connection                    → to the client
 *                      of a service, as above                       → to the server
 *     ICMP             error about a NAT connection's packet        → to the client
 *                      error about a client's packet                → to the server
 *                      error about a packet of our tunnels          → told to the client
 * </pre>
 *
 * <p>Fragments are put together first. It differs from the kernel's IPVS in this: a packet whose
 * TTL runs out at the director makes no connection entry.
 */
public final class PacketPath implements AutoCloseable {
    private final AddressGroup addresses;
    private final Connections connections;
    private final Egress egress;
    private final PathCounters counters;
    private final Answers answers;
    private final Delivery delivery;
    private final IcmpPath icmpPath;
    private final Reassembly reassembly;
    private final Arena arena = Arena.ofShared();
    private final Apps apps;
    private final Frame packet = new Frame();

    /**
     * @param ftpPorts see {@link dev.tandem.director.config.DirectorConfig#ftpPorts()}
     */
    public PacketPath(
            AddressGroup addresses,
            Connections connections,
            Egress egress,
            ScratchFrames scratch,
            PathCounters counters,
            List<Integer> ftpPorts,
            AppCounters appCounters) {
        this.addresses = addresses;
        this.connections = connections;
        this.egress = egress;
        this.counters = counters;
        answers = new Answers(scratch, counters);
        PathMtus pathMtus = new PathMtus();
        delivery = new Delivery(addresses, connections, egress, answers, pathMtus);
        TunnelErrors tunnelErrors = new TunnelErrors(connections, egress, answers, pathMtus);
        icmpPath = new IcmpPath(connections, egress, answers, delivery, tunnelErrors, counters);
        reassembly = new Reassembly(counters);
        apps = new Apps(connections.table(), connections::expect, ftpPorts, appCounters, arena);
    }

    /**
     * Handles one frame.
     *
     * @param port where it was received
     * @param state what may be done with the addresses, the same for a whole batch
     */
    public void handle(PacketPort port, long frame, int length, Ownership.State state, long nowNs) {
        DropReason reason =
                state == Ownership.State.SILENT
                        ? DropReason.NOT_OWNER
                        : receive(port, frame, length, state, nowNs);
        if (reason != null) {
            counters.drop(reason);
        }
    }

    private @Nullable DropReason receive(
            PacketPort port, long frame, int length, Ownership.State state, long nowNs) {
        Flaw flaw = packet.parse(frame, length);
        if (flaw == null) {
            return route(port, state, nowNs);
        }
        return flaw == Flaw.FRAGMENT ? receiveFragment(port, state, nowNs) : DropReason.of(flaw);
    }

    /** What the last fragment completes leaves before anything else takes its memory. */
    private @Nullable DropReason receiveFragment(
            PacketPort port, Ownership.State state, long nowNs) {
        DropReason fault = reassembly.add(packet, nowNs);
        if (fault != null || reassembly.frame() == 0) {
            return fault;
        }
        Flaw flaw = packet.parse(reassembly.frame(), reassembly.length());
        packet.fragmentSize = reassembly.largestFragment();
        DropReason reason = flaw == null ? route(port, state, nowNs) : DropReason.of(flaw);
        egress.flush();
        reassembly.release();
        return reason;
    }

    private @Nullable DropReason route(PacketPort port, Ownership.State state, long nowNs) {
        boolean toVirtual = isVirtual(packet.destinationHigh, packet.destinationLow);
        if (toVirtual && isVirtual(packet.sourceHigh, packet.sourceLow)) {
            return DropReason.MARTIAN_SOURCE;
        }
        if (packet.isIcmp()) {
            return icmpPath.receive(port, packet, toVirtual, state, nowNs);
        }
        if (packet.protocol == Ipv4.PROTOCOL_SCTP) {
            PartialChecksum.completeSctp(packet);
        }
        return toVirtual ? fromClient(port, state, nowNs) : fromAnyone(port, state, nowNs);
    }

    private boolean isVirtual(long high, long low) {
        return packet.ipv6 ? addresses.contains(high, low) : addresses.contains((int) low);
    }

    /** To a virtual address. */
    private @Nullable DropReason fromClient(PacketPort port, Ownership.State state, long nowNs) {
        long entry = connections.findForClient(packet);
        if (entry != ConnectionTable.NONE) {
            return toServer(port, entry, nowNs);
        }
        if (state != Ownership.State.OWNING) {
            return DropReason.DRAINING;
        }
        if (!connections.startsConnection(packet)) {
            answers.reset(port, packet, nowNs);
            return DropReason.NO_CONNECTION;
        }
        VirtualService service = serviceOf(port);
        return service == null ? noService(port, nowNs) : schedule(port, service, nowNs);
    }

    /** Of a packet that has no entry yet: marks matter to it alone. */
    private @Nullable VirtualService serviceOf(PacketPort port) {
        packet.fwmark = connections.services().mark(packet, port.index());
        return connections.services().find(packet);
    }

    /** To an address that the director does not speak for. */
    private @Nullable DropReason fromAnyone(PacketPort port, Ownership.State state, long nowNs) {
        long entry = connections.findForServer(packet);
        if (entry != ConnectionTable.NONE) {
            return fromServer(port, entry, nowNs);
        }
        entry = connections.findForClient(packet);
        if (entry != ConnectionTable.NONE) {
            return toServer(port, entry, nowNs);
        }
        VirtualService service = serviceOf(port);
        if (service == null) {
            return strayReply(port, nowNs);
        }
        if (state != Ownership.State.OWNING) {
            return DropReason.DRAINING;
        }
        if (!connections.startsConnection(packet)) {
            answers.reset(port, packet, nowNs);
            return DropReason.NO_CONNECTION;
        }
        return schedule(port, service, nowNs);
    }

    /** A server's packet of a connection that is no more: it is told so if asked for. */
    private DropReason strayReply(PacketPort port, long nowNs) {
        if (!connections.settings().is(Setting.NAT_ICMP_SEND)
                || !packet.hasPorts()
                || isEnd()
                || connections
                                .services()
                                .findNatServer(
                                        packet.ipv6,
                                        packet.protocol,
                                        packet.sourceHigh,
                                        packet.sourceLow,
                                        packet.sourcePort)
                        == null) {
            return DropReason.NOT_OURS;
        }
        if (packet.ipv6) {
            answers.as(addresses.speakerHigh(port), addresses.speakerLow(port));
        } else {
            answers.as(0, Integer.toUnsignedLong(addresses.addressOn(port)));
        }
        if (!answers.canSpeak()) {
            answers.asDestinationOf(packet);
        }
        answers.portUnreachable(port, packet, nowNs);
        return DropReason.NO_CONNECTION;
    }

    /** A TCP reset or an SCTP ABORT. */
    private boolean isEnd() {
        return packet.protocol == Ipv4.PROTOCOL_SCTP
                ? packet.transportLength > Sctp.HEADER_LENGTH
                        && Memory.getByte(packet.transport + Sctp.HEADER_LENGTH) == Sctp.ABORT
                : (packet.tcpFlags & Tcp.RST) != 0;
    }

    /**
     * As a host answers that has nothing on the port (RFC 9293 section 3.5.2, RFC 1122 4.1.3.1).
     */
    private DropReason noService(PacketPort port, long nowNs) {
        if (packet.protocol == Ipv4.PROTOCOL_TCP) {
            answers.reset(port, packet, nowNs);
        } else {
            answers.asDestinationOf(packet).portUnreachable(port, packet, nowNs);
        }
        return DropReason.NO_SERVICE;
    }

    private @Nullable DropReason schedule(PacketPort port, VirtualService service, long nowNs) {
        answers.asDestinationOf(packet);
        if (packet.ttl() <= 1) {
            answers.timeExceeded(port, packet, nowNs);
            return DropReason.TTL_EXPIRED;
        }
        long entry = connections.schedule(service, packet, nowNs);
        if (entry == ConnectionTable.NONE && mayPassServersBy(service)) {
            entry = connections.bypass(service, packet, nowNs);
        }
        if (entry == ConnectionTable.NONE) {
            return refused(port, nowNs);
        }
        DropReason reason = toServer(port, entry, nowNs);
        connections.done(entry);
        return reason;
    }

    private boolean mayPassServersBy(VirtualService service) {
        return connections.refusal() == Refusal.NO_SERVER
                && service.fwmark() != 0
                && connections.settings().is(Setting.CACHE_BYPASS);
    }

    private DropReason refused(PacketPort port, long nowNs) {
        return switch (connections.refusal()) {
            case TABLE_FULL -> DropReason.TABLE_FULL;
            case DROPPED -> DropReason.SACRIFICED;
            case ENGINE -> DropReason.NO_ENGINE_DATA;
            case LEFT ->
                    isVirtual(packet.destinationHigh, packet.destinationLow)
                            ? noService(port, nowNs)
                            : DropReason.NOT_OURS;
            case NONE, NO_SERVER -> {
                answers.portUnreachable(port, packet, nowNs);
                yield DropReason.NO_SERVER;
            }
        };
    }

    private @Nullable DropReason toServer(PacketPort port, long entry, long nowNs) {
        if (connections.isServerGone(entry)) {
            if (connections.settings().is(Setting.NODEST_RESET)) {
                answers.reset(port, packet, nowNs);
            }
            return DropReason.SERVER_GONE;
        }
        DropReason obstacle = delivery.toServer(port, packet, entry, nowNs);
        if (obstacle != null) {
            return obstacle;
        }
        boolean nat = ConnectionEntry.forwardingCode(entry) == Forwarding.NAT.code();
        if (nat && isSctpWrong(packet.destinationPort, ConnectionEntry.realPort(entry))) {
            return DropReason.BAD_TRANSPORT_CHECKSUM;
        }
        if (nat && ConnectionEntry.hasNoClientPort(entry)) {
            connections.learnClientPort(entry, packet.sourcePort);
        }
        connections.clientPacket(entry, packet, nowNs);
        if (apps.concerns(entry) && apps.fromClient(packet, entry, nowNs) == Verdict.DROP) {
            return DropReason.APP;
        }
        packet.decrementTtl();
        if (nat) {
            NatRewrite.toServer(packet, entry);
        }
        delivery.send(packet, nowNs);
        counters.toServer++;
        return null;
    }

    /**
     * A reply. Those of methods that do not translate pass the director only when it is the
     * servers' gateway too: it takes note of them, and leaves them to its host.
     */
    private @Nullable DropReason fromServer(PacketPort port, long entry, long nowNs) {
        if (ConnectionEntry.forwardingCode(entry) != Forwarding.NAT.code()) {
            connections.serverPacket(entry, packet, nowNs);
            return DropReason.NOT_OURS;
        }
        DropReason obstacle = delivery.toClient(port, packet, entry, nowNs);
        if (obstacle != null) {
            return obstacle;
        }
        if (isSctpWrong(packet.sourcePort, ConnectionEntry.virtualPort(entry))) {
            return DropReason.BAD_TRANSPORT_CHECKSUM;
        }
        connections.serverPacket(entry, packet, nowNs);
        if (apps.concerns(entry)) {
            switch (apps.fromServer(packet, entry, nowNs)) {
                case PASS -> {}
                case ANSWER -> {
                    port.enqueue(packet.frame, packet.length);
                    return null;
                }
                case DROP -> {
                    return DropReason.APP;
                }
            }
        }
        packet.decrementTtl();
        NatRewrite.toClient(packet, entry);
        delivery.send(packet, nowNs);
        counters.toClient++;
        return null;
    }

    private boolean isSctpWrong(int fromPort, int toPort) {
        return packet.protocol == Ipv4.PROTOCOL_SCTP
                && NatRewrite.isSctpWrong(packet, fromPort, toPort);
    }

    /** Gives the memory for fragments and rewritten packets back; the worker has stopped. */
    @Override
    public void close() {
        reassembly.close();
        arena.close();
    }
}
