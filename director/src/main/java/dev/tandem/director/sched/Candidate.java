package dev.tandem.director.sched;

/** A real server as a scheduler sees it. Read by the worker thread. */
public interface Candidate {
    /** 0 to 2147483647; 0: takes no new connections. */
    int weight();

    /** At its upper connection threshold and not yet below its lower one: takes none either. */
    boolean overloaded();

    /** Connections in a state that counts as active. */
    int activeConnections();

    /** All other connections. */
    int inactiveConnections();

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
