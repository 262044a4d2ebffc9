package dev.tandem.director.forward;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Icmp6;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.packet.Udp;
import dev.tandem.director.route.NextHops;
import dev.tandem.director.service.RealServer;

/**
 * ICMP errors about packets of the director's own tunnels. They come to the tunnel's source, and
 * only the director can know which connection they concern: a smaller MTU is remembered for the way
 * to that server, and the client is told in terms of its own packet, as the kernel does.
 *
 * <p>Unlike the kernel's, these errors are understood for tunnels over IPv6 and of IPv6 packets
 * too.
 */
final class TunnelErrors {
    private static final int GUE_LENGTH = 4;
    private static final int GRE_LENGTH = 4;
    private static final int GRE_CHECKSUM_PRESENT = 0x8000;

    private final Connections connections;
    private final Egress egress;
    private final Answers answers;
    private final PathMtus pathMtus;
    private final QuotedPacket inner = new QuotedPacket();

    // the outer packet that is quoted
    private boolean outerIpv6;
    private long endHigh;
    private long endLow;
    private boolean innerIpv6;
    private Tunnel.Type type = Tunnel.Type.IPIP;
    private int port;

    TunnelErrors(Connections connections, Egress egress, Answers answers, PathMtus pathMtus) {
        this.connections = connections;
        this.egress = egress;
        this.answers = answers;
        this.pathMtus = pathMtus;
    }

    /** Whether the error was about one of our tunnel packets; then all is done. */
    boolean receive(Frame error, long nowNs) {
        int available = error.transportLength - Icmp.HEADER_LENGTH;
        long quoted = error.transport + Icmp.HEADER_LENGTH;
        int overhead =
                error.ipv6 ? read6(quoted, available, error) : read4(quoted, available, error);
        if (overhead == 0
                || overhead >= available
                || inner.parse(quoted + overhead, available - overhead, innerIpv6) != null) {
            return false;
        }
        inner.turnRound();
        long entry = connections.findForClient(inner);
        if (entry == ConnectionTable.NONE
                || ConnectionEntry.forwardingCode(entry) != Forwarding.TUNNEL.code()) {
            return false;
        }
        RealServer server = connections.server(entry);
        if (server == null || !isTunnelOf(server) || IcmpPath.isChecksumWrong(error)) {
            return false;
        }
        server.countOut(error.totalLength);
        tell(error, overhead, nowNs);
        return true;
    }

    private boolean isTunnelOf(RealServer server) {
        return server.isIpv6() == outerIpv6
                && server.addressHigh() == endHigh
                && server.addressLow() == endLow
                && server.tunnel().type() == type
                && server.tunnel().port() == port;
    }

    private void tell(Frame error, int overhead, long nowNs) {
        int icmpType = Memory.getByte(error.transport + Icmp.TYPE_OFFSET);
        int code = Memory.getByte(error.transport + Icmp.CODE_OFFSET);
        boolean tooBig =
                error.ipv6
                        ? icmpType == Icmp6.PACKET_TOO_BIG
                        : icmpType == Icmp.DESTINATION_UNREACHABLE
                                && code == Icmp.CODE_FRAGMENTATION_NEEDED;
        if (!tooBig) {
            if (error.ipv6 != inner.ipv6) {
                // of the other family's ways to say it, the one that fits all
                icmpType =
                        inner.ipv6 ? Icmp6.DESTINATION_UNREACHABLE : Icmp.DESTINATION_UNREACHABLE;
                code = inner.ipv6 ? Icmp6.CODE_ADDRESS : Icmp.CODE_HOST;
            }
            relay(icmpType, code, 0, nowNs);
            return;
        }
        int reported =
                error.ipv6
                        ? (int)
                                Math.min(
                                        Integer.toUnsignedLong(
                                                Memory.getIntBe(
                                                        error.transport + Icmp6.MTU_OFFSET)),
                                        0xFFFF)
                        : Memory.getShortBe(error.transport + Icmp.NEXT_HOP_MTU_OFFSET);
        if (reported == 0) {
            return;
        }
        pathMtus.learn(reported, outerIpv6, endHigh, endLow, nowNs);
        if (!inner.mayNotBeFragmented()) {
            return;
        }
        int mtu = pathMtus.limit(0xFFFF, outerIpv6, endHigh, endLow, nowNs) - overhead;
        if (inner.ipv6) {
            relay(Icmp6.PACKET_TOO_BIG, 0, Math.max(mtu, Ipv6.MINIMUM_MTU), nowNs);
        } else {
            relay(Icmp.DESTINATION_UNREACHABLE, Icmp.CODE_FRAGMENTATION_NEEDED, mtu, nowNs);
        }
    }

    private void relay(int icmpType, int code, int mtu, long nowNs) {
        long nextHop = egress.lookup(inner.ipv6, inner.sourceHigh, inner.sourceLow);
        if (nextHop == NextHops.NO_ROUTE || nextHop == NextHops.LOCAL) {
            return;
        }
        long frame = answers.claimRelayed(nowNs);
        if (frame == ScratchFrames.NONE) {
            return;
        }
        answers.as(inner.destinationHigh, inner.destinationLow);
        int length = answers.relayed(frame, inner, icmpType, code, mtu);
        egress.send(
                frame, length, 0, nextHop, inner.ipv6, inner.sourceHigh, inner.sourceLow, nowNs);
    }

    /** Reads the outer header; returns the bytes in front of the inner packet, 0: no tunnel's. */
    private int read4(long ip, int available, Frame error) {
        if (available < Ipv4.MIN_HEADER_LENGTH
                || Ipv4.version(ip) != 4
                || Ipv4.headerLength(ip) != Ipv4.MIN_HEADER_LENGTH
                || (Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.FRAGMENT_OFFSET_MASK)
                        != 0) {
            return 0;
        }
        long begin = Integer.toUnsignedLong(Memory.getIntBe(ip + Ipv4.SOURCE_OFFSET));
        outerIpv6 = false;
        endHigh = 0;
        endLow = Integer.toUnsignedLong(Memory.getIntBe(ip + Ipv4.DESTINATION_OFFSET));
        int protocol = Memory.getByte(ip + Ipv4.PROTOCOL_OFFSET);
        return begin == error.destinationLow
                ? readTunnel(ip, protocol, Ipv4.MIN_HEADER_LENGTH, available)
                : 0;
    }

    private int read6(long ip, int available, Frame error) {
        if (available < Ipv6.HEADER_LENGTH || Ipv4.version(ip) != 6) {
            return 0;
        }
        long begin = Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET + Long.BYTES);
        outerIpv6 = true;
        endHigh = Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET);
        endLow = Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET + Long.BYTES);
        int protocol = Memory.getByte(ip + Ipv6.NEXT_HEADER_OFFSET);
        return begin == error.destinationLow
                        && Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET) == error.destinationHigh
                ? readTunnel(ip, protocol, Ipv6.HEADER_LENGTH, available)
                : 0;
    }

    private int readTunnel(long ip, int protocol, int at, int available) {
        port = 0;
        return switch (protocol) {
            case Ipv4.PROTOCOL_IPIP, Ipv4.PROTOCOL_IPV6 -> {
                type = Tunnel.Type.IPIP;
                innerIpv6 = protocol == Ipv4.PROTOCOL_IPV6;
                yield at;
            }
            case Ipv4.PROTOCOL_UDP ->
                    available < at + Udp.HEADER_LENGTH + GUE_LENGTH ? 0 : readGue(ip + at, at);
            case Ipv4.PROTOCOL_GRE -> available < at + GRE_LENGTH ? 0 : readGre(ip + at, at);
            default -> 0;
        };
    }

    private int readGue(long udp, int at) {
        type = Tunnel.Type.GUE;
        port = Memory.getShortBe(udp + Udp.DESTINATION_PORT_OFFSET);
        int gue = Memory.getIntBe(udp + Udp.HEADER_LENGTH);
        int words = gue >>> 24;
        innerIpv6 = (gue >>> 16 & 0xFF) == Ipv4.PROTOCOL_IPV6;
        // version and control bit lie above the five bits of the length
        return words < 32 ? at + Udp.HEADER_LENGTH + GUE_LENGTH + words * 4 : 0;
    }

    private int readGre(long gre, int at) {
        type = Tunnel.Type.GRE;
        int flags = Memory.getShortBe(gre);
        innerIpv6 = Memory.getShortBe(gre + 2) == Ethernet.TYPE_IPV6;
        if ((flags & ~GRE_CHECKSUM_PRESENT) != 0) {
            return 0;
        }
        return at + (flags == 0 ? GRE_LENGTH : 2 * GRE_LENGTH);
    }
}
