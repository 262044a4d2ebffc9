package dev.tandem.director.sched;

/**
 * A real server as a scheduler sees it. Read by the worker thread.
 *
 * <p>A server is the same object as long as it is in the list, whatever is edited; schedulers may
 * keep it and compare by identity.
 */
public interface Candidate {
    /** 0 to 2147483647; 0: takes no new connections. */
    int weight();

    /** The weight when it was last above 0; 0 when it never was. */
    int lastWeight();

    /** At its upper connection threshold and not yet below its lower one: takes none either. */
    boolean overloaded();

    /** Connections in a state that counts as active. */
    int activeConnections();

    /** All other connections. */
    int inactiveConnections();

    /** Whether the address is an IPv6 one; may differ from the client's family with tunnels. */
    boolean isIpv6();

    /** Bytes 0 to 7 of the server's address as a number; 0 for IPv4. */
    long addressHigh();

    /** Bytes 8 to 15; an IPv4 address as an unsigned 32-bit number. */
    long addressLow();

    /** 0 to 65535; 0: that of the packet. */
    int port();

    /** Whether a new connection may go here. */
    default boolean available() {
        return weight() > 0 && !overloaded();
    }

    /**
     * The load that least-connection schedulers compare: an active connection weighs as much as 256
     * inactive ones. (Linux since 6.1.187 counts 257; the picks differ only near 256 inactive
     * connections.)
     */
    default long overhead() {
        return 256L * activeConnections() + inactiveConnections();
    }
}
