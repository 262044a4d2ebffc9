package dev.tandem.director.config;

/**
 * How a packet reaches its real server; codes are those of the kernel's connection flags
 * (IP_VS_CONN_F_FWD_MASK).
 */
public enum Forwarding {
    /** Masquerading: destination rewritten, replies come back through the director. */
    NAT(0),
    /**
     * Handed to this host itself. No server may be configured so; records from peers can say it.
     */
    LOCAL(1),
    /** Wrapped in another IP packet; the server unwraps it and answers the client itself. */
    TUNNEL(2),
    /**
     * Direct routing: only the link-level destination changes; the server answers the client
     * itself.
     */
    DR(3),
    /** On to where the client sent it, past all servers; a connection's, never a server's. */
    BYPASS(4);

    private final int code;

    Forwarding(int code) {
        this.code = code;
    }

    /** The method's number in connection flags, bits 0 to 2. */
    public int code() {
        return code;
    }
}
