package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import org.jspecify.annotations.Nullable;

/**
 * The frame that is being worked on, taken apart. One instance serves all frames; {@link #parse}
 * proves that every header it points to lies inside the frame, which is what everybody after it
 * relies on.
 */
public final class Frame extends Packet {
    private static final int MIN_AH_LENGTH = 12;
    private static final int MIN_ESP_LENGTH = 8;

    /** The Ethernet header. */
    public long frame;

    /** Bytes of the frame up to the end of the IP packet: padding is cut off. */
    public int length;

    /** Bytes from the IP header to the transport header, IPv6 extension headers included. */
    public int headerLength;

    /** The transport checksum holds only the pseudo header's sum. */
    public boolean partialChecksum;

    /** Bytes of the largest fragment that the packet was put together from; 0: it came whole. */
    public int fragmentSize;

    /** Extension headers of an IPv6 packet, with what its fragment header says. */
    public final Ipv6Headers extensions = new Ipv6Headers();

    /** Reads the frame; returns what is wrong with it, or null. */
    public @Nullable Flaw parse(long newFrame, int frameLength) {
        if (frameLength < Ethernet.HEADER_LENGTH + Ipv4.MIN_HEADER_LENGTH) {
            return Flaw.TRUNCATED;
        }
        frame = newFrame;
        ip = newFrame + Ethernet.HEADER_LENGTH;
        sourcePort = 0;
        destinationPort = 0;
        tcpFlags = 0;
        fwmark = 0;
        fragmentSize = 0;
        int type = Memory.getShortBe(newFrame + Ethernet.TYPE_OFFSET);
        int version = Ipv4.version(ip);
        ipv6 = type == Ethernet.TYPE_IPV6 && version == 6;
        if (ipv6) {
            return parse6(frameLength);
        }
        return type == Ethernet.TYPE_IPV4 && version == 4 ? parse4(frameLength) : Flaw.NOT_IP;
    }

    private @Nullable Flaw parse4(int frameLength) {
        headerLength = Ipv4.headerLength(ip);
        totalLength = Memory.getShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET);
        if (headerLength < Ipv4.MIN_HEADER_LENGTH || totalLength < headerLength) {
            return Flaw.BAD_IP_HEADER;
        }
        length = Ethernet.HEADER_LENGTH + totalLength;
        if (length > frameLength) {
            return Flaw.TRUNCATED;
        }
        if (Checksums.sum(ip, headerLength) != 0xFFFF) {
            return Flaw.BAD_IP_CHECKSUM;
        }
        int source = Memory.getIntBe(ip + Ipv4.SOURCE_OFFSET);
        sourceHigh = 0;
        sourceLow = Integer.toUnsignedLong(source);
        destinationHigh = 0;
        destinationLow = Integer.toUnsignedLong(Memory.getIntBe(ip + Ipv4.DESTINATION_OFFSET));
        if (!Ipv4.isUnicastSource(source)) {
            return Flaw.MARTIAN_SOURCE;
        }
        protocol = Memory.getByte(ip + Ipv4.PROTOCOL_OFFSET);
        int fragment = Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET);
        if ((fragment & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET_MASK)) != 0) {
            return Flaw.FRAGMENT;
        }
        return parseTransport();
    }

    private @Nullable Flaw parse6(int frameLength) {
        if (frameLength < Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH) {
            return Flaw.TRUNCATED;
        }
        totalLength = Ipv6.HEADER_LENGTH + Memory.getShortBe(ip + Ipv6.PAYLOAD_LENGTH_OFFSET);
        length = Ethernet.HEADER_LENGTH + totalLength;
        if (length > frameLength) {
            return Flaw.TRUNCATED;
        }
        sourceHigh = Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET);
        sourceLow = Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET + Long.BYTES);
        destinationHigh = Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET);
        destinationLow = Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET + Long.BYTES);
        if (!Ipv6.isUnicastSource(sourceHigh, sourceLow)) {
            return Flaw.MARTIAN_SOURCE;
        }
        if (isDirectly6()) {
            headerLength = Ipv6.HEADER_LENGTH;
            protocol = Memory.getByte(ip + Ipv6.NEXT_HEADER_OFFSET);
            return parseTransport();
        }
        Flaw flaw = extensions.walk(ip, totalLength);
        headerLength = extensions.length;
        protocol = extensions.protocol;
        if (flaw != null) {
            return flaw;
        }
        return extensions.fragmentHeader == 0 ? parseTransport() : Flaw.FRAGMENT;
    }

    private boolean isDirectly6() {
        int next = Memory.getByte(ip + Ipv6.NEXT_HEADER_OFFSET);
        return next == Ipv4.PROTOCOL_TCP || next == Ipv4.PROTOCOL_UDP;
    }

    private @Nullable Flaw parseTransport() {
        transport = ip + headerLength;
        transportLength = totalLength - headerLength;
        // a sum that starts elsewhere belongs to a packet inside this one
        partialChecksum =
                VnetHeader.needsChecksum(frame)
                        && VnetHeader.checksumStart(frame) == Ethernet.HEADER_LENGTH + headerLength;
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> parseTcp();
            case Ipv4.PROTOCOL_UDP -> parseUdp();
            case Ipv4.PROTOCOL_SCTP -> parseSctp();
            case Ipv4.PROTOCOL_ICMP -> ipv6 ? Flaw.UNKNOWN_PROTOCOL : parseIcmp();
            case Ipv6.PROTOCOL_ICMP -> ipv6 ? parseIcmp() : Flaw.UNKNOWN_PROTOCOL;
            case Ipv4.PROTOCOL_AH -> atLeast(MIN_AH_LENGTH);
            case Ipv4.PROTOCOL_ESP -> atLeast(MIN_ESP_LENGTH);
            default -> Flaw.UNKNOWN_PROTOCOL;
        };
    }

    private @Nullable Flaw parseTcp() {
        if (transportLength < Tcp.MIN_HEADER_LENGTH) {
            return Flaw.BAD_TRANSPORT_HEADER;
        }
        int tcpLength = Tcp.headerLength(transport);
        if (tcpLength < Tcp.MIN_HEADER_LENGTH || tcpLength > transportLength) {
            return Flaw.BAD_TRANSPORT_HEADER;
        }
        tcpFlags = Memory.getByte(transport + Tcp.FLAGS_OFFSET);
        parsePorts();
        return null;
    }

    private @Nullable Flaw parseUdp() {
        if (transportLength < Udp.HEADER_LENGTH) {
            return Flaw.BAD_TRANSPORT_HEADER;
        }
        int udpLength = Memory.getShortBe(transport + Udp.LENGTH_OFFSET);
        if (udpLength < Udp.HEADER_LENGTH || udpLength > transportLength) {
            return Flaw.BAD_TRANSPORT_HEADER;
        }
        parsePorts();
        return null;
    }

    private @Nullable Flaw parseSctp() {
        if (transportLength < Sctp.HEADER_LENGTH) {
            return Flaw.BAD_TRANSPORT_HEADER;
        }
        parsePorts();
        return null;
    }

    private @Nullable Flaw parseIcmp() {
        return transportLength < Icmp.HEADER_LENGTH ? Flaw.ICMP_MALFORMED : null;
    }

    private @Nullable Flaw atLeast(int bytes) {
        return transportLength < bytes ? Flaw.BAD_TRANSPORT_HEADER : null;
    }

    private void parsePorts() {
        sourcePort = Memory.getShortBe(transport + Tcp.SOURCE_PORT_OFFSET);
        destinationPort = Memory.getShortBe(transport + Tcp.DESTINATION_PORT_OFFSET);
    }

    /** Time to live or hop limit. */
    public int ttl() {
        return Memory.getByte(ip + (ipv6 ? Ipv6.HOP_LIMIT_OFFSET : Ipv4.TTL_OFFSET));
    }

    /** Takes one off; the caller has seen that it is greater than one. */
    public void decrementTtl() {
        if (ipv6) {
            Memory.putByte(ip + Ipv6.HOP_LIMIT_OFFSET, ttl() - 1);
        } else {
            Ipv4.decrementTtl(ip);
        }
    }

    /** IPv4: DF. Nobody under way may fragment an IPv6 packet. */
    public boolean mayNotBeFragmented() {
        return ipv6 || (Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.DONT_FRAGMENT) != 0;
    }

    /** Type of service or traffic class. */
    public int trafficClass() {
        return ipv6 ? Ipv6.trafficClass(ip) : Memory.getByte(ip + Ipv4.TYPE_OF_SERVICE_OFFSET);
    }

    /** Whether this is ICMP of the packet's own family. */
    public boolean isIcmp() {
        return protocol == (ipv6 ? Ipv6.PROTOCOL_ICMP : Ipv4.PROTOCOL_ICMP);
    }

    /** Whether the transport header begins with two ports. */
    public boolean hasPorts() {
        return protocol == Ipv4.PROTOCOL_TCP
                || protocol == Ipv4.PROTOCOL_UDP
                || protocol == Ipv4.PROTOCOL_SCTP;
    }

    /** Bytes behind the TCP header. */
    public int tcpPayloadLength() {
        return transportLength - Tcp.headerLength(transport);
    }

    /**
     * Bytes of the longest IP packet on the wire: a super-frame leaves in segments, a packet put
     * together from fragments in fragments.
     */
    public int wireLength() {
        if (fragmentSize != 0) {
            return Math.min(totalLength, fragmentSize);
        }
        if (!VnetHeader.isSegmented(frame)) {
            return totalLength;
        }
        int transportHeader =
                protocol == Ipv4.PROTOCOL_TCP ? Tcp.headerLength(transport) : Udp.HEADER_LENGTH;
        return Math.min(
                totalLength, headerLength + transportHeader + VnetHeader.segmentSize(frame));
    }

    /** ICMP errors (RFC 1122 section 3.2.2, RFC 4443); no other ICMP may be about one of them. */
    public boolean isIcmpError() {
        if (!isIcmp()) {
            return false;
        }
        int type = Memory.getByte(transport + Icmp.TYPE_OFFSET);
        // of ICMPv6 a redirect too may not be answered by an error (RFC 4443 section 2.4 e)
        return ipv6 ? Icmp6.isError(type) || type == Icmp6.LAST_DISCOVERY : Icmp.isError(type);
    }
}
