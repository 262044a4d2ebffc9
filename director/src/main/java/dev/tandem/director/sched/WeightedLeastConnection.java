package dev.tandem.director.sched;

/** {@code wlc}: the server with the least overhead for its weight; the first of equals. */
final class WeightedLeastConnection implements Scheduler {
    /**
     * Compares by products, {@code overhead(a) * weight(b)}, which fit a long: a table holds at
     * most 2^24 connections, so an overhead is at most 2^32, and a weight is below 2^31.
     */
    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int best = NONE;
        long bestOverhead = 0;
        long bestWeight = 0;
        for (int i = 0; i < servers.length; i++) {
            Candidate server = servers[i];
            if (server.available()) {
                long overhead = server.overhead();
                long weight = server.weight();
                if (best == NONE || bestOverhead * weight > overhead * bestWeight) {
                    best = i;
                    bestOverhead = overhead;
                    bestWeight = weight;
                }
            }
        }
        return best;
    }
}
