package dev.tandem.director.packet;

/**
 * ICMPv6 (RFC 4443). The header lies as ICMP's does, but the checksum covers a pseudo header too.
 */
public final class Icmp6 {
    public static final int DESTINATION_UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;

    /** Router solicitation, the first of the types of neighbour discovery (RFC 4861). */
    public static final int FIRST_DISCOVERY = 133;

    /** Redirect, the last of them. */
    public static final int LAST_DISCOVERY = 137;

    /** Codes of {@link #DESTINATION_UNREACHABLE}. */
    public static final int CODE_ADDRESS = 3;

    public static final int CODE_PORT = 4;

    /** Code of {@link #TIME_EXCEEDED}: hop limit ran out under way. */
    public static final int CODE_HOP_LIMIT = 0;

    /** u32: MTU of the next hop in {@link #PACKET_TOO_BIG}. */
    public static final int MTU_OFFSET = 4;

    private static final int FIRST_INFORMATIONAL = 128;

    private Icmp6() {}

    public static boolean isError(int type) {
        return type < FIRST_INFORMATIONAL;
    }
}
