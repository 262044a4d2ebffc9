package dev.tandem.director.sched;

import java.util.function.ToLongFunction;

/**
 * {@code lc}, {@code wlc} and {@code sed}: the server with the least load, or the least load for
 * its weight; the first of equals.
 */
final class LeastLoaded implements Scheduler {
    private final ToLongFunction<Candidate> load;
    private final boolean weighted;

    private LeastLoaded(ToLongFunction<Candidate> load, boolean weighted) {
        this.load = load;
        this.weighted = weighted;
    }

    /** {@code lc}. */
    static LeastLoaded byConnections() {
        return new LeastLoaded(Candidate::overhead, false);
    }

    /** {@code wlc}. */
    static LeastLoaded byWeightedConnections() {
        return new LeastLoaded(Candidate::overhead, true);
    }

    /** {@code sed}: the connection to come counts as well. */
    static LeastLoaded byExpectedDelay() {
        return new LeastLoaded(server -> server.activeConnections() + 1L, true);
    }

    /**
     * Compares by products, {@code load(a) * weight(b)}, which fit a long: a table holds at most
     * 2^24 connections, so a load is at most 2^32, and a weight is below 2^31.
     */
    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        return pick(servers);
    }

    int pick(Candidate[] servers) {
        int best = NONE;
        long bestLoad = 0;
        long bestWeight = 0;
        for (int i = 0; i < servers.length; i++) {
            Candidate server = servers[i];
            if (server.available()) {
                long serverLoad = load.applyAsLong(server);
                long weight = weighted ? server.weight() : 1;
                if (best == NONE || bestLoad * weight > serverLoad * bestWeight) {
                    best = i;
                    bestLoad = serverLoad;
                    bestWeight = weight;
                }
            }
        }
        return best;
    }
}
