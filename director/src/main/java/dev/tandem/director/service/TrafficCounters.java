package dev.tandem.director.service;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What went through a virtual service, a real server, or the whole director. Written by the worker
 * thread only; any thread may read, and sees each number at some recent moment (opaque access, no
 * fence).
 *
 * <p>Bytes are IP packet lengths; a super-frame counts as one packet, as in the kernel. Zeroing
 * leaves the counters running and notes where they stood.
 */
public final class TrafficCounters {
    static final int CONNECTIONS = 0;
    static final int IN_PACKETS = 1;
    static final int OUT_PACKETS = 2;
    static final int IN_BYTES = 3;
    static final int OUT_BYTES = 4;
    static final int CELL_COUNT = 5;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[CELL_COUNT];
    private final long[] zeroPoint = new long[CELL_COUNT];
    private final RateEstimator rates = new RateEstimator();

    TrafficCounters() {}

    /** Counts a scheduled connection. */
    void connection() {
        add(CONNECTIONS, 1);
    }

    /** Counts a client's packet. */
    void in(int lengthBytes) {
        add(IN_PACKETS, 1);
        add(IN_BYTES, lengthBytes);
    }

    /** Counts a server's packet. */
    void out(int lengthBytes) {
        add(OUT_PACKETS, 1);
        add(OUT_BYTES, lengthBytes);
    }

    /** From now on counts and rates are shown as if nothing had been. */
    void zero() {
        for (int i = 0; i < cells.length; i++) {
            CELLS.setOpaque(zeroPoint, i, cells[i]);
        }
        rates.zero(this);
    }

    /** To be called every {@link RateEstimator#PERIOD_SECONDS}. */
    void sample() {
        rates.sample(this);
    }

    public RateEstimator rates() {
        return rates;
    }

    /** Connections scheduled so far; those that came by sync are not among them. */
    public long connections() {
        return get(CONNECTIONS);
    }

    public long inPackets() {
        return get(IN_PACKETS);
    }

    /** Packets from servers that this director saw; with direct routing there are none. */
    public long outPackets() {
        return get(OUT_PACKETS);
    }

    public long inBytes() {
        return get(IN_BYTES);
    }

    public long outBytes() {
        return get(OUT_BYTES);
    }

    /** Worker thread: the count since the beginning, zeroed or not. */
    long raw(int cell) {
        return cells[cell];
    }

    /** The zero point first: it lies behind the counter at all times. */
    private long get(int cell) {
        long zero = (long) CELLS.getAcquire(zeroPoint, cell);
        return (long) CELLS.getOpaque(cells, cell) - zero;
    }

    private void add(int cell, int amount) {
        CELLS.setOpaque(cells, cell, cells[cell] + amount);
    }
}
