package dev.tandem.director.sched;

/**
 * Picks a real server for each new connection of one virtual service. An instance belongs to one
 * service and is called by the worker thread only, the thread that forwards packets: {@link #pick}
 * neither waits nor does it allocate more than a little, and that only for an address seen first.
 *
 * <p>Servers come as an array in the kernel's scan order: the newest first. The array is never
 * changed; whenever the list changes, a new array is passed to one of the other methods before the
 * next pick. {@link #bound} is the first call.
 *
 * <p>What a scheduler of a user's own throws is caught and counted: a pick that throws, or answers
 * with no index of the array, is taken for {@link #NONE}.
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

    /** Most servers it can choose from; a service refuses more before it calls any other method. */
    default int maxServers() {
        return Integer.MAX_VALUE;
    }
}
