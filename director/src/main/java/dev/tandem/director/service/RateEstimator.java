package dev.tandem.director.service;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Smooths counters into rates per second, as the kernel's estimator does (ip_vs_est.c): every two
 * seconds a quarter of the distance to the present rate. Fixed point: connections and packets with
 * 10 fractional bits, bytes with 5. Written by the worker, read by any thread.
 */
public final class RateEstimator {
    /** How often {@link #sample} is to be called, in seconds; part of the shifts below. */
    static final int PERIOD_SECONDS = 2;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The distance of an estimate to a rate halves twice per sample. */
    private static final int DECAY_SHIFT = 2;

    /** 10 fractional bits, and one less for the two seconds between samples. */
    private static final int EVENT_SHIFT = 9;

    private static final int EVENT_FRACTION = 10;
    private static final int BYTE_SHIFT = 4;
    private static final int BYTE_FRACTION = 5;

    private final long[] last = new long[TrafficCounters.CELL_COUNT];
    private final long[] estimates = new long[TrafficCounters.CELL_COUNT];

    RateEstimator() {}

    /** Takes the counters over two seconds after the last time. */
    void sample(TrafficCounters counters) {
        for (int cell = 0; cell < last.length; cell++) {
            long count = counters.raw(cell);
            long rate = (count - last[cell]) << (isBytes(cell) ? BYTE_SHIFT : EVENT_SHIFT);
            last[cell] = count;
            CELLS.setOpaque(
                    estimates, cell, estimates[cell] + ((rate - estimates[cell]) >> DECAY_SHIFT));
        }
    }

    /** Begins again with rates of 0. */
    void zero(TrafficCounters counters) {
        for (int cell = 0; cell < last.length; cell++) {
            last[cell] = counters.raw(cell);
            CELLS.setOpaque(estimates, cell, 0L);
        }
    }

    /** Connections scheduled per second. */
    public long connections() {
        return shown(TrafficCounters.CONNECTIONS);
    }

    public long inPackets() {
        return shown(TrafficCounters.IN_PACKETS);
    }

    public long outPackets() {
        return shown(TrafficCounters.OUT_PACKETS);
    }

    /** Bytes, not bits, per second. */
    public long inBytes() {
        return shown(TrafficCounters.IN_BYTES);
    }

    public long outBytes() {
        return shown(TrafficCounters.OUT_BYTES);
    }

    /** The estimate in fixed point. */
    long estimate(int cell) {
        return (long) CELLS.getOpaque(estimates, cell);
    }

    private long shown(int cell) {
        int fraction = isBytes(cell) ? BYTE_FRACTION : EVENT_FRACTION;
        return (estimate(cell) + (1L << (fraction - 1)) - 1) >> fraction;
    }

    private static boolean isBytes(int cell) {
        return cell >= TrafficCounters.IN_BYTES;
    }
}
