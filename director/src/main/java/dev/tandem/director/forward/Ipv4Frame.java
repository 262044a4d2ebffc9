package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.packet.Udp;
import org.jspecify.annotations.Nullable;

/**
 * The frame that is being worked on, taken apart. One instance serves all frames; {@link #parse}
 * proves that every header it points to lies inside the frame, which is what everybody after it
 * relies on.
 */
final class Ipv4Frame extends Packet {
    int source;
    int destination;

    /** The Ethernet header. */
    long frame;

    /** Bytes of the frame up to the end of the IP packet: padding is cut off. */
    int length;

    /** Bytes of the IP header. */
    int headerLength;

    /** The transport checksum holds only the pseudo header's sum. */
    boolean partialChecksum;

    /** Reads the frame; returns what is wrong with it, or null. */
    @Nullable DropReason parse(long frame, int frameLength) {
        if (frameLength < Ethernet.HEADER_LENGTH + Ipv4.MIN_HEADER_LENGTH) {
            return DropReason.TRUNCATED;
        }
        this.frame = frame;
        ip = frame + Ethernet.HEADER_LENGTH;
        if (Memory.getShortBe(frame + Ethernet.TYPE_OFFSET) != Ethernet.TYPE_IPV4
                || Ipv4.version(ip) != 4) {
            return DropReason.NOT_IPV4;
        }
        headerLength = Ipv4.headerLength(ip);
        totalLength = Memory.getShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET);
        if (headerLength < Ipv4.MIN_HEADER_LENGTH || totalLength < headerLength) {
            return DropReason.BAD_IP_HEADER;
        }
        length = Ethernet.HEADER_LENGTH + totalLength;
        if (length > frameLength) {
            return DropReason.TRUNCATED;
        }
        if (Checksums.sum(ip, headerLength) != 0xFFFF) {
            return DropReason.BAD_IP_CHECKSUM;
        }
        source = Memory.getIntBe(ip + Ipv4.SOURCE_OFFSET);
        destination = Memory.getIntBe(ip + Ipv4.DESTINATION_OFFSET);
        sourceLow = Integer.toUnsignedLong(source);
        destinationLow = Integer.toUnsignedLong(destination);
        sourcePort = 0;
        destinationPort = 0;
        if (!Ipv4.isUnicastSource(source)) {
            return DropReason.MARTIAN_SOURCE;
        }
        int fragment = Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET);
        if ((fragment & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET_MASK)) != 0) {
            return DropReason.FRAGMENT;
        }
        return parseTransport();
    }

    private @Nullable DropReason parseTransport() {
        transport = ip + headerLength;
        transportLength = totalLength - headerLength;
        protocol = Memory.getByte(ip + Ipv4.PROTOCOL_OFFSET);
        tcpFlags = 0;
        // a sum that starts elsewhere belongs to a packet inside this one
        partialChecksum =
                VnetHeader.needsChecksum(frame)
                        && Memory.getShort(
                                        frame
                                                - VnetHeader.LENGTH
                                                + VnetHeader.CHECKSUM_START_OFFSET)
                                == Ethernet.HEADER_LENGTH + headerLength;
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> parseTcp();
            case Ipv4.PROTOCOL_UDP -> parseUdp();
            case Ipv4.PROTOCOL_ICMP ->
                    transportLength < Icmp.HEADER_LENGTH ? DropReason.ICMP_MALFORMED : null;
            default -> DropReason.UNKNOWN_PROTOCOL;
        };
    }

    private @Nullable DropReason parseTcp() {
        if (transportLength < Tcp.MIN_HEADER_LENGTH) {
            return DropReason.BAD_TRANSPORT_HEADER;
        }
        int tcpLength = Tcp.headerLength(transport);
        if (tcpLength < Tcp.MIN_HEADER_LENGTH || tcpLength > transportLength) {
            return DropReason.BAD_TRANSPORT_HEADER;
        }
        tcpFlags = Memory.getByte(transport + Tcp.FLAGS_OFFSET);
        parsePorts();
        return null;
    }

    private @Nullable DropReason parseUdp() {
        if (transportLength < Udp.HEADER_LENGTH) {
            return DropReason.BAD_TRANSPORT_HEADER;
        }
        int udpLength = Memory.getShortBe(transport + Udp.LENGTH_OFFSET);
        if (udpLength < Udp.HEADER_LENGTH || udpLength > transportLength) {
            return DropReason.BAD_TRANSPORT_HEADER;
        }
        parsePorts();
        return null;
    }

    private void parsePorts() {
        sourcePort = Memory.getShortBe(transport + Tcp.SOURCE_PORT_OFFSET);
        destinationPort = Memory.getShortBe(transport + Tcp.DESTINATION_PORT_OFFSET);
    }

    int ttl() {
        return Memory.getByte(ip + Ipv4.TTL_OFFSET);
    }

    boolean mayNotBeFragmented() {
        return (Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.DONT_FRAGMENT) != 0;
    }

    /** Bytes behind the TCP header. */
    int tcpPayloadLength() {
        return transportLength - Tcp.headerLength(transport);
    }

    /** Bytes of the longest IP packet on the wire: a super-frame leaves in segments. */
    int wireLength() {
        if (!VnetHeader.isSegmented(frame)) {
            return totalLength;
        }
        int transportHeader =
                protocol == Ipv4.PROTOCOL_TCP ? Tcp.headerLength(transport) : Udp.HEADER_LENGTH;
        return Math.min(
                totalLength, headerLength + transportHeader + VnetHeader.segmentSize(frame));
    }

    /** ICMP errors (RFC 1122 section 3.2.2); no other ICMP message may be about one of them. */
    boolean isIcmpError() {
        if (protocol != Ipv4.PROTOCOL_ICMP) {
            return false;
        }
        return switch (Memory.getByte(transport + Icmp.TYPE_OFFSET)) {
            case Icmp.DESTINATION_UNREACHABLE,
                    Icmp.SOURCE_QUENCH,
                    Icmp.REDIRECT,
                    Icmp.TIME_EXCEEDED,
                    Icmp.PARAMETER_PROBLEM ->
                    true;
            default -> false;
        };
    }
}
