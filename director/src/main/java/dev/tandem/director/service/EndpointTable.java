package dev.tandem.director.service;

import org.jspecify.annotations.Nullable;

/**
 * Finds something by an address and what else makes it the one meant: open addressing, at most half
 * full, filled once and then only read. Allocates nothing when read.
 */
final class EndpointTable<T> {
    private static final int KEY_LONGS = 3;

    /** Kind, high, low; kind 0: empty slot. */
    private final long[] keys;

    private final @Nullable Object[] values;
    private final int mask;

    /**
     * @param size most things that will be put in
     */
    EndpointTable(int size) {
        int slots = Integer.highestOneBit(Math.max(size, 1)) * 4;
        keys = new long[slots * KEY_LONGS];
        values = new @Nullable Object[slots];
        mask = slots - 1;
    }

    /**
     * The first of a key stays.
     *
     * @param kind whatever belongs to the key besides the address, not 0
     */
    void put(long kind, long high, long low, T value) {
        int slot = home(kind, high, low);
        while (keys[slot * KEY_LONGS] != 0) {
            if (holds(slot, kind, high, low)) {
                return;
            }
            slot = (slot + 1) & mask;
        }
        keys[slot * KEY_LONGS] = kind;
        keys[slot * KEY_LONGS + 1] = high;
        keys[slot * KEY_LONGS + 2] = low;
        values[slot] = value;
    }

    @SuppressWarnings("unchecked") // put() is the only one that writes values
    @Nullable T get(long kind, long high, long low) {
        for (int slot = home(kind, high, low); ; slot = (slot + 1) & mask) {
            if (holds(slot, kind, high, low)) {
                return (T) values[slot];
            }
            if (keys[slot * KEY_LONGS] == 0) {
                return null;
            }
        }
    }

    private boolean holds(int slot, long kind, long high, long low) {
        int at = slot * KEY_LONGS;
        return keys[at] == kind && keys[at + 1] == high && keys[at + 2] == low;
    }

    private int home(long kind, long high, long low) {
        // Odd multipliers spread neighbouring keys; the high bits are the mixed ones.
        long mixed = kind ^ Long.rotateLeft(low, 24) ^ (high * 0xC2B2AE3D27D4EB4FL);
        return (int) ((mixed * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    }
}
