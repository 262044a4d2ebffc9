package dev.tandem.director.sched;

/** {@code rr}: each available server in turn, weights aside. */
final class RoundRobin implements Scheduler {
    /** Index of the last pick; -1: before the head of the list. */
    private int last = -1;

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int index = last;
        for (int tries = servers.length; tries > 0; tries--) {
            index = index + 1 < servers.length ? index + 1 : 0;
            if (servers[index].available()) {
                last = index;
                return index;
            }
        }
        return NONE;
    }

    @Override
    public void bound(Candidate[] servers) {
        last = -1;
    }

    @Override
    public void added(Candidate[] servers) {
        if (last >= 0) {
            last++;
        }
    }

    /** When the last pick itself goes, its predecessor takes its place. */
    @Override
    public void removed(Candidate[] servers, int index) {
        if (index <= last) {
            last--;
        }
    }
}
