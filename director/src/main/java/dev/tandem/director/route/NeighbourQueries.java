package dev.tandem.director.route;

import java.util.function.LongConsumer;

/**
 * Limits how often a worker asks for neighbours: each once a second, and 256 a second altogether,
 * so that a scan of a connected network does not fill the kernel's neighbour table.
 */
final class NeighbourQueries {
    private static final long INTERVAL_NS = 1_000_000_000L;
    private static final int SLOTS = 256;
    private static final int MOST_PER_INTERVAL = 256;

    private final LongConsumer ask;
    private final long[] keys = new long[SLOTS];
    private final long[] askedNs = new long[SLOTS];
    private long intervalStartNs;
    private int askedInInterval;

    NeighbourQueries(LongConsumer ask, long nowNs) {
        this.ask = ask;
        intervalStartNs = nowNs;
    }

    void ask(long key, long nowNs) {
        int slot = (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 56);
        if (keys[slot] == key && nowNs - askedNs[slot] < INTERVAL_NS) {
            return;
        }
        if (nowNs - intervalStartNs >= INTERVAL_NS) {
            intervalStartNs = nowNs;
            askedInInterval = 0;
        }
        if (askedInInterval < MOST_PER_INTERVAL) {
            askedInInterval++;
            keys[slot] = key;
            askedNs[slot] = nowNs;
            ask.accept(key);
        }
    }
}
