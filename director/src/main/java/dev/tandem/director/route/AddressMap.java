package dev.tandem.director.route;

import java.util.Arrays;
import java.util.Map;

/**
 * An immutable map from an address within a scope (an interface, a prefix length) to a non-negative
 * long; looking up allocates nothing.
 */
final class AddressMap {
    /** What {@link #get} answers for a key that is not there. */
    static final long MISSING = -1;

    static final AddressMap EMPTY = new AddressMap(Map.of());

    /** An address, as {@link IpAddress} has it, and whatever tells it from the same elsewhere. */
    record Key(long scope, long high, long low) {}

    private static final int KEY_LONGS = 3;

    /** Scope, high, low of each slot. */
    private final long[] keys;

    private final long[] values;
    private final int mask;

    AddressMap(Map<Key, Long> entries) {
        int capacity = Integer.highestOneBit(Math.max(8, entries.size() * 4 - 1));
        keys = new long[capacity * KEY_LONGS];
        values = new long[capacity];
        mask = capacity - 1;
        Arrays.fill(values, MISSING);
        entries.forEach(this::put);
    }

    private void put(Key key, long value) {
        int slot = slot(key.scope(), key.high(), key.low());
        while (values[slot] != MISSING) {
            slot = (slot + 1) & mask;
        }
        keys[slot * KEY_LONGS] = key.scope();
        keys[slot * KEY_LONGS + 1] = key.high();
        keys[slot * KEY_LONGS + 2] = key.low();
        values[slot] = value;
    }

    long get(long scope, long high, long low) {
        int slot = slot(scope, high, low);
        while (values[slot] != MISSING && !isAt(slot, scope, high, low)) {
            slot = (slot + 1) & mask;
        }
        return values[slot];
    }

    private boolean isAt(int slot, long scope, long high, long low) {
        int key = slot * KEY_LONGS;
        return keys[key] == scope && keys[key + 1] == high && keys[key + 2] == low;
    }

    private int slot(long scope, long high, long low) {
        long hash = (low * 31 + high) * 31 + scope;
        hash *= 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash ^ (hash >>> 32)) & mask;
    }
}
