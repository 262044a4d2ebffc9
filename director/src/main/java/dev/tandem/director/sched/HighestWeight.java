package dev.tandem.director.sched;

/**
 * {@code fo} and {@code ovf}: the server with the highest weight, the first of equals. With {@code
 * ovf} a server is full when it has more active connections than its weight says, and the next
 * lower one's turn comes.
 */
final class HighestWeight implements Scheduler {
    private final boolean overflow;

    /**
     * @param overflow whether servers can be full
     */
    HighestWeight(boolean overflow) {
        this.overflow = overflow;
    }

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int best = NONE;
        int bestWeight = 0;
        for (int i = 0; i < servers.length; i++) {
            Candidate server = servers[i];
            int weight = server.weight();
            if (weight > bestWeight && server.available() && !isFull(server)) {
                best = i;
                bestWeight = weight;
            }
        }
        return best;
    }

    private boolean isFull(Candidate server) {
        return overflow && server.activeConnections() > server.weight();
    }
}
