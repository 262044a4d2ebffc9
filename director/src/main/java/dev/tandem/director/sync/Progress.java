package dev.tandem.director.sync;

import dev.tandem.director.io.Tally;

/** How a {@link TableTaker} stands: written by the worker thread, read by any. */
public final class Progress {
    /** What is known of the table. */
    public enum Phase {
        /** This node is the master. */
        MASTER,
        /** It has not been found out yet whether there is a master. */
        SEARCHING,
        /** There is none. */
        NOBODY,
        /** A master was found, and its table is not here yet. */
        JOINING,
        /** Each bucket was equal once since this node has become a backup. */
        EQUAL
    }

    private final Tally entries = new Tally();
    private final Tally missing = new Tally();
    private final Tally differing = new Tally();

    /** For how long the bucket that has differed for longest had, at the last comparison. */
    private final Tally differedNs = new Tally();

    private final Tally comparedNs = new Tally();
    private final Tally joinNs = new Tally();
    private long foundNs;
    private volatile Phase phase = Phase.SEARCHING;
    private volatile boolean connected;

    void phase(Phase next) {
        connected = false;
        entries.set(0);
        missing.set(0);
        differing.set(0);
        phase = next;
    }

    /** A master answers. */
    void found(long nowNs) {
        if (phase == Phase.SEARCHING || phase == Phase.NOBODY) {
            foundNs = nowNs;
            joinNs.set(0);
            phase = Phase.JOINING;
        }
    }

    /** There is no master, which says nothing about a table that was a master's before. */
    void nobody() {
        if (phase == Phase.SEARCHING) {
            phase = Phase.NOBODY;
        }
    }

    void compared(
            long entries, long missing, int differing, long oldestNs, long nowNs, boolean equal) {
        this.entries.set(entries);
        this.missing.set(missing);
        this.differing.set(differing);
        differedNs.set(nowNs - oldestNs);
        comparedNs.set(nowNs);
        connected = true;
        if (equal && phase != Phase.EQUAL) {
            joinNs.set(nowNs - foundNs);
            phase = Phase.EQUAL;
        }
    }

    void taken(long records) {
        missing.set(Math.max(0, missing.get() - records));
    }

    void alone(long nowNs) {
        connected = false;
        comparedNs.set(nowNs);
    }

    public Phase phase() {
        return phase;
    }

    /** Whether a master answers at the moment. */
    public boolean isConnected() {
        return connected;
    }

    /** In the master's table, at the last comparison. */
    public long entries() {
        return entries.get();
    }

    /** Of these, not here or otherwise here. */
    public long missing() {
        return missing.get();
    }

    /** Buckets that differed at the last comparison. */
    public int differing() {
        return (int) differing.get();
    }

    /** From finding a master to having its table; 0 before that. */
    public long joinNs() {
        return joinNs.get();
    }

    /**
     * For so long a bucket had differed at the last comparison; 0 when none did. It does not grow
     * when the master is gone: what was under way then is no reason not to take its place.
     */
    public long differedNs() {
        return differing.get() == 0 ? 0 : differedNs.get();
    }

    /** Since the last comparison, or since the connection ended. */
    public long comparedBeforeNs(long nowNs) {
        return Math.max(0, nowNs - comparedNs.get());
    }
}
