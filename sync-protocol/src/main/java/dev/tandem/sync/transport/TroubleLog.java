package dev.tandem.sync.transport;

import org.slf4j.Logger;

/**
 * Says that a socket is in trouble, but not a thousand times a second: one line, then silence for
 * ten seconds, then the next with the number of lines kept back. Used by one thread.
 */
final class TroubleLog {
    private static final long SILENCE_NS = 10_000_000_000L;

    private final Logger log;
    private final String link;
    private boolean spoken;
    private long spokenNs;
    private long keptBack;

    /**
     * @param link names the link in each line
     */
    TroubleLog(Logger log, String link) {
        this.log = log;
        this.link = link;
    }

    /**
     * @param detail the exception or the peer, told after {@code what}
     * @param nowNs System.nanoTime
     */
    void warn(String what, Object detail, long nowNs) {
        if (spoken && nowNs - spokenNs < SILENCE_NS) {
            keptBack++;
            return;
        }
        log.warn("{}: {}: {} ({} such lines kept back)", link, what, detail.toString(), keptBack);
        spoken = true;
        spokenNs = nowNs;
        keptBack = 0;
    }
}
