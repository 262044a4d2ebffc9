package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
 *
 * <p>A <em>sum</em> here is a one's complement sum folded to 16 bits, in network order as a number,
 * not complemented. A <em>delta</em> is a sum too: what must be added to a sum when some of the
 * summed words change. Deltas of several changes add up with {@link #add}. A checksum field holds
 * the complement of a sum.
 */
public final class Checksums {
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksums() {}

    /** Folds the carries back in until 16 bits are left. */
    public static int fold(long sum) {
        long folded = (sum & 0xFFFFFFFFL) + (sum >>> 32);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        return (int) ((folded & 0xFFFF) + (folded >>> 16));
    }

    /** The sum of two sums. */
    public static int add(int sum, int other) {
        int added = sum + other;
        return (added & 0xFFFF) + (added >>> 16);
    }

    /** From a sum to what stands in a checksum field, and back. */
    public static int complement(int sum) {
        return ~sum & 0xFFFF;
    }

    /** The delta that undoes the given one. */
    public static int negate(int delta) {
        return ~delta & 0xFFFF;
    }

    /**
     * Sums {@code length} bytes, an odd last byte padded with zero. The words are added in the
     * machine's order, four bytes at a time, and turned round once at the end: the sum does not
     * depend on byte order (RFC 1071 section 2 B).
     */
    public static int sum(long address, int length) {
        long sum = 0;
        int i = 0;
        for (; i <= length - 4; i += 4) {
            sum += Memory.getInt(address + i) & 0xFFFFFFFFL;
        }
        if ((length & 2) != 0) {
            sum += Memory.getShort(address + i);
            i += 2;
        }
        if ((length & 1) != 0) {
            sum +=
                    LITTLE_ENDIAN
                            ? Memory.getByte(address + i)
                            : (long) Memory.getByte(address + i) << 8;
        }
        int folded = fold(sum);
        return LITTLE_ENDIAN ? Short.reverseBytes((short) folded) & 0xFFFF : folded;
    }

    /** The sum of the pseudo header of TCP (RFC 9293 section 3.1) and UDP (RFC 768). */
    public static int pseudoHeader(int source, int destination, int protocol, int length) {
        return fold((source & 0xFFFFFFFFL) + (destination & 0xFFFFFFFFL) + protocol + length);
    }

    /** The sum of the 16 bytes of an IPv6 address. */
    public static int address(long high, long low) {
        return fold((high >>> 32) + (high & 0xFFFFFFFFL) + (low >>> 32) + (low & 0xFFFFFFFFL));
    }

    /** The sum of the pseudo header of a packet over IPv6 (RFC 8200 section 8.1). */
    public static int pseudoHeader(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int length) {
        return fold(
                (long) address(sourceHigh, sourceLow)
                        + address(destinationHigh, destinationLow)
                        + protocol
                        + length);
    }

    /** The sum of the pseudo header of what an IP packet carries, from its header. */
    public static int pseudoHeader(long ip, boolean ipv6, int protocol, int length) {
        return ipv6
                ? pseudoHeader(
                        Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET),
                        Memory.getLongBe(ip + Ipv6.SOURCE_OFFSET + Long.BYTES),
                        Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET),
                        Memory.getLongBe(ip + Ipv6.DESTINATION_OFFSET + Long.BYTES),
                        protocol,
                        length)
                : pseudoHeader(
                        Memory.getIntBe(ip + Ipv4.SOURCE_OFFSET),
                        Memory.getIntBe(ip + Ipv4.DESTINATION_OFFSET),
                        protocol,
                        length);
    }

    /** What a field must hold so that the transport packet of {@code length} bytes is right. */
    public static int transport(
            int source, int destination, int protocol, long address, int length) {
        return complement(
                add(pseudoHeader(source, destination, protocol, length), sum(address, length)));
    }

    /** The delta of a 16-bit word that changes: ~m + m' of RFC 1624, equation 3. */
    public static int delta16(int from, int to) {
        return add(~from & 0xFFFF, to & 0xFFFF);
    }

    /** The delta of a 32-bit word that changes. */
    public static int delta32(int from, int to) {
        return fold((~from & 0xFFFFFFFFL) + (to & 0xFFFFFFFFL));
    }

    /** The delta of an address that changes; IPv4 addresses stand in the low half. */
    public static int deltaAddress(long fromHigh, long fromLow, long toHigh, long toLow) {
        return add(negate(address(fromHigh, fromLow)), address(toHigh, toLow));
    }

    /** Applies a delta to the checksum stored at the address: HC' = ~(~HC + delta). */
    public static void update(long field, int delta) {
        Memory.putShortBe(field, complement(add(complement(Memory.getShortBe(field)), delta)));
    }

    /**
     * Applies a delta to a partial checksum: the field holds the pseudo header's sum itself, not
     * complemented, and the device adds the rest (linux/virtio_net.h, NEEDS_CSUM).
     */
    public static void updatePartial(long field, int delta) {
        Memory.putShortBe(field, add(Memory.getShortBe(field), delta));
    }
}
