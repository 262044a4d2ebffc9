package dev.tandem.director.conn;

/**
 * States of a TCP connection as IPVS tracks it; {@link #code()} is the number on the wire and in
 * entries (uapi and include/net/ip_vs.h, IP_VS_TCP_S_*).
 */
public enum TcpState {
    NONE(2, false),
    ESTABLISHED(900, true),
    SYN_SENT(120, true),
    SYN_RECV(60, true),
    FIN_WAIT(120, false),
    TIME_WAIT(120, false),
    CLOSE(10, false),
    CLOSE_WAIT(60, false),
    LAST_ACK(30, false),
    LISTEN(120, false),
    SYNACK(120, true);

    private final int timeoutSeconds;
    private final boolean active;

    TcpState(int timeoutSeconds, boolean active) {
        this.timeoutSeconds = timeoutSeconds;
        this.active = active;
    }

    /** Number of the state, 0 to 10. */
    @SuppressWarnings("EnumOrdinal") // declared in the order of the kernel's numbers
    public int code() {
        return ordinal();
    }

    /** How long an entry stays in this state without a packet. */
    public int timeoutSeconds() {
        return timeoutSeconds;
    }

    /** Whether such connections count as active (since Linux 4.8 the opening states do, too). */
    public boolean active() {
        return active;
    }
}
