package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/** The IPv6 header (RFC 8200 section 3) and its extension headers (section 4). */
public final class Ipv6 {
    /** Length in bytes of the header proper. */
    public static final int HEADER_LENGTH = 40;

    /** u32: version in the high four bits, traffic class in the next eight, flow label. */
    public static final int VERSION_CLASS_LABEL_OFFSET = 0;

    /** u16: bytes behind the header proper, extension headers included. */
    public static final int PAYLOAD_LENGTH_OFFSET = 4;

    /** u8: what follows. */
    public static final int NEXT_HEADER_OFFSET = 6;

    /** u8. */
    public static final int HOP_LIMIT_OFFSET = 7;

    /** 16 bytes. */
    public static final int SOURCE_OFFSET = 8;

    /** 16 bytes. */
    public static final int DESTINATION_OFFSET = 24;

    public static final int HOP_BY_HOP = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int AUTHENTICATION = 51;
    public static final int DESTINATION_OPTIONS = 60;

    /** Number of ICMPv6 as a next header. */
    public static final int PROTOCOL_ICMP = 58;

    /** Length in bytes of a fragment header (RFC 8200 section 4.5). */
    public static final int FRAGMENT_HEADER_LENGTH = 8;

    /** u16 in a fragment header: offset in units of eight bytes, shifted by three, then flags. */
    public static final int FRAGMENT_OFFSET_OFFSET = 2;

    /** u32 in a fragment header. */
    public static final int FRAGMENT_ID_OFFSET = 4;

    /** In the word at {@link #FRAGMENT_OFFSET_OFFSET}: more fragments follow. */
    public static final int MORE_FRAGMENTS = 1;

    public static final int FRAGMENT_OFFSET_MASK = 0xFFF8;

    /** What every link takes (RFC 8200 section 5). */
    public static final int MINIMUM_MTU = 1280;

    /** Hop limit of packets that the director makes itself. */
    public static final int DEFAULT_HOP_LIMIT = 64;

    private static final int VERSION_6 = 0x6000_0000;

    private Ipv6() {}

    public static int trafficClass(long ip) {
        return Memory.getShortBe(ip) >>> 4 & 0xFF;
    }

    /** Whether a source names a single host somewhere on the wire (RFC 4291 section 2). */
    public static boolean isUnicastSource(long high, long low) {
        boolean embedsIpv4 = high == 0 && low >>> 32 == 0xFFFF;
        boolean unspecifiedOrLoopback = high == 0 && low >>> 1 == 0;
        return !embedsIpv4 && !unspecifiedOrLoopback && !isMulticast(high);
    }

    public static boolean isMulticast(long high) {
        return high >>> 56 == 0xFF;
    }

    public static void putAddress(long address, long high, long low) {
        Memory.putLongBe(address, high);
        Memory.putLongBe(address + Long.BYTES, low);
    }

    /** Writes a whole header, flow label 0. */
    public static void write(
            long ip,
            int trafficClass,
            int payloadLength,
            int nextHeader,
            int hopLimit,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        Memory.putIntBe(ip + VERSION_CLASS_LABEL_OFFSET, VERSION_6 | trafficClass << 20);
        Memory.putShortBe(ip + PAYLOAD_LENGTH_OFFSET, payloadLength);
        Memory.putByte(ip + NEXT_HEADER_OFFSET, nextHeader);
        Memory.putByte(ip + HOP_LIMIT_OFFSET, hopLimit);
        putAddress(ip + SOURCE_OFFSET, sourceHigh, sourceLow);
        putAddress(ip + DESTINATION_OFFSET, destinationHigh, destinationLow);
    }
}
