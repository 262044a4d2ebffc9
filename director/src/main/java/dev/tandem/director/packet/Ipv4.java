package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/** The IPv4 header (RFC 791 section 3.1). Addresses are numbers: 10.0.0.1 is 0x0A000001. */
public final class Ipv4 {
    /** Length in bytes of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;

    /** u8: version in the high four bits, header length in 32-bit words in the low four. */
    public static final int VERSION_AND_LENGTH_OFFSET = 0;

    /** u8: type of service (RFC 2474, RFC 3168). */
    public static final int TYPE_OF_SERVICE_OFFSET = 1;

    /** u16: length in bytes of header and payload. */
    public static final int TOTAL_LENGTH_OFFSET = 2;

    /** u16. */
    public static final int IDENTIFICATION_OFFSET = 4;

    /** u16: flags in the high three bits, then the fragment offset in units of eight bytes. */
    public static final int FRAGMENT_OFFSET = 6;

    /** u8. */
    public static final int TTL_OFFSET = 8;

    /** u8. */
    public static final int PROTOCOL_OFFSET = 9;

    /** u16: over the header only. */
    public static final int CHECKSUM_OFFSET = 10;

    /** u32. */
    public static final int SOURCE_OFFSET = 12;

    /** u32. */
    public static final int DESTINATION_OFFSET = 16;

    /** In the word at {@link #FRAGMENT_OFFSET}: must not be fragmented. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** In the word at {@link #FRAGMENT_OFFSET}: more fragments follow. */
    public static final int MORE_FRAGMENTS = 0x2000;

    public static final int FRAGMENT_OFFSET_MASK = 0x1FFF;

    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;
    public static final int PROTOCOL_ESP = 50;
    public static final int PROTOCOL_AH = 51;
    public static final int PROTOCOL_SCTP = 132;

    /** Numbers of an IPv4 and an IPv6 packet inside another packet, and of GRE. */
    public static final int PROTOCOL_IPIP = 4;

    public static final int PROTOCOL_IPV6 = 41;
    public static final int PROTOCOL_GRE = 47;

    /** TTL of packets that the director makes itself (RFC 1700's recommended default). */
    public static final int DEFAULT_TTL = 64;

    private static final int VERSION_4_NO_OPTIONS = 0x45;

    private Ipv4() {}

    public static int headerLength(long ip) {
        return (Memory.getByte(ip + VERSION_AND_LENGTH_OFFSET) & 0x0F) << 2;
    }

    public static int version(long ip) {
        return Memory.getByte(ip + VERSION_AND_LENGTH_OFFSET) >>> 4;
    }

    /** Whether a source names a single host somewhere on the wire (RFC 1122 section 3.2.1.3). */
    public static boolean isUnicastSource(int address) {
        int network = address >>> 24;
        return network != 0 && network != 127 && network < 224;
    }

    /**
     * Takes one off the time to live and keeps the header checksum right. The caller has seen that
     * it is greater than one.
     */
    public static void decrementTtl(long ip) {
        int old = Memory.getShortBe(ip + TTL_OFFSET);
        Memory.putShortBe(ip + TTL_OFFSET, old - 0x0100);
        Checksums.update(ip + CHECKSUM_OFFSET, Checksums.delta16(old, old - 0x0100));
    }

    /** Writes a header without options, identification 0, may not be fragmented. */
    public static void write(long ip, int totalLength, int protocol, int source, int destination) {
        write(ip, 0, totalLength, 0, DONT_FRAGMENT, DEFAULT_TTL, protocol, source, destination);
    }

    /** Writes a whole header without options. */
    public static void write(
            long ip,
            int typeOfService,
            int totalLength,
            int identification,
            int fragmentWord,
            int ttl,
            int protocol,
            int source,
            int destination) {
        Memory.putByte(ip + VERSION_AND_LENGTH_OFFSET, VERSION_4_NO_OPTIONS);
        Memory.putByte(ip + TYPE_OF_SERVICE_OFFSET, typeOfService);
        Memory.putShortBe(ip + TOTAL_LENGTH_OFFSET, totalLength);
        Memory.putShortBe(ip + IDENTIFICATION_OFFSET, identification);
        Memory.putShortBe(ip + FRAGMENT_OFFSET, fragmentWord);
        Memory.putByte(ip + TTL_OFFSET, ttl);
        Memory.putByte(ip + PROTOCOL_OFFSET, protocol);
        Memory.putIntBe(ip + SOURCE_OFFSET, source);
        Memory.putIntBe(ip + DESTINATION_OFFSET, destination);
        Memory.putShortBe(ip + CHECKSUM_OFFSET, 0);
        Memory.putShortBe(
                ip + CHECKSUM_OFFSET, Checksums.complement(Checksums.sum(ip, MIN_HEADER_LENGTH)));
    }
}
