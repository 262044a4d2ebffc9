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
    private static final int VERSION_0 = RECORDS + 1;
    private static final int UNKNOWN_OPTIONS = VERSION_0 + 1;

    private final long[] values = new long[UNKNOWN_OPTIONS + 1];

    SyncCounters() {}

    /** Datagrams looked at. */
    public long datagrams() {
        return get(DATAGRAMS);
    }

    /** Records handed to the handler. */
    public long records() {
        return get(RECORDS);
    }

    /** Datagrams read as version 0, whatever came of it. */
    public long version0() {
        return get(VERSION_0);
    }

    /** Unknown options that were marked as optional and passed over, in records handed over. */
    public long unknownOptions() {
        return get(UNKNOWN_OPTIONS);
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

    void countVersion0() {
        increment(VERSION_0);
    }

    void countUnknownOptions(int options) {
        LONGS.setOpaque(values, UNKNOWN_OPTIONS, values[UNKNOWN_OPTIONS] + options);
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
