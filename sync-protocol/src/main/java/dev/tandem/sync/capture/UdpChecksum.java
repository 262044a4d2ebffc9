package dev.tandem.sync.capture;

import java.nio.ByteBuffer;

/** What a datagram's UDP checksum says (RFC 768, RFC 8200 section 8.1). */
public enum UdpChecksum {
    GOOD,

    /** None was sent, which IPv4 permits. */
    ABSENT,

    /**
     * Only the sum over addresses, protocol and length stands there: the sending host left the rest
     * to its network card, and the frame was captured before the card, or never saw one.
     */
    OFFLOADED,

    BAD;

    static final int OFFSET = 6;

    /**
     * Judges the datagram between {@code at} and {@code end}, UDP header included.
     *
     * @param pseudo sum of the pseudo header's 16-bit words without the length
     */
    static UdpChecksum of(ByteBuffer packet, int at, int end, boolean ipv6, long pseudo) {
        int stated = Short.toUnsignedInt(packet.getShort(at + OFFSET));
        if (stated == 0) {
            return ipv6 ? BAD : ABSENT;
        }
        long header = pseudo + (end - at);
        if (fold(header + sum(packet, at, end)) == 0xFFFF) {
            return GOOD;
        }
        return fold(header) == stated ? OFFLOADED : BAD;
    }

    /** Adds up 16-bit words; an odd last byte counts as if a zero followed. */
    static long sum(ByteBuffer packet, int from, int to) {
        long sum = 0;
        int at = from;
        for (; to - at >= Integer.BYTES; at += Integer.BYTES) {
            sum += Integer.toUnsignedLong(packet.getInt(at));
        }
        for (; to - at >= Short.BYTES; at += Short.BYTES) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        return at < to ? sum + (Byte.toUnsignedInt(packet.get(at)) << 8) : sum;
    }

    /** Folds a sum of words of 16 or 32 bits into one of 16. */
    static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xFFFF_FFFFL);
        while (folded >>> 16 != 0) {
            folded = (folded >>> 16) + (folded & 0xFFFF);
        }
        return (int) folded;
    }
}
