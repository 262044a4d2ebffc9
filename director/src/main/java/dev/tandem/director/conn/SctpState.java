package dev.tandem.director.conn;

/**
 * States of an SCTP association as IPVS tracks it; {@link #code()} is the number on the wire and in
 * entries (include/net/ip_vs.h, IP_VS_SCTP_S_*).
 */
public enum SctpState {
    NONE("NONE", 2),
    INIT1("INIT1", 4),
    INIT("INIT", 61),
    COOKIE_SENT("C-SENT", 61),
    COOKIE_REPLIED("C-REPLIED", 61),
    COOKIE_WAIT("C-WAIT", 61),
    COOKIE("COOKIE", 61),
    COOKIE_ECHOED("C-ECHOED", 61),
    ESTABLISHED("ESTABLISHED", 900),
    SHUTDOWN_SENT("S-SENT", 61),
    SHUTDOWN_RECEIVED("S-RECEIVED", 61),
    SHUTDOWN_ACK_SENT("S-ACK-SENT", 61),
    REJECTED("REJECTED", 4),
    CLOSED("CLOSED", 61);

    private final String listedName;
    private final int timeoutSeconds;

    SctpState(String listedName, int timeoutSeconds) {
        this.listedName = listedName;
        this.timeoutSeconds = timeoutSeconds;
    }

    /** Number of the state, 0 to 13. */
    @SuppressWarnings("EnumOrdinal") // declared in the order of the kernel's numbers
    public int code() {
        return ordinal();
    }

    /** How the kernel's listings call it. */
    public String listedName() {
        return listedName;
    }

    /** How long an entry stays in this state without a packet. */
    public int timeoutSeconds() {
        return timeoutSeconds;
    }
}
