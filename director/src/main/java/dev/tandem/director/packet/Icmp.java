package dev.tandem.director.packet;

/** The ICMP header (RFC 792). */
public final class Icmp {
    /** Length in bytes of the header; in errors the packet they are about follows. */
    public static final int HEADER_LENGTH = 8;

    /** u8. */
    public static final int TYPE_OFFSET = 0;

    /** u8. */
    public static final int CODE_OFFSET = 1;

    /** u16: over header and payload, no pseudo header. */
    public static final int CHECKSUM_OFFSET = 2;

    /** u16: the next hop's MTU when fragmentation was needed (RFC 1191 section 4). */
    public static final int NEXT_HOP_MTU_OFFSET = 6;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #DESTINATION_UNREACHABLE}. */
    public static final int CODE_HOST = 1;

    public static final int CODE_PORT = 3;
    public static final int CODE_FRAGMENTATION_NEEDED = 4;

    /** Code of {@link #TIME_EXCEEDED}: TTL ran out under way. */
    public static final int CODE_TTL = 0;

    private Icmp() {}

    /** The messages that are errors (RFC 1122 section 3.2.2). */
    public static boolean isError(int type) {
        return switch (type) {
            case DESTINATION_UNREACHABLE,
                    SOURCE_QUENCH,
                    REDIRECT,
                    TIME_EXCEEDED,
                    PARAMETER_PROBLEM ->
                    true;
            default -> false;
        };
    }
}
