package dev.tandem.director.forward;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.Refusal;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.route.NextHops;
import dev.tandem.director.service.VirtualService;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a received frame: it is rewritten where it lies and lined up on a port, or
 * answered, or dropped for a reason that is counted. Never throws for what came from the wire,
 * never allocates. Worker thread only.
 *
 * <p>Frames to a virtual address come from clients, all others from servers:
 *
 * <pre>
 *   to a virtual address
 *     TCP, UDP   connection known, or a server is scheduled   → to the server
 *                opens nothing, or no such service            → reset or port unreachable
 *     ICMP       echo request                                 → echo reply
 *                error about a connection's packet            → to the server
 *   to anyone else
 *     TCP, UDP   reply of a NAT connection                    → to the client
 *     ICMP       error about a NAT connection's packet        → to the client
 * </pre>
 *
 * <p>It differs from the kernel's IPVS in this: fragments are dropped, for nobody reassembles them
 * here; a packet whose TTL runs out at the director makes no connection entry.
 */
public final class PacketPath {
    private final AddressGroup addresses;
    private final Connections connections;
    private final Egress egress;
    private final PathCounters counters;
    private final Answers answers;
    private final IcmpPath icmpPath;
    private final Ipv4Frame packet = new Ipv4Frame();

    public PacketPath(
            AddressGroup addresses,
            Connections connections,
            Egress egress,
            ScratchFrames scratch,
            PathCounters counters) {
        this.addresses = addresses;
        this.connections = connections;
        this.egress = egress;
        this.counters = counters;
        this.answers = new Answers(scratch, counters);
        this.icmpPath = new IcmpPath(connections, egress, answers, counters);
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
        DropReason fault = packet.parse(frame, length);
        if (fault != null) {
            return fault;
        }
        boolean toVirtual = addresses.contains(packet.destination);
        if (toVirtual && addresses.contains(packet.source)) {
            return DropReason.MARTIAN_SOURCE;
        }
        if (packet.protocol == Ipv4.PROTOCOL_ICMP) {
            return toVirtual
                    ? icmpPath.fromClient(port, packet, state, nowNs)
                    : icmpPath.fromServer(packet, nowNs);
        }
        return toVirtual ? fromClient(port, state, nowNs) : fromServer(port, nowNs);
    }

    private @Nullable DropReason fromClient(PacketPort port, Ownership.State state, long nowNs) {
        long entry = connections.findForClient(packet);
        if (entry != ConnectionTable.NONE) {
            return connections.isServerGone(entry)
                    ? DropReason.SERVER_GONE
                    : toServer(port, entry, nowNs);
        }
        if (state != Ownership.State.OWNING) {
            return DropReason.DRAINING;
        }
        if (!Connections.startsConnection(packet)) {
            answers.reset(port, packet, nowNs);
            return DropReason.NO_CONNECTION;
        }
        VirtualService service = connections.services().find(packet);
        return service == null ? noService(port, nowNs) : schedule(port, service, nowNs);
    }

    /**
     * As a host answers that has nothing on the port (RFC 9293 section 3.5.2, RFC 1122 4.1.3.1).
     */
    private DropReason noService(PacketPort port, long nowNs) {
        if (packet.protocol == Ipv4.PROTOCOL_TCP) {
            answers.reset(port, packet, nowNs);
        } else {
            answers.unreachable(port, packet, packet.destination, Icmp.CODE_PORT, nowNs);
        }
        return DropReason.NO_SERVICE;
    }

    private @Nullable DropReason schedule(PacketPort port, VirtualService service, long nowNs) {
        if (packet.ttl() <= 1) {
            answers.timeExceeded(port, packet, packet.destination, nowNs);
            return DropReason.TTL_EXPIRED;
        }
        long entry = connections.schedule(service, packet, nowNs);
        if (entry != ConnectionTable.NONE) {
            return toServer(port, entry, nowNs);
        }
        if (connections.refusal() == Refusal.TABLE_FULL) {
            return DropReason.TABLE_FULL;
        }
        answers.unreachable(port, packet, packet.destination, Icmp.CODE_PORT, nowNs);
        return DropReason.NO_SERVER;
    }

    private @Nullable DropReason toServer(PacketPort port, long entry, long nowNs) {
        int method = ConnectionEntry.forwardingCode(entry);
        boolean nat = method == Forwarding.NAT.code();
        if (!nat && method != Forwarding.DR.code()) {
            return DropReason.UNSUPPORTED_METHOD;
        }
        int server = ConnectionEntry.realAddress(entry);
        long nextHop = egress.lookup(server);
        DropReason obstacle = obstacle(port, packet.destination, nextHop, nowNs);
        if (obstacle != null) {
            return obstacle;
        }
        if (nat && ConnectionEntry.hasNoClientPort(entry)) {
            connections.learnClientPort(entry, packet.sourcePort);
        }
        connections.clientPacket(entry, packet, nowNs);
        Ipv4.decrementTtl(packet.ip);
        if (nat) {
            NatRewrite.toServer(packet, entry);
        }
        egress.send(packet, nextHop, server, nowNs);
        counters.toServer++;
        return null;
    }

    private @Nullable DropReason fromServer(PacketPort port, long nowNs) {
        long entry = connections.findForServer(packet);
        if (entry == ConnectionTable.NONE
                || ConnectionEntry.forwardingCode(entry) != Forwarding.NAT.code()) {
            return DropReason.NOT_OURS;
        }
        int client = packet.destination;
        long nextHop = egress.lookup(client);
        int gateway = addresses.addressOn(port);
        int speaker = gateway == 0 ? ConnectionEntry.virtualAddress(entry) : gateway;
        DropReason obstacle = obstacle(port, speaker, nextHop, nowNs);
        if (obstacle != null) {
            return obstacle;
        }
        connections.serverPacket(entry, packet, nowNs);
        Ipv4.decrementTtl(packet.ip);
        NatRewrite.toClient(packet, entry);
        egress.send(packet, nextHop, client, nowNs);
        counters.toClient++;
        return null;
    }

    /** What keeps the packet, still untouched, from being forwarded; its sender is told. */
    private @Nullable DropReason obstacle(PacketPort port, int speaker, long nextHop, long nowNs) {
        if (packet.ttl() <= 1) {
            answers.timeExceeded(port, packet, speaker, nowNs);
            return DropReason.TTL_EXPIRED;
        }
        if (nextHop == NextHops.NO_ROUTE) {
            answers.unreachable(port, packet, speaker, Icmp.CODE_HOST, nowNs);
            return DropReason.NO_ROUTE;
        }
        if (nextHop == NextHops.UNRESOLVED || packet.wireLength() <= NextHops.mtu(nextHop)) {
            return null;
        }
        if (!packet.mayNotBeFragmented()) {
            return DropReason.TOO_BIG_TO_FRAGMENT;
        }
        answers.tooBig(port, packet, speaker, NextHops.mtu(nextHop), nowNs);
        return DropReason.TOO_BIG;
    }
}
