package dev.tandem.director.route;

import java.util.function.Consumer;

/**
 * Limits how often a worker asks for neighbours: each once a second, and 256 a second altogether,
 * so that a scan of a connected network does not fill the kernel's neighbour table.
 */
final class NeighbourQueries {
    private static final long INTERVAL_NS = 1_000_000_000L;
    private static final int SLOTS = 256;
    private static final int MOST_PER_INTERVAL = 256;

    private final Consumer<Neighbour.Key> ask;

    /** Of the neighbour last asked for: scope, high, low. */
    private final long[] scopes = new long[SLOTS];

    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS];
    private final long[] askedNs = new long[SLOTS];
    private long intervalStartNs;
    private int askedInInterval;

    NeighbourQueries(Consumer<Neighbour.Key> ask, long nowNs) {
        this.ask = ask;
        intervalStartNs = nowNs;
    }

    void ask(int interfaceIndex, boolean ipv6, long high, long low, long nowNs) {
        long scope = Neighbour.scope(interfaceIndex, ipv6);
        long hash = ((high * 31 + low) * 31 + scope) * 0x9E37_79B9_7F4A_7C15L;
        int slot = (int) (hash >>> 56);
        if (lows[slot] == low
                && highs[slot] == high
                && scopes[slot] == scope
                && nowNs - askedNs[slot] < INTERVAL_NS) {
            return;
        }
        if (nowNs - intervalStartNs >= INTERVAL_NS) {
            intervalStartNs = nowNs;
            askedInInterval = 0;
        }
        if (askedInInterval < MOST_PER_INTERVAL) {
            askedInInterval++;
            scopes[slot] = scope;
            highs[slot] = high;
            lows[slot] = low;
            askedNs[slot] = nowNs;
            ask.accept(new Neighbour.Key(interfaceIndex, new IpAddress(ipv6, high, low)));
        }
    }
}
