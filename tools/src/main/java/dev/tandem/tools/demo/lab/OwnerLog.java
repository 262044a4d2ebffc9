package dev.tandem.tools.demo.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who claimed the virtual address, in the order in which the clients' network saw it. Two that
 * answer one and the same question have the address at once; so have two that take turns.
 *
 * <p>Any thread may call.
 */
final class OwnerLog {
    /** Nobody asked for this claim. */
    static final int UNASKED = -1;

    private static final int CLAIMS_KEPT = 50;

    /** Answers that come later than after so many questions are not compared any more. */
    private static final int QUESTIONS = 64;

    /** Shorter than a lease: nobody who has lost the address can rightly have it back so soon. */
    private static final long RETURN_NS = 150_000_000;

    private static final long NOBODY = 0;

    private final int[] questions = new int[QUESTIONS];
    private final long[] answeredBy = new long[QUESTIONS];
    private final List<Owners.Claim> claims = new ArrayList<>();
    private long owner = NOBODY;
    private long ownerBefore = NOBODY;
    private long changedNs;
    private int changes;
    private int doubles;
    private int returns;
    private long heardNs;
    private boolean heard;
    private long longestSilenceNs;

    OwnerLog() {
        Arrays.fill(questions, UNASKED);
    }

    /**
     * Somebody says that the address is his.
     *
     * @param question the number of the question that he answers, or {@link #UNASKED}
     * @param mac his link-level address
     */
    synchronized void onClaim(int question, long mac, long nowNs) {
        longestSilenceNs = Math.max(longestSilenceNs, heard ? nowNs - heardNs : 0);
        heardNs = nowNs;
        heard = true;
        boolean twice = question != UNASKED && isSecondAnswer(question, mac);
        doubles += twice ? 1 : 0;
        if ((twice || mac != owner) && claims.size() < CLAIMS_KEPT) {
            claims.add(new Owners.Claim(nowNs, Owners.name(mac), twice));
        }
        if (mac != owner) {
            changes += owner != NOBODY ? 1 : 0;
            returns += mac == ownerBefore && nowNs - changedNs < RETURN_NS ? 1 : 0;
            ownerBefore = owner;
            owner = mac;
            changedNs = nowNs;
        }
    }

    private boolean isSecondAnswer(int question, long mac) {
        int at = question % QUESTIONS;
        boolean first = questions[at] != question;
        if (first) {
            questions[at] = question;
            answeredBy[at] = mac;
        }
        return !first && answeredBy[at] != mac;
    }

    synchronized int changes() {
        return changes;
    }

    /** What was seen since the last time, or since the start. */
    synchronized Owners take(long nowNs) {
        long silenceNs = Math.max(longestSilenceNs, heard ? nowNs - heardNs : 0);
        var seen =
                new Owners(
                        owner == NOBODY ? "?" : Owners.name(owner),
                        changes,
                        doubles,
                        returns,
                        silenceNs,
                        List.copyOf(claims));
        changes = 0;
        doubles = 0;
        returns = 0;
        longestSilenceNs = 0;
        heardNs = nowNs;
        claims.clear();
        return seen;
    }
}
