package dev.tandem.director.config;

/**
 * How a packet reaches its real server; codes are those of the kernel's connection flags
 * (IP_VS_CONN_F_FWD_MASK).
 */
public enum Forwarding {
    /** Masquerading: destination rewritten, replies come back through the director. */
    NAT(0),
    /**
     * Direct routing: only the link-level destination changes; the server answers the client
     * itself.
     */
    DR(3);

    private final int code;

    Forwarding(int code) {
        this.code = code;
    }

    /** The method's number in connection flags, bits 0 to 2. */
    public int code() {
        return code;
    }
}
