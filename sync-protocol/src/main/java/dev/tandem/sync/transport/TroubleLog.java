package dev.tandem.sync.transport;

import org.slf4j.Logger;

/**
 * Says that a socket is in trouble, but not a thousand times a second: one line, then silence for a
 * while, then one line that tells how many were kept back. Used by one thread.
 */
final class TroubleLog {
    private static final long SILENCE_NS = 10_000_000_000L;

    private final Logger log;
    private final String link;
    private boolean silent;
    private long lastNs;
    private long keptBack;

    /**
     * @param link names the link in each line
     */
    TroubleLog(Logger log, String link) {
        this.log = log;
        this.link = link;
    }

    /** Whether a trouble at this moment is to be told; counts it if not. */
    boolean isDue(long nowNs) {
        if (silent && nowNs - lastNs < SILENCE_NS) {
            keptBack++;
            return false;
        }
        silent = true;
        lastNs = nowNs;
        return true;
    }

    void warn(String what, Object detail) {
        if (isDue(System.nanoTime())) {
            log.warn("{}: {}: {} ({} such lines kept back)", link, what, detail, keptBack);
            keptBack = 0;
        }
    }
}
