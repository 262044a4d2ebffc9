package dev.tandem.director.conn;

/**
 * States of a TCP connection as IPVS tracks it; {@link #code()} is the number on the wire and in
 * entries (uapi and include/net/ip_vs.h, IP_VS_TCP_S_*).
 */
public enum TcpState {
    NONE(false),
    ESTABLISHED(true),
    SYN_SENT(true),
    SYN_RECV(true),
    FIN_WAIT(false),
    TIME_WAIT(false),
    CLOSE(false),
    CLOSE_WAIT(false),
    LAST_ACK(false),
    LISTEN(false),
    SYNACK(true);

    private final boolean active;

    TcpState(boolean active) {
        this.active = active;
    }

    /** Number of the state, 0 to 10. */
    @SuppressWarnings("EnumOrdinal") // declared in the order of the kernel's numbers
    public int code() {
        return ordinal();
    }

    /** Whether such connections count as active (since Linux 4.8 the opening states do, too). */
    public boolean active() {
        return active;
    }
}
