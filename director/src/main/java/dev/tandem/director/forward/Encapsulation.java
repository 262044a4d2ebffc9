package dev.tandem.director.forward;

import dev.tandem.director.config.Tunnel;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Udp;

/**
 * Writes the headers of a tunnel in front of a packet, into the frame's headroom: IP in IP (RFC
 * 2003, 2473, 4213), GUE over UDP (draft-ietf-intarea-gue, version 0), GRE (RFC 2784). Set up for a
 * packet with {@link #to}, then applied to it or to each of its segments. Worker thread only.
 */
final class Encapsulation {
    private static final int GUE_LENGTH = 4;
    private static final int GRE_LENGTH = 4;
    private static final int GRE_CHECKSUM_LENGTH = 4;
    private static final int GRE_CHECKSUM_PRESENT = 0x8000;
    private static final int ECN_MASK = 3;
    private static final int ECN_CE = 3;
    private static final int ECN_ECT0 = 2;

    /** Source ports of UDP tunnels (net.ipv4.ip_local_port_range as it comes). */
    private static final int FIRST_PORT = 32768;

    private static final int PORTS = 60999 - 32768;

    private int identification;
    private Tunnel tunnel = Tunnel.IPIP;
    private boolean outerIpv6;
    private boolean innerIpv6;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int trafficClass;
    private int ttl;
    private boolean dontFragment;
    private int sourcePort;

    /**
     * @param identification of the first outer IPv4 header, less one
     */
    Encapsulation(int identification) {
        this.identification = identification;
    }

    /** Bytes that a tunnel puts in front of a packet. */
    static int overhead(Tunnel tunnel, boolean outerIpv6) {
        int ip = outerIpv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
        return switch (tunnel.type()) {
            case IPIP -> ip;
            case GUE -> ip + Udp.HEADER_LENGTH + GUE_LENGTH;
            case GRE -> ip + GRE_LENGTH + (hasChecksum(tunnel) ? GRE_CHECKSUM_LENGTH : 0);
        };
    }

    /** Where the tunnel ends. */
    Encapsulation to(Tunnel newTunnel, boolean ipv6, long high, long low) {
        tunnel = newTunnel;
        outerIpv6 = ipv6;
        destinationHigh = high;
        destinationLow = low;
        return this;
    }

    /** Where it begins. */
    Encapsulation from(long high, long low) {
        sourceHigh = high;
        sourceLow = low;
        return this;
    }

    /**
     * What the outer header takes over from the packet inside.
     *
     * @param newTtl as the packet inside has it now
     */
    Encapsulation of(Packet packet, int innerTrafficClass, int newTtl, boolean newDontFragment) {
        innerIpv6 = packet.ipv6;
        // congestion that was met before the tunnel is told inside (RFC 3168 section 9.1.1)
        trafficClass =
                (innerTrafficClass & ECN_MASK) == ECN_CE
                        ? (innerTrafficClass & ~ECN_MASK) | ECN_ECT0
                        : innerTrafficClass;
        ttl = newTtl;
        dontFragment = newDontFragment;
        sourcePort = tunnel.type() == Tunnel.Type.GUE ? port(packet) : 0;
        return this;
    }

    /** One port for all packets of a flow, so that routers keep them on one way. */
    private static int port(Packet packet) {
        long hash =
                (packet.sourceHigh ^ packet.sourceLow) * 0x9E37_79B9_7F4A_7C15L
                        ^ (packet.destinationHigh ^ packet.destinationLow) * 0xC2B2_AE3D_27D4_EB4FL
                        ^ (((long) packet.sourcePort << 24)
                                        ^ ((long) packet.destinationPort << 8)
                                        ^ packet.protocol)
                                * 0x1656_67B1_9E37_79F9L;
        hash ^= hash >>> 29;
        return FIRST_PORT + (int) (((hash & 0xFFFF_FFFFL) * PORTS) >>> 32);
    }

    /**
     * Puts the headers in front of the IP packet in a frame, which has a complete checksum.
     *
     * @param length of the frame in bytes
     * @return the new frame, {@link #overhead} bytes in front of the old one, with a cleared
     *     virtio-net header
     */
    long push(long frame, int length) {
        int overhead = overhead(tunnel, outerIpv6);
        int payload = length - Ethernet.HEADER_LENGTH;
        long outer = frame - overhead;
        VnetHeader.clear(outer);
        Memory.putShortBe(
                outer + Ethernet.TYPE_OFFSET, outerIpv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4);
        long ip = outer + Ethernet.HEADER_LENGTH;
        writeIp(ip, overhead + payload);
        long header = ip + (outerIpv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH);
        int behind = (int) (frame + length - header);
        switch (tunnel.type()) {
            case IPIP -> {}
            case GUE -> writeGue(ip, header, behind);
            case GRE -> writeGre(header, behind);
        }
        return outer;
    }

    private void writeIp(long ip, int totalLength) {
        int protocol =
                switch (tunnel.type()) {
                    case IPIP -> innerProtocol();
                    case GUE -> Ipv4.PROTOCOL_UDP;
                    case GRE -> Ipv4.PROTOCOL_GRE;
                };
        if (outerIpv6) {
            Ipv6.write(
                    ip,
                    trafficClass,
                    totalLength - Ipv6.HEADER_LENGTH,
                    protocol,
                    ttl,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow);
            return;
        }
        Ipv4.write(
                ip,
                trafficClass,
                totalLength,
                ++identification & 0xFFFF,
                dontFragment ? Ipv4.DONT_FRAGMENT : 0,
                ttl,
                protocol,
                (int) sourceLow,
                (int) destinationLow);
    }

    private void writeGue(long ip, long udp, int length) {
        Memory.putShortBe(udp + Udp.SOURCE_PORT_OFFSET, sourcePort);
        Memory.putShortBe(udp + Udp.DESTINATION_PORT_OFFSET, tunnel.port());
        Memory.putShortBe(udp + Udp.LENGTH_OFFSET, length);
        Memory.putShortBe(udp + Udp.CHECKSUM_OFFSET, 0);
        // version 0, no control message, no optional words; what is inside; no flags
        Memory.putIntBe(udp + Udp.HEADER_LENGTH, innerProtocol() << 16);
        if (hasChecksum(tunnel)) {
            int sum =
                    Checksums.add(
                            Checksums.pseudoHeader(ip, outerIpv6, Ipv4.PROTOCOL_UDP, length),
                            Checksums.sum(udp, length));
            int checksum = Checksums.complement(sum);
            Memory.putShortBe(udp + Udp.CHECKSUM_OFFSET, checksum == 0 ? 0xFFFF : checksum);
        }
    }

    private void writeGre(long gre, int length) {
        int type = innerIpv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
        boolean withChecksum = hasChecksum(tunnel);
        Memory.putIntBe(gre, (withChecksum ? GRE_CHECKSUM_PRESENT << 16 : 0) | type);
        if (withChecksum) {
            Memory.putIntBe(gre + GRE_LENGTH, 0);
            Memory.putShortBe(gre + GRE_LENGTH, Checksums.complement(Checksums.sum(gre, length)));
        }
    }

    private int innerProtocol() {
        return innerIpv6 ? Ipv4.PROTOCOL_IPV6 : Ipv4.PROTOCOL_IPIP;
    }

    /**
     * Remote checksum offload tells the receiver to complete the packet inside; here that is always
     * complete, so only the outer checksum is left of it, as with the kernel.
     */
    private static boolean hasChecksum(Tunnel tunnel) {
        return tunnel.checksum() != Tunnel.Checksum.NONE;
    }
}
