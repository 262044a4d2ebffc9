package dev.tandem.sync.hardening;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a proven sender: puts its datagrams back into their order.
 *
 * <pre>
 *   taken or given up | missing, and held back | not yet sent, as far as is known
 *                     ^ expected               ^ known + 1
 * </pre>
 *
 * Late datagrams must not overwrite newer ones, so what follows a gap waits until the gap is closed
 * or given up. A gap is given up when the sender does not have it any more, when it is larger than
 * what can be held back, or when the owner of this stream says so.
 */
final class ReceiveStream {
    /** What became of a datagram. */
    enum Fate {
        /** It is the next one. */
        NEXT,
        /** It waits for its turn. */
        HELD,
        DUPLICATE,
        REPLAY,
        BEYOND
    }

    private static final long MAX_RANGE = 0xFFFF;

    private final DatagramRing held;
    private long expected;
    private long known;
    private long floor;
    private long askedTo;
    private long losses;
    private long repaired;

    /** When the present gap was first seen. */
    private long gapSinceNs;

    /** Requests since something was last delivered that its sender should have answered. */
    private int tries;

    private long requestDueNs;
    private long requestGapNs;
    private boolean gap;

    ReceiveStream(int heldBytes, long expected) {
        held = new DatagramRing(heldBytes);
        this.expected = expected;
        this.known = expected - 1;
        this.floor = expected;
        this.askedTo = expected - 1;
    }

    /** A sequenced datagram arrived. */
    Fate offer(long sequence, ByteBuffer datagram, long nowNs) {
        held.prepare(datagram.capacity());
        if (sequence < expected) {
            return expected - sequence <= held.slots() ? Fate.DUPLICATE : Fate.REPLAY;
        }
        if (sequence - expected >= held.slots()) {
            return jump(sequence, nowNs);
        }
        if (held.has(sequence)) {
            return Fate.DUPLICATE;
        }
        if (sequence <= askedTo) {
            repaired++;
        }
        boolean next = sequence == expected;
        if (next) {
            expected++;
        } else {
            held.put(sequence, datagram);
        }
        known = Math.max(known, sequence);
        look(nowNs, next);
        return next ? Fate.NEXT : Fate.HELD;
    }

    private Fate jump(long sequence, long nowNs) {
        known = Math.max(known, sequence);
        giveUp(sequence);
        if (held.count() > 0) {
            look(nowNs, false);
            return Fate.BEYOND;
        }
        skipTo(sequence);
        expected++;
        look(nowNs, true);
        return Fate.NEXT;
    }

    /** The sender says what it has sent and what it still has. */
    void status(long highest, long oldest, long nowNs) {
        known = Math.max(known, highest);
        if (known - expected >= held.slots()) {
            giveUp(known + 1);
        }
        giveUp(Math.min(oldest, known + 1));
        look(nowNs, false);
    }

    /** The next datagram in order, as a view that is valid until the next offer; or null. */
    @Nullable ByteBuffer poll(long nowNs) {
        while (true) {
            if (held.has(expected)) {
                ByteBuffer datagram = held.take(expected);
                expected++;
                look(nowNs, true);
                return datagram;
            }
            if (expected >= floor) {
                return null;
            }
            skipTo(held.count() == 0 ? floor : expected + 1);
            look(nowNs, true);
        }
    }

    private void skipTo(long sequence) {
        losses += sequence - expected;
        expected = sequence;
        floor = Math.max(floor, expected);
    }

    /** Stops waiting for what is missing before this sequence. */
    private void giveUp(long before) {
        floor = Math.max(floor, before);
    }

    /** Stops waiting for all that is missing now. */
    void giveUpGap() {
        giveUp(known + 1);
    }

    private void look(long nowNs, boolean moved) {
        boolean now = expected <= known;
        if (now && !gap) {
            gapSinceNs = nowNs;
            tries = 0;
            requestGapNs = ReceiverHalf.REQUEST_FIRST_NS;
            requestDueNs = nowNs + ReceiverHalf.REORDER_NS;
        } else if (moved) {
            tries = 0;
        }
        gap = now;
    }

    boolean hasGap() {
        return gap;
    }

    /** Since when something has been missing; 0 when nothing is. */
    long lagNs(long nowNs) {
        return gap ? nowNs - gapSinceNs : 0;
    }

    long requestWaitNs(long nowNs) {
        return gap ? requestDueNs - nowNs : Long.MAX_VALUE;
    }

    /**
     * Writes ranges of missing sequences: i64 first, u32 how many; and sets the time of the next
     * request.
     */
    void writeRequest(ByteBuffer message, int maxRanges, long nowNs) {
        requestDueNs = nowNs + requestGapNs;
        requestGapNs = Math.min(2 * requestGapNs, ReceiverHalf.REQUEST_LAST_NS);
        long at = Math.max(expected, floor);
        long end = Math.min(known, expected + held.slots() - 1);
        for (int i = 0; i < maxRanges && at <= end; i++) {
            while (at <= end && held.has(at)) {
                at++;
            }
            long first = at;
            while (at <= end && !held.has(at) && at - first < MAX_RANGE) {
                at++;
            }
            if (at > first) {
                message.putLong(first).putInt((int) (at - first));
                askedTo = Math.max(askedTo, at - 1);
            }
        }
    }

    /** The sender was silent and is heard again: it is asked at once. */
    void hurryRequest(long nowNs) {
        requestGapNs = ReceiverHalf.REQUEST_FIRST_NS;
        requestDueNs = nowNs;
        tries = 0;
    }

    /** Counts a request to a sender that was heard just before; how many in vain so far. */
    int tried() {
        return ++tries;
    }

    /** Highest sequence that is known to have been sent. */
    long known() {
        return known;
    }

    /** Datagrams given up so far. */
    long losses() {
        return losses;
    }

    /** Datagrams that came because they were asked for. */
    long repaired() {
        return repaired;
    }

    boolean owns(ByteBuffer datagram) {
        return held.owns(datagram);
    }
}
