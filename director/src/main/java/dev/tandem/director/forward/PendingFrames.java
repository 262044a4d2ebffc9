package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import java.lang.foreign.Arena;

/**
 * Copies of frames that wait until their next hop's hardware address is known: at most 256 frames
 * and 4 MiB, 64 frames for one destination, so that one dead server does not use up the room of
 * all. First in, first out; a frame that was taken out of the middle frees its bytes when those
 * before it are gone. Worker thread only.
 */
final class PendingFrames {
    static final int LIMIT = 256;
    static final int LIMIT_PER_DESTINATION = 64;
    static final int LIMIT_BYTES = 4 << 20;

    private static final int ALIGNMENT = 8;
    private static final int TAKEN = 0;

    private final long base;
    private final long[] positions = new long[LIMIT];
    private final int[] lengths = new int[LIMIT];
    private final boolean[] ipv6 = new boolean[LIMIT];
    private final long[] highs = new long[LIMIT];
    private final long[] lows = new long[LIMIT];
    private final int[] fragmentSizes = new int[LIMIT];
    private final long[] deadlines = new long[LIMIT];
    private int head;
    private int count;
    private long end;

    PendingFrames(Arena arena) {
        base = arena.allocate(LIMIT_BYTES, ALIGNMENT).address();
    }

    /** Entries to look at, taken ones included: 0 to {@code size() - 1}, oldest first. */
    int size() {
        return count;
    }

    boolean isWaiting(int i) {
        return lengths[slot(i)] != TAKEN;
    }

    long frame(int i) {
        return base + positions[slot(i)] % LIMIT_BYTES + VnetHeader.LENGTH;
    }

    int length(int i) {
        return lengths[slot(i)];
    }

    /** Whether the destination is IPv6. */
    boolean isIpv6(int i) {
        return ipv6[slot(i)];
    }

    /** The destination's first eight bytes; 0 for IPv4. */
    long high(int i) {
        return highs[slot(i)];
    }

    /** The destination's last eight bytes, or all of an IPv4 destination. */
    long low(int i) {
        return lows[slot(i)];
    }

    /** See {@link Egress#send}. */
    int fragmentSize(int i) {
        return fragmentSizes[slot(i)];
    }

    long deadlineNs(int i) {
        return deadlines[slot(i)];
    }

    /** Copies a frame and its virtio-net header; false when there is no room. */
    boolean offer(
            long frame,
            int length,
            int fragmentSize,
            boolean toIpv6,
            long high,
            long low,
            long deadlineNs) {
        if (count == LIMIT || waitingFor(toIpv6, high, low) >= LIMIT_PER_DESTINATION) {
            return false;
        }
        long size = (VnetHeader.LENGTH + length + ALIGNMENT - 1L) & -ALIGNMENT;
        long start = end;
        if (start % LIMIT_BYTES + size > LIMIT_BYTES) {
            start += LIMIT_BYTES - start % LIMIT_BYTES;
        }
        long oldest = count == 0 ? start : positions[head];
        if (start + size - oldest > LIMIT_BYTES) {
            return false;
        }
        end = start + size;
        int slot = slot(count++);
        positions[slot] = start;
        lengths[slot] = length;
        fragmentSizes[slot] = fragmentSize;
        ipv6[slot] = toIpv6;
        highs[slot] = high;
        lows[slot] = low;
        deadlines[slot] = deadlineNs;
        Memory.copy(
                frame - VnetHeader.LENGTH,
                base + start % LIMIT_BYTES,
                VnetHeader.LENGTH + (long) length);
        return true;
    }

    /** Takes entry {@code i} out; its bytes stay as they are until {@link #compact}. */
    void take(int i) {
        lengths[slot(i)] = TAKEN;
    }

    /** Frees what was taken out at the front; nothing that was taken may be in use any more. */
    void compact() {
        while (count > 0 && lengths[head] == TAKEN) {
            head = slot(1);
            count--;
        }
    }

    private int waitingFor(boolean toIpv6, long high, long low) {
        int waiting = 0;
        for (int i = 0; i < count; i++) {
            int slot = slot(i);
            if (lows[slot] == low
                    && highs[slot] == high
                    && ipv6[slot] == toIpv6
                    && lengths[slot] != TAKEN) {
                waiting++;
            }
        }
        return waiting;
    }

    private int slot(int i) {
        return (head + i) % LIMIT;
    }
}
