package dev.tandem.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a decoder has seen: written by the decoder's thread alone, read by any. Each number is whole
 * and soon up to date; numbers read one after the other may lie a datagram apart.
 */
public final class SyncCounters {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int DATAGRAMS = SyncVerdict.values().length;
    private static final int RECORDS = DATAGRAMS + 1;

    private final long[] values = new long[RECORDS + 1];

    SyncCounters() {}

    /** Datagrams looked at. */
    public long datagrams() {
        return get(DATAGRAMS);
    }

    /** Records handed to the handler. */
    public long records() {
        return get(RECORDS);
    }

    /**
     * How often a verdict fell: for {@link SyncVerdict.Loss#RECORD} the records skipped, else the
     * datagrams.
     */
    public long of(SyncVerdict verdict) {
        return get(slot(verdict));
    }

    void countDatagram(SyncVerdict verdict) {
        increment(DATAGRAMS);
        increment(slot(verdict));
    }

    void countRecord(SyncVerdict verdict) {
        increment(verdict == SyncVerdict.ACCEPTED ? RECORDS : slot(verdict));
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this process
    private static int slot(SyncVerdict verdict) {
        return verdict.ordinal();
    }

    private long get(int i) {
        return (long) LONGS.getOpaque(values, i);
    }

    private void increment(int i) {
        LONGS.setOpaque(values, i, values[i] + 1);
    }
}
