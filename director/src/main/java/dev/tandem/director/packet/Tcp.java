package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/** The TCP header (RFC 9293 section 3.1). */
public final class Tcp {
    /** Length in bytes of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;

    /** u16. */
    public static final int SOURCE_PORT_OFFSET = 0;

    /** u16. */
    public static final int DESTINATION_PORT_OFFSET = 2;

    /** u32. */
    public static final int SEQUENCE_OFFSET = 4;

    /** u32. */
    public static final int ACKNOWLEDGMENT_OFFSET = 8;

    /** u8: header length in 32-bit words in the high four bits. */
    public static final int DATA_OFFSET_OFFSET = 12;

    /** u8: the flags below. */
    public static final int FLAGS_OFFSET = 13;

    /** u16. */
    public static final int WINDOW_OFFSET = 14;

    /** u16: over pseudo header, header and payload. */
    public static final int CHECKSUM_OFFSET = 16;

    /** u16. */
    public static final int URGENT_OFFSET = 18;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int CWR = 0x80;

    private Tcp() {}

    public static int headerLength(long tcp) {
        return Memory.getByte(tcp + DATA_OFFSET_OFFSET) >>> 4 << 2;
    }
}
