package dev.tandem.sync.hardening;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Written by the worker alone, read by any thread. */
final class HardeningCounters {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** What is counted beside refusals. */
    enum Count {
        /** Datagrams stamped and sent for the first time. */
        SIGNED,
        /** Datagrams given to the worker with a good trailer. */
        VERIFIED,
        /** Datagrams given to the worker that had no trailer. */
        PLAIN,
        /** Messages sent to ask for missing datagrams. */
        REQUESTS,
        /** Datagrams sent again because somebody asked. */
        RESENT,
        /** Datagrams that arrived after they had been asked for. */
        REPAIRED,
        /** Datagrams given up; a table round makes up for them. */
        LOST,
        /** Table rounds sent. */
        ROUNDS_SENT,
        /** Table rounds received from begin to end. */
        ROUNDS_TAKEN,
        /** Control messages not sent, for no buffer was free. */
        CONTROL_DROPS,
        /** Gauge: entries in the master's table, as it last said. */
        MASTER_ENTRIES,
        /** Gauge: sessions that have proven that they live, and whose epoch is not stale. */
        PROVEN,
        /** Gauge: milliseconds since the oldest datagram is missing. */
        LAG_MS,
        /** Gauge: epoch of this node's own messages. */
        EPOCH,
        /** Gauge: highest epoch heard. */
        HIGHEST_EPOCH,
        /** Gauge: 1 while a table round is needed. */
        TABLE_WANTED
    }

    private static final int REFUSALS = Refusal.values().length;

    private final long[] values = new long[REFUSALS + Count.values().length];

    long of(Refusal refusal) {
        return (long) LONGS.getOpaque(values, index(refusal));
    }

    long of(Count count) {
        return (long) LONGS.getOpaque(values, index(count));
    }

    void add(Refusal refusal) {
        int i = index(refusal);
        LONGS.setOpaque(values, i, values[i] + 1);
    }

    void add(Count count) {
        add(count, 1);
    }

    void add(Count count, long amount) {
        int i = index(count);
        LONGS.setOpaque(values, i, values[i] + amount);
    }

    void set(Count gauge, long value) {
        LONGS.setOpaque(values, index(gauge), value);
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this process
    private static int index(Refusal refusal) {
        return refusal.ordinal();
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this process
    private static int index(Count count) {
        return REFUSALS + count.ordinal();
    }
}
