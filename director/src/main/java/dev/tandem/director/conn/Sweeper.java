package dev.tandem.director.conn;

import dev.tandem.director.conn.ConnectionTable.ExpiryHandler;

/**
 * Spreads the sweep of the connection table over the worker's turns: each slot is visited about
 * once a second, and no turn visits more than {@link #MAX_SLOTS_PER_TURN}.
 */
final class Sweeper {
    /** A few tens of microseconds' worth. */
    static final int MAX_SLOTS_PER_TURN = 4096;

    private static final long ROUND_NS = 1_000_000_000L;

    private final ConnectionTable table;
    private final ExpiryHandler handler;
    private long sweptUntilNs;
    private boolean started;

    Sweeper(ConnectionTable table, ExpiryHandler handler) {
        this.table = table;
        this.handler = handler;
    }

    /** Visits the slots that are due; above 0 when more were due than one turn may visit. */
    int doWork(long nowNs) {
        if (!started) {
            started = true;
            sweptUntilNs = nowNs;
        }
        int slots = table.slotCount();
        if (slots == 0) {
            sweptUntilNs = nowNs;
            return 0;
        }
        long elapsedNs = Math.min(nowNs - sweptUntilNs, ROUND_NS);
        long due = slots * elapsedNs / ROUND_NS;
        if (due <= 0) {
            return 0;
        }
        int visits = (int) Math.min(due, MAX_SLOTS_PER_TURN);
        table.sweep(nowNs, visits, handler);
        sweptUntilNs = nowNs - elapsedNs + visits * ROUND_NS / slots;
        return due > visits ? 1 : 0;
    }
}
