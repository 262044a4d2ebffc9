package dev.tandem.failover.detect;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices that its own thread was away: stopped, not scheduled, or in a collection. Who was away
 * heard nobody, and must not hold that against the others. Confined to the failover thread.
 */
public final class PauseGuard {
    /** Half the time after which a master takes back what it granted. */
    private static final long LONGEST_DISK_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long limitNs;
    private long lastTurnNs;
    private final AtomicLong pauses = new AtomicLong();

    /**
     * @param intervalNs time between heartbeats; two of them is as long as a turn may be away
     * @param nowNs {@link System#nanoTime()}
     */
    public PauseGuard(long intervalNs, long nowNs) {
        this.limitNs = 2 * intervalNs;
        this.lastTurnNs = nowNs;
    }

    /** Begins a turn; how long the thread was away when that was too long, else 0. */
    public long turn(long nowNs) {
        long awayNs = nowNs - lastTurnNs;
        lastTurnNs = nowNs;
        if (awayNs <= limitNs) {
            return 0;
        }
        pauses.incrementAndGet();
        return awayNs;
    }

    /**
     * The thread waited for its own disk, and judges nothing before it has read what came
     * meanwhile: that is no pause. But a wait so long that orders may be out of date when they are
     * read counts as one.
     */
    public void waitedForDisk(long waitedNs) {
        if (waitedNs <= LONGEST_DISK_WAIT_NS) {
            lastTurnNs += waitedNs;
        }
    }

    /** Times that the thread was away for too long; from any thread. */
    public long pauses() {
        return pauses.get();
    }
}
