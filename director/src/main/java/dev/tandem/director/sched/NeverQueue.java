package dev.tandem.director.sched;

/** {@code nq}: the first idle server, and while there is none, as {@code sed}. */
final class NeverQueue implements Scheduler {
    private final LeastLoaded otherwise = LeastLoaded.byExpectedDelay();

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        for (int i = 0; i < servers.length; i++) {
            if (servers[i].activeConnections() == 0 && servers[i].available()) {
                return i;
            }
        }
        return otherwise.pick(servers);
    }
}
