package dev.tandem.director.sched;

/**
 * Picks a real server for each new connection of one virtual service. An instance belongs to one
 * service and is called by the worker thread only; {@link #pick} allocates nothing.
 *
 * <p>Servers come as an array in the kernel's scan order: the newest first. The array is never
 * changed; whenever the list changes, a new array is passed to one of the other methods before the
 * next pick.
 */
public interface Scheduler {
    /** No server is available. */
    int NONE = -1;

    /**
     * Picks a server for a new connection.
     *
     * @param servers the list as last announced
     * @param flow what the client wants to open
     * @param nowNs {@link System#nanoTime()}
     * @return an index into {@code servers}, or {@link #NONE}
     */
    int pick(Candidate[] servers, Flow flow, long nowNs);

    /** The scheduler was bound to a service that may have servers already. */
    default void bound(Candidate[] servers) {}

    /** A server was added at the head of the list. */
    default void added(Candidate[] servers) {}

    /** The server that had this index before was removed. */
    default void removed(Candidate[] servers, int index) {}

    /** A server's weight changed. */
    default void edited(Candidate[] servers) {}
}
