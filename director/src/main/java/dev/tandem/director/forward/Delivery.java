package dev.tandem.director.forward;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.PartialChecksum;
import dev.tandem.director.route.NextHops;
import dev.tandem.director.service.RealServer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way of one packet through a connection: first it is seen whether the packet can go it at all,
 * while it is still as it came in and its sender can be told; then, rewritten by others, it is
 * sent. Worker thread only.
 *
 * <pre>
 *   toServer(...) or toClient(...)   null: it can go
 *   ... states, counters, rewriting ...
 *   send(...)
 * </pre>
 */
final class Delivery {
    private static final int MAX_LENGTH = 0xFFFF;
    private static final int IPV4_MINIMUM_MTU = 68;

    private final AddressGroup addresses;
    private final Connections connections;
    private final Egress egress;
    private final Answers answers;
    private final PathMtus pathMtus;
    private final Encapsulation encapsulation =
            new Encapsulation(ThreadLocalRandom.current().nextInt());
    private final Segmenter segmenter = new Segmenter();

    /** Where the frame goes next; the family of the outer packet. */
    private boolean ipv6;

    private long high;
    private long low;
    private long nextHop;
    private @Nullable Tunnel tunnel;

    Delivery(
            AddressGroup addresses,
            Connections connections,
            Egress egress,
            Answers answers,
            PathMtus pathMtus) {
        this.addresses = addresses;
        this.connections = connections;
        this.egress = egress;
        this.answers = answers;
        this.pathMtus = pathMtus;
    }

    /** What keeps the packet from going to the entry's server; its sender was told if it can be. */
    @Nullable DropReason toServer(PacketPort port, Frame packet, long entry, long nowNs) {
        answers.asDestinationOf(packet);
        int method = ConnectionEntry.forwardingCode(entry);
        tunnel = null;
        ipv6 = packet.ipv6;
        if (method == Forwarding.BYPASS.code()) {
            high = packet.destinationHigh;
            low = packet.destinationLow;
        } else if (method == Forwarding.TUNNEL.code()) {
            server(entry);
        } else if (method == Forwarding.DR.code()
                || (method == Forwarding.NAT.code() && packet.protocol != Ipv4.PROTOCOL_AH)) {
            real(entry);
        } else {
            return DropReason.UNSUPPORTED_METHOD;
        }
        if (packet.ttl() <= 1) {
            answers.timeExceeded(port, packet, nowNs);
            return DropReason.TTL_EXPIRED;
        }
        nextHop = egress.lookup(ipv6, high, low);
        if (nextHop == NextHops.LOCAL || isLoopback()) {
            answers.hostUnreachable(port, packet, nowNs);
            return DropReason.LOCAL_SERVER;
        }
        if (nextHop == NextHops.NO_ROUTE) {
            answers.hostUnreachable(port, packet, nowNs);
            return DropReason.NO_ROUTE;
        }
        return tunnel == null
                ? obstacle(port, packet, nowNs)
                : tunnelObstacle(port, packet, tunnel, nowNs);
    }

    /** The same on the way back. */
    @Nullable DropReason toClient(PacketPort port, Frame packet, long entry, long nowNs) {
        tunnel = null;
        ipv6 = packet.ipv6;
        high = packet.destinationHigh;
        low = packet.destinationLow;
        speakOn(port, entry);
        if (packet.ttl() <= 1) {
            answers.timeExceeded(port, packet, nowNs);
            return DropReason.TTL_EXPIRED;
        }
        nextHop = egress.lookup(ipv6, high, low);
        if (nextHop == NextHops.NO_ROUTE || nextHop == NextHops.LOCAL) {
            answers.hostUnreachable(port, packet, nowNs);
            return DropReason.NO_ROUTE;
        }
        return obstacle(port, packet, nowNs);
    }

    /** To servers, what the director has on their side speaks for it, if it has anything there. */
    private void speakOn(PacketPort port, long entry) {
        long speakerHigh = ipv6 ? addresses.speakerHigh(port) : 0;
        long speakerLow =
                ipv6
                        ? addresses.speakerLow(port)
                        : Integer.toUnsignedLong(addresses.addressOn(port));
        if ((speakerHigh | speakerLow) == 0) {
            speakerHigh = ConnectionEntry.virtualHigh(entry);
            speakerLow = ConnectionEntry.virtualLow(entry);
        }
        answers.as(speakerHigh, speakerLow);
    }

    private void real(long entry) {
        ipv6 = ConnectionEntry.isRealIpv6(entry);
        high = ConnectionEntry.realHigh(entry);
        low = ConnectionEntry.realLow(entry);
    }

    /** Of a tunnel the server's present settings count, and it may be of the other family. */
    private void server(long entry) {
        RealServer server = connections.server(entry);
        tunnel = server == null ? Tunnel.IPIP : server.tunnel();
        if (server == null) {
            real(entry);
        } else {
            ipv6 = server.isIpv6();
            high = server.addressHigh();
            low = server.addressLow();
        }
    }

    private boolean isLoopback() {
        return ipv6 ? high == 0 && low == 1 : low >>> 24 == 127;
    }

    private @Nullable DropReason obstacle(PacketPort port, Frame packet, long nowNs) {
        long way = nextHop == NextHops.UNRESOLVED ? egress.route(ipv6, high, low) : nextHop;
        return way <= 0 || packet.wireLength() <= NextHops.mtu(way)
                ? null
                : tooBig(port, packet, NextHops.mtu(way), nowNs);
    }

    private @Nullable DropReason tunnelObstacle(
            PacketPort port, Frame packet, Tunnel by, long nowNs) {
        long way = nextHop == NextHops.UNRESOLVED ? egress.route(ipv6, high, low) : nextHop;
        if (way <= 0 || !begin(way)) {
            return DropReason.NO_ROUTE;
        }
        int overhead = Encapsulation.overhead(by, ipv6);
        int mtu = pathMtus.limit(NextHops.mtu(way), ipv6, high, low, nowNs) - overhead;
        if (mtu < (ipv6 ? Ipv6.MINIMUM_MTU : IPV4_MINIMUM_MTU)) {
            return DropReason.MTU_TOO_SMALL;
        }
        if (!VnetHeader.isSegmented(packet.frame) && packet.totalLength + overhead > MAX_LENGTH) {
            return DropReason.TOO_BIG_UNTOLD;
        }
        encapsulation.to(by, ipv6, high, low);
        if (packet.ipv6) {
            mtu = Math.max(mtu, Ipv6.MINIMUM_MTU);
        } else if (!connections.settings().is(Setting.PMTU_DISC)) {
            return null;
        }
        return packet.wireLength() <= mtu ? null : tooBig(port, packet, mtu, nowNs);
    }

    /** Finds the address that the tunnel begins at: the host's own there. */
    private boolean begin(long way) {
        long sourceHigh = NextHops.sourceHigh(way);
        long sourceLow = NextHops.sourceLow(way);
        encapsulation.from(sourceHigh, sourceLow);
        return (sourceHigh | sourceLow) != 0;
    }

    private @Nullable DropReason tooBig(PacketPort port, Frame packet, int mtu, long nowNs) {
        if (!packet.mayNotBeFragmented()) {
            return null;
        }
        if (packet.isIcmpError()) {
            return DropReason.TOO_BIG_UNTOLD;
        }
        answers.tooBig(port, packet, mtu, nowNs);
        return DropReason.TOO_BIG;
    }

    /** Sends the packet, whose TTL and addresses are by now as they are to leave. */
    void send(Frame packet, long nowNs) {
        if (tunnel == null) {
            egress.send(packet, nextHop, ipv6, high, low, nowNs);
            return;
        }
        boolean dontFragment =
                !packet.ipv6
                        && packet.mayNotBeFragmented()
                        && connections.settings().is(Setting.PMTU_DISC);
        encapsulation.of(packet, packet.trafficClass(), packet.ttl(), dontFragment);
        if (VnetHeader.isSegmented(packet.frame) && segmenter.start(packet)) {
            for (int i = 0; i < segmenter.count(); i++) {
                int length = segmenter.length(i);
                long segment = egress.claimSegment(length);
                segmenter.write(i, segment);
                sendWrapped(segment, length, nowNs);
            }
        } else {
            PartialChecksum.complete(packet.frame, packet.length);
            sendWrapped(packet.frame, packet.length, nowNs);
        }
    }

    private void sendWrapped(long frame, int length, long nowNs) {
        long outer = encapsulation.push(frame, length);
        int outerLength = (int) (frame - outer) + length;
        egress.send(outer, outerLength, Egress.ANY_FRAGMENT_SIZE, nextHop, ipv6, high, low, nowNs);
    }
}
