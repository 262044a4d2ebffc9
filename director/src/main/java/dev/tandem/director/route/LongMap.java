package dev.tandem.director.route;

import java.util.Arrays;
import java.util.Map;

/** An immutable map from long to non-negative long; looking up allocates nothing. */
final class LongMap {
    /** What {@link #get} answers for a key that is not there. */
    static final long MISSING = -1;

    private final long[] keys;
    private final long[] values;
    private final int mask;

    LongMap(Map<Long, Long> entries) {
        int capacity = Integer.highestOneBit(Math.max(8, entries.size() * 4 - 1));
        keys = new long[capacity];
        values = new long[capacity];
        mask = capacity - 1;
        Arrays.fill(values, MISSING);
        entries.forEach(this::put);
    }

    private void put(long key, long value) {
        int slot = slot(key);
        while (values[slot] != MISSING) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    long get(long key) {
        int slot = slot(key);
        while (values[slot] != MISSING && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return values[slot];
    }

    private int slot(long key) {
        long hash = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash ^ (hash >>> 32)) & mask;
    }
}
