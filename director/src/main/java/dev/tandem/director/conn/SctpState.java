package dev.tandem.director.conn;

/**
 * States of an SCTP association as IPVS tracks it; {@link #code()} is the number on the wire and in
 * entries (include/net/ip_vs.h, IP_VS_SCTP_S_*).
 */
public enum SctpState {
    NONE("NONE"),
    INIT1("INIT1"),
    INIT("INIT"),
    COOKIE_SENT("C-SENT"),
    COOKIE_REPLIED("C-REPLIED"),
    COOKIE_WAIT("C-WAIT"),
    COOKIE("COOKIE"),
    COOKIE_ECHOED("C-ECHOED"),
    ESTABLISHED("ESTABLISHED"),
    SHUTDOWN_SENT("S-SENT"),
    SHUTDOWN_RECEIVED("S-RECEIVED"),
    SHUTDOWN_ACK_SENT("S-ACK-SENT"),
    REJECTED("REJECTED"),
    CLOSED("CLOSED");

    private final String listedName;

    SctpState(String listedName) {
        this.listedName = listedName;
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
}
