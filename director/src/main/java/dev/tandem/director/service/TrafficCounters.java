package dev.tandem.director.service;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What went through a virtual service or a real server. Written by the worker thread only; any
 * thread may read, and sees each number at some recent moment (opaque access, no fence).
 *
 * <p>Bytes are IP packet lengths; a super-frame counts as one packet, as in the kernel.
 */
public final class TrafficCounters {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CONNECTIONS = 0;
    private static final int IN_PACKETS = 1;
    private static final int OUT_PACKETS = 2;
    private static final int IN_BYTES = 3;
    private static final int OUT_BYTES = 4;

    private final long[] cells = new long[5];

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

    void zero() {
        for (int i = 0; i < cells.length; i++) {
            CELLS.setOpaque(cells, i, 0L);
        }
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

    private long get(int cell) {
        return (long) CELLS.getOpaque(cells, cell);
    }

    private void add(int cell, int amount) {
        CELLS.setOpaque(cells, cell, cells[cell] + amount);
    }
}
