package dev.tandem.sync.hardening;

import java.nio.ByteBuffer;

/**
 * What this node has sent on one stream: its numbers, copies of the last datagrams, and when it is
 * time to tell how far it is.
 *
 * <p>The first status comes {@link #STATUS_FIRST_NS} after the last datagram, so that its loss is
 * noticed as soon as that of any other; then with doubling distance up to {@link #STATUS_LAST_NS},
 * also while datagrams go on.
 */
final class SendStream {
    static final long STATUS_FIRST_NS = 5_000_000L;
    static final long STATUS_LAST_NS = 250_000_000L;

    /** Asked for by several receivers at once, a datagram is sent again once. */
    private static final long RESEND_NS = 4_000_000L;

    private final DatagramRing history;
    private long[] resentNs = new long[0];
    private long next = 1;
    private long statusDueNs;
    private long statusGapNs = STATUS_FIRST_NS;
    private long statusSentNs;

    SendStream(int historyBytes) {
        history = new DatagramRing(historyBytes);
    }

    /** The sequence that the next datagram gets. */
    long next() {
        return next;
    }

    /** The oldest sequence that can still be asked for. */
    long oldest() {
        return Math.max(1, next - history.slots());
    }

    /** A datagram with the sequence {@link #next} was stamped and is about to be sent. */
    void sent(ByteBuffer datagram, long nowNs) {
        history.put(next, datagram);
        if (resentNs.length == 0) {
            resentNs = new long[history.slots()];
        }
        resentNs[(int) (next % resentNs.length)] = nowNs - RESEND_NS;
        next++;
        statusGapNs = STATUS_FIRST_NS;
        statusDueNs = nowNs + STATUS_FIRST_NS;
    }

    /** Whether a datagram is kept and was not sent again a moment ago. */
    boolean mayResend(long sequence, long nowNs) {
        return sequence < next
                && sequence >= oldest()
                && history.has(sequence)
                && nowNs - resentNs[(int) (sequence % resentNs.length)] >= RESEND_NS;
    }

    /** Copies a kept datagram, as it was first sent. */
    void resend(long sequence, ByteBuffer target, long nowNs) {
        resentNs[(int) (sequence % resentNs.length)] = nowNs;
        history.copy(sequence, target);
    }

    boolean isStatusDue(long nowNs) {
        return nowNs - statusDueNs >= 0 || nowNs - statusSentNs >= STATUS_LAST_NS;
    }

    /** Whether receivers have been told again and again how far this stream is. */
    boolean isSettled() {
        return statusGapNs >= STATUS_LAST_NS;
    }

    void statusSent(long nowNs) {
        statusSentNs = nowNs;
        statusGapNs = Math.min(2 * statusGapNs, STATUS_LAST_NS);
        statusDueNs = nowNs + statusGapNs;
    }

    /** A receiver should hear soon how far this stream is. */
    void hurryStatus(long nowNs) {
        statusGapNs = STATUS_FIRST_NS;
        statusDueNs = nowNs;
        statusSentNs = nowNs;
    }

    long statusWaitNs(long nowNs) {
        return Math.min(statusDueNs - nowNs, statusSentNs + STATUS_LAST_NS - nowNs);
    }
}
