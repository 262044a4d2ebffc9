package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Ipv6Headers;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * The start of a packet that an ICMP error is about: its IP header and at least the first eight
 * bytes behind it (RFC 792), which hold the ports but not TCP's checksum. One instance serves all.
 *
 * <p>As a {@link Packet} it has source and destination exchanged: it looks like a packet from the
 * other side, going the error's way, and connections are looked up with it like that. It has no TCP
 * flags and no bytes that may be read as SCTP chunks, so nothing happens to what is found.
 */
final class QuotedPacket extends Packet {
    private static final int MIN_TRANSPORT_LENGTH = 8;

    private final Ipv6Headers extensions = new Ipv6Headers();

    /** Bytes of it that are there. */
    int available;

    /** Bytes from its IP header to its transport header. */
    int headerLength;

    /**
     * Reads a quotation; returns what is wrong with it, or null.
     *
     * @param at its IP header
     * @param bytes of it that are there
     */
    @Nullable DropReason parse(long at, int bytes, boolean inIpv6) {
        ip = at;
        available = bytes;
        ipv6 = inIpv6;
        tcpFlags = 0;
        fwmark = 0;
        sourcePort = 0;
        destinationPort = 0;
        DropReason fault = inIpv6 ? parse6() : parse4();
        if (fault != null) {
            return fault;
        }
        transport = ip + headerLength;
        transportLength = available - headerLength;
        totalLength = available;
        DropReason unusable =
                switch (protocol) {
                    case Ipv4.PROTOCOL_TCP, Ipv4.PROTOCOL_UDP, Ipv4.PROTOCOL_SCTP -> parsePorts();
                    case Ipv4.PROTOCOL_AH, Ipv4.PROTOCOL_ESP -> null;
                    default -> DropReason.ICMP_NO_CONNECTION;
                };
        transportLength = 0;
        return unusable;
    }

    private @Nullable DropReason parse4() {
        if (available < Ipv4.MIN_HEADER_LENGTH || Ipv4.version(ip) != 4) {
            return DropReason.ICMP_MALFORMED;
        }
        headerLength = Ipv4.headerLength(ip);
        if (headerLength < Ipv4.MIN_HEADER_LENGTH || available < headerLength) {
            return DropReason.ICMP_MALFORMED;
        }
        int fragment = Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET);
        protocol = Memory.getByte(ip + Ipv4.PROTOCOL_OFFSET);
        sourceHigh = 0;
        sourceLow = Integer.toUnsignedLong(Memory.getIntBe(ip + Ipv4.DESTINATION_OFFSET));
        destinationHigh = 0;
        destinationLow = Integer.toUnsignedLong(Memory.getIntBe(ip + Ipv4.SOURCE_OFFSET));
        return (fragment & Ipv4.FRAGMENT_OFFSET_MASK) == 0 ? null : DropReason.ICMP_NO_CONNECTION;
    }

    private @Nullable DropReason parse6() {
        if (available < Ipv6.HEADER_LENGTH || Ipv4.version(ip) != 6) {
            return DropReason.ICMP_MALFORMED;
        }
        if (extensions.walk(ip, available) != null) {
            return DropReason.ICMP_MALFORMED;
        }
        headerLength = extensions.length;
        protocol = extensions.protocol;
        sourceHigh = Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET);
        sourceLow = Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET + Long.BYTES);
        destinationHigh = Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET);
        destinationLow = Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET + Long.BYTES);
        boolean later = (extensions.fragmentWord & Ipv6.FRAGMENT_OFFSET_MASK) != 0;
        return later ? DropReason.ICMP_NO_CONNECTION : null;
    }

    private @Nullable DropReason parsePorts() {
        if (transportLength < MIN_TRANSPORT_LENGTH) {
            return DropReason.ICMP_MALFORMED;
        }
        sourcePort = Memory.getShortBe(transport + Tcp.DESTINATION_PORT_OFFSET);
        destinationPort = Memory.getShortBe(transport + Tcp.SOURCE_PORT_OFFSET);
        return null;
    }

    /** Whether the transport header begins with two ports. */
    boolean hasPorts() {
        return protocol != Ipv4.PROTOCOL_AH && protocol != Ipv4.PROTOCOL_ESP;
    }

    /** Makes it look as it was sent, or the other way round again. */
    void turnRound() {
        long high = sourceHigh;
        long low = sourceLow;
        int port = sourcePort;
        sourceHigh = destinationHigh;
        sourceLow = destinationLow;
        sourcePort = destinationPort;
        destinationHigh = high;
        destinationLow = low;
        destinationPort = port;
    }

    /** IPv4: DF. Nobody under way may fragment an IPv6 packet. */
    boolean mayNotBeFragmented() {
        return ipv6 || (Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.DONT_FRAGMENT) != 0;
    }
}
