package dev.tandem.sync.wire;

/**
 * Connection states as numbers on the wire (linux/ip_vs.h: the enums {@code IP_VS_TCP_S_*}, {@code
 * IP_VS_SCTP_S_*}, {@code IP_VS_UDP_S_*}, {@code IP_VS_CTPL_S_*}). Each protocol counts from 0, so
 * a number means nothing without its protocol.
 */
public final class SyncState {
    public static final int TCP_NONE = 0;

    public static final int TCP_ESTABLISHED = 1;

    public static final int TCP_SYN_SENT = 2;

    public static final int TCP_SYN_RECV = 3;

    public static final int TCP_FIN_WAIT = 4;

    public static final int TCP_TIME_WAIT = 5;

    public static final int TCP_CLOSE = 6;

    public static final int TCP_CLOSE_WAIT = 7;

    public static final int TCP_LAST_ACK = 8;

    public static final int TCP_LISTEN = 9;

    public static final int TCP_SYNACK = 10;

    /** The only state of UDP. */
    public static final int UDP_NORMAL = 0;

    public static final int SCTP_NONE = 0;

    public static final int SCTP_INIT1 = 1;

    public static final int SCTP_INIT = 2;

    public static final int SCTP_COOKIE_SENT = 3;

    public static final int SCTP_COOKIE_REPLIED = 4;

    public static final int SCTP_COOKIE_WAIT = 5;

    public static final int SCTP_COOKIE = 6;

    public static final int SCTP_COOKIE_ECHOED = 7;

    public static final int SCTP_ESTABLISHED = 8;

    public static final int SCTP_SHUTDOWN_SENT = 9;

    public static final int SCTP_SHUTDOWN_RECEIVED = 10;

    public static final int SCTP_SHUTDOWN_ACK_SENT = 11;

    public static final int SCTP_REJECTED = 12;

    public static final int SCTP_CLOSED = 13;

    /** A template none of whose connections has been established yet. */
    public static final int TEMPLATE_NONE = 0;

    /** A template that an established connection has confirmed. */
    public static final int TEMPLATE_ASSURED = 1;

    /** How many states a template may have: valid are the numbers below. */
    public static final int TEMPLATE_COUNT = 2;

    private SyncState() {}

    /**
     * How many states a connection of this protocol may have, valid being the numbers below; 0 when
     * IPVS does not balance the protocol at all.
     */
    public static int count(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> TCP_SYNACK + 1;
            case IpProtocol.SCTP -> SCTP_CLOSED + 1;
            case IpProtocol.UDP, IpProtocol.ESP, IpProtocol.AH -> 1;
            default -> 0;
        };
    }
}
