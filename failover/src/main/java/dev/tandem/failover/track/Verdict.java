package dev.tandem.failover.track;

import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.Check.Pace;

/**
 * How one check stands. The first result decides at once; after it so many in a row as its pace
 * says. Not thread-safe.
 */
final class Verdict {
    private final Check check;
    private final int rise;
    private final int fall;
    private Standing standing = Standing.UNKNOWN;
    private String reason = "has not been checked yet";
    private long changedNs;
    private int against;
    private long failures;

    /** What a check has come to. */
    enum Standing {
        UNKNOWN,
        GOOD,
        FAILED
    }

    Verdict(Check check, long nowNs) {
        this.check = check;
        Pace pace =
                switch (check) {
                    case Check.Interface _ -> new Pace(0, 1, 1);
                    case Check.Running process -> process.pace();
                    case Check.Script script -> script.pace();
                };
        rise = pace.rise();
        fall = pace.fall();
        changedNs = nowNs;
    }

    Check check() {
        return check;
    }

    /**
     * Takes one more result.
     *
     * @param trouble empty when it was good; else what was wrong
     * @return whether that changed what the check has come to, or the reason why it fails
     */
    boolean result(String trouble, long nowNs) {
        boolean good = trouble.isEmpty();
        failures += good ? 0 : 1;
        Standing now = good ? Standing.GOOD : Standing.FAILED;
        if (now == standing) {
            against = 0;
            boolean other = !trouble.equals(reason);
            reason = trouble;
            return other;
        }
        against++;
        if (standing != Standing.UNKNOWN && against < (good ? rise : fall)) {
            return false;
        }
        against = 0;
        standing = now;
        reason = trouble;
        changedNs = nowNs;
        return true;
    }

    /** Why the node cannot work, as far as this check goes; empty when it can. */
    String fault() {
        return check.isFault() && standing != Standing.GOOD ? check.name() + " " + reason : "";
    }

    /** What it adds to the priority. */
    int points() {
        int weight = check.weight();
        boolean counts = standing == (weight > 0 ? Standing.GOOD : Standing.FAILED);
        return counts ? weight : 0;
    }

    CheckStatus status(long nowNs) {
        return new CheckStatus(
                check.name(),
                standing.name(),
                check.weight(),
                points(),
                reason,
                Math.max(0, (nowNs - changedNs) / 1_000_000),
                failures);
    }
}
