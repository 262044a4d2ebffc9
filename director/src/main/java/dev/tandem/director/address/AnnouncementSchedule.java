package dev.tandem.director.address;

/**
 * When gratuitous ARP and unsolicited advertisements are due: at 0, 100, 500 ms, 1, 2 and 5 s after
 * the addresses were taken, then every 60 s. Hosts and switches that missed the first ones, or
 * learned the old owner once more from a frame under way, are put right by the later ones.
 */
final class AnnouncementSchedule {
    /** Never due; far enough for any sleep. */
    static final long NEVER_NS = Long.MAX_VALUE;

    private static final long MS = 1_000_000;
    private static final long[] AFTER_TAKING_NS = {
        0, 100 * MS, 500 * MS, 1000 * MS, 2000 * MS, 5000 * MS
    };
    private static final long INTERVAL_NS = 60_000 * MS;
    private static final long CONFLICT_INTERVAL_NS = 1000 * MS;

    private boolean running;
    private long startNs;
    private int step;
    private long dueNs;
    private boolean conflictAnswered;
    private long lastConflictNs;

    /** Starts anew, due at once. */
    void start(long nowNs) {
        running = true;
        startNs = nowNs;
        step = 0;
        dueNs = nowNs;
    }

    void stop() {
        running = false;
    }

    /**
     * Somebody else was heard claiming an address: due at once, but at most once a second, or two
     * owners who both defend themselves would flood the link.
     */
    void onConflict(long nowNs) {
        if (!conflictAnswered || nowNs - lastConflictNs >= CONFLICT_INTERVAL_NS) {
            conflictAnswered = true;
            lastConflictNs = nowNs;
            dueNs = nowNs;
        }
    }

    /** Whether an announcement is due; if so, it counts as made and the next one is set. */
    boolean poll(long nowNs) {
        if (!running || nowNs - dueNs < 0) {
            return false;
        }
        while (step < AFTER_TAKING_NS.length && nowNs - startNs >= AFTER_TAKING_NS[step]) {
            step++;
        }
        dueNs =
                step < AFTER_TAKING_NS.length
                        ? startNs + AFTER_TAKING_NS[step]
                        : nowNs + INTERVAL_NS;
        return true;
    }

    /** Nanoseconds until the next announcement, or {@link #NEVER_NS}. */
    long waitNs(long nowNs) {
        return running ? Math.max(0, dueNs - nowNs) : NEVER_NS;
    }
}
