package dev.tandem.director.packet;

/** The UDP header (RFC 768). The ports lie where TCP's lie. */
public final class Udp {
    /** Length in bytes. */
    public static final int HEADER_LENGTH = 8;

    /** u16. */
    public static final int SOURCE_PORT_OFFSET = 0;

    /** u16. */
    public static final int DESTINATION_PORT_OFFSET = 2;

    /** u16: length in bytes of header and payload. */
    public static final int LENGTH_OFFSET = 4;

    /** u16: 0 when the sender made none; a computed 0 is sent as 0xFFFF. */
    public static final int CHECKSUM_OFFSET = 6;

    private Udp() {}
}
