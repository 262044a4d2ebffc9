package dev.tandem.director.address;

/**
 * An immutable set of addresses of one family, as two longs each with the numbers of their bytes
 * (IPv4: high 0, low unsigned). Asking allocates nothing.
 */
final class AddressSet {
    private final long[] highs;
    private final long[] lows;
    private final boolean[] taken;
    private final int mask;

    /** Both arrays have the same length; an address may come twice. */
    AddressSet(long[] highs, long[] lows) {
        int capacity = Integer.highestOneBit(Math.max(8, highs.length * 4 - 1));
        this.highs = new long[capacity];
        this.lows = new long[capacity];
        taken = new boolean[capacity];
        mask = capacity - 1;
        for (int i = 0; i < highs.length; i++) {
            int slot = find(highs[i], lows[i]);
            this.highs[slot] = highs[i];
            this.lows[slot] = lows[i];
            taken[slot] = true;
        }
    }

    boolean contains(long high, long low) {
        return taken[find(high, low)];
    }

    /** Where the address is, or the free slot where it would be. */
    private int find(long high, long low) {
        long hash = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        int slot = (int) (hash >>> 40) & mask;
        while (taken[slot] && (lows[slot] != low || highs[slot] != high)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
