package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * The start of a TCP or UDP packet that an ICMP error is about: its IP header and at least the
 * first eight bytes behind it (RFC 792), which hold the ports but not TCP's checksum. One instance
 * serves all.
 */
final class QuotedPacket {
    private static final int MIN_TRANSPORT_LENGTH = 8;

    /** The quoted IP header. */
    long ip;

    /** What follows it. */
    long transport;

    int protocol;
    int source;
    int destination;
    int sourcePort;
    int destinationPort;

    /** Reads the quotation in an ICMP error; returns what is wrong with it, or null. */
    @Nullable DropReason parse(Ipv4Frame error) {
        ip = error.transport + Icmp.HEADER_LENGTH;
        int available = error.transportLength - Icmp.HEADER_LENGTH;
        if (available < Ipv4.MIN_HEADER_LENGTH || Ipv4.version(ip) != 4) {
            return DropReason.ICMP_MALFORMED;
        }
        int headerLength = Ipv4.headerLength(ip);
        if (headerLength < Ipv4.MIN_HEADER_LENGTH
                || available < headerLength + MIN_TRANSPORT_LENGTH) {
            return DropReason.ICMP_MALFORMED;
        }
        int fragment = Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET);
        protocol = Memory.getByte(ip + Ipv4.PROTOCOL_OFFSET);
        boolean hasPorts = protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP;
        if (!hasPorts || (fragment & Ipv4.FRAGMENT_OFFSET_MASK) != 0) {
            return DropReason.ICMP_NO_CONNECTION;
        }
        transport = ip + headerLength;
        source = Memory.getIntBe(ip + Ipv4.SOURCE_OFFSET);
        destination = Memory.getIntBe(ip + Ipv4.DESTINATION_OFFSET);
        sourcePort = Memory.getShortBe(transport + Tcp.SOURCE_PORT_OFFSET);
        destinationPort = Memory.getShortBe(transport + Tcp.DESTINATION_PORT_OFFSET);
        // an error is sent to the source of what it is about (RFC 792)
        return source == error.destination ? null : DropReason.ICMP_NO_CONNECTION;
    }
}
