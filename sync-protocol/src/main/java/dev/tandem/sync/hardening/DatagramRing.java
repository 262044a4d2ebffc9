package dev.tandem.sync.hardening;

import java.nio.ByteBuffer;

/**
 * Keeps copies of numbered datagrams, a bounded number of bytes: a number's slot is its remainder,
 * so a later one takes the place of an earlier one. Memory is taken with the first datagram. Used
 * by one thread.
 */
final class DatagramRing {
    /** Most datagrams kept, whatever their length. */
    static final int MAX_SLOTS = 1024;

    private static final int MIN_SLOTS = 16;
    private static final int EMPTY = 0;

    private final int budgetBytes;
    private ByteBuffer memory = ByteBuffer.allocate(0);
    private ByteBuffer view = memory;
    private long[] sequences = new long[0];
    private int[] lengths = new int[0];
    private int slots;
    private int stride;
    private int count;

    DatagramRing(int budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** Settles on buffers of this capacity, if nothing is settled yet. */
    void prepare(int capacity) {
        if (slots == 0) {
            slots = Math.clamp(budgetBytes / capacity, MIN_SLOTS, MAX_SLOTS);
            stride = capacity;
        }
    }

    /** How many datagrams there is room for; the most there may be before {@link #prepare}. */
    int slots() {
        return slots == 0 ? MAX_SLOTS : slots;
    }

    /** Datagrams kept. */
    int count() {
        return count;
    }

    boolean has(long sequence) {
        if (count == 0) {
            return false;
        }
        int slot = slot(sequence);
        return lengths[slot] != EMPTY && sequences[slot] == sequence;
    }

    /** Keeps a copy of what is between position and limit, if it is not too long. */
    void put(long sequence, ByteBuffer datagram) {
        prepare(datagram.capacity());
        if (lengths.length == 0) {
            memory = ByteBuffer.allocateDirect(slots * stride);
            view = memory.duplicate();
            sequences = new long[slots];
            lengths = new int[slots];
        }
        int length = datagram.remaining();
        if (length > stride) {
            return;
        }
        int slot = slot(sequence);
        if (lengths[slot] == EMPTY) {
            count++;
        }
        memory.put(slot * stride, datagram, datagram.position(), length);
        sequences[slot] = sequence;
        lengths[slot] = length;
    }

    /** Copies a kept datagram to the start of a buffer like its own, and sets that one's limit. */
    void copy(long sequence, ByteBuffer target) {
        int slot = slot(sequence);
        target.clear().limit(lengths[slot]);
        target.put(0, memory, slot * stride, lengths[slot]);
    }

    /**
     * Takes a kept datagram out: a view that is valid until the next {@link #put}, always the same
     * object.
     */
    ByteBuffer take(long sequence) {
        int slot = slot(sequence);
        int at = slot * stride;
        view.clear().limit(at + lengths[slot]).position(at);
        lengths[slot] = EMPTY;
        count--;
        return view;
    }

    /** Whether {@link #take} returned this very buffer. */
    @SuppressWarnings("ReferenceEquality") // the object is what is asked for
    boolean owns(ByteBuffer buffer) {
        return buffer == view;
    }

    private int slot(long sequence) {
        return (int) (sequence % slots);
    }
}
