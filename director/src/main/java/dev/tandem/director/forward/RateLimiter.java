package dev.tandem.director.forward;

/**
 * Lets so many events pass per second, and a burst at once; the generic cell rate algorithm (ITU-T
 * I.371), which needs one number. Single thread.
 */
final class RateLimiter {
    private final long intervalNs;
    private final long burstNs;
    private boolean started;
    private long theoreticalNs;

    RateLimiter(int perSecond, int burst) {
        this.intervalNs = 1_000_000_000L / perSecond;
        this.burstNs = intervalNs * (burst - 1);
    }

    boolean allow(long nowNs) {
        if (!started || nowNs - theoreticalNs > 0) {
            started = true;
            theoreticalNs = nowNs;
        }
        if (theoreticalNs - nowNs > burstNs) {
            return false;
        }
        theoreticalNs += intervalNs;
        return true;
    }
}
