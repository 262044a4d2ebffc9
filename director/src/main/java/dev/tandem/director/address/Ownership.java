package dev.tandem.director.address;

/**
 * Whether the director may speak for its addresses.
 *
 * <p>The failover layer tells it to own or to release, and extends a lease; the lease has the last
 * word. A process that was stopped for longer than its lease finds itself silent before it sends a
 * single frame, even though nobody could tell it anything meanwhile.
 *
 * <pre>
 *   told \ lease     valid                          run out
 *   own              OWNING                         SILENT
 *   release          DRAINING, then SILENT          SILENT
 * </pre>
 *
 * <p>The worker calls everything but {@link #leaseUntil} and {@link #endLease}, which any thread
 * may call.
 */
public final class Ownership {
    /** What may be done with the addresses at the moment. */
    public enum State {
        /** Nothing: no frame is sent, those that come in are dropped. */
        SILENT,
        /** Packets of connections that are in the table are forwarded, nothing is answered. */
        DRAINING,
        /** Everything. */
        OWNING
    }

    private volatile long leaseDeadlineNs;
    private volatile boolean leaseEnded;
    private State told = State.SILENT;
    private long drainDeadlineNs;

    /**
     * Silent, without a lease.
     *
     * @param nowNs {@link System#nanoTime()}
     */
    public Ownership(long nowNs) {
        leaseDeadlineNs = nowNs;
    }

    /** Permits owning until that moment of {@link System#nanoTime()}. */
    public void leaseUntil(long deadlineNs) {
        leaseDeadlineNs = deadlineNs;
        leaseEnded = false;
    }

    /** Permits nothing any more, whatever time it is for who asks. */
    public void endLease() {
        leaseEnded = true;
    }

    public boolean isLeased(long nowNs) {
        return !leaseEnded && nowNs - leaseDeadlineNs < 0;
    }

    /** Owns from now on, as long as the lease lasts. */
    public void own() {
        told = State.OWNING;
    }

    /**
     * Gives up; connections in the table go on for {@code drainNs}, or until an earlier release's
     * time is over.
     */
    public void release(long nowNs, long drainNs) {
        if (told == State.OWNING
                || (told == State.DRAINING && nowNs + drainNs - drainDeadlineNs < 0)) {
            told = State.DRAINING;
            drainDeadlineNs = nowNs + drainNs;
        }
    }

    /** What holds at that moment. */
    public State at(long nowNs) {
        if (!isLeased(nowNs)) {
            return State.SILENT;
        }
        if (told == State.DRAINING && nowNs - drainDeadlineNs >= 0) {
            told = State.SILENT;
        }
        return told;
    }
}
