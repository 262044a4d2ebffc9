package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;

/**
 * From 32-bit tags (hashes of keys) to cell numbers: open addressing with linear probing over slots
 * of 8 bytes, {@code tag << 32 | number}, 0 when empty.
 *
 * <p>A slot's home is {@code tag * slots / 2^32}, which needs no power of two. The tag in the slot
 * spares nearly every look at a wrong entry.
 *
 * <p><b>Removal.</b> Later slots of the probe run move back over the gap. Tombstones would be
 * simpler, but connections come and go for months: tombstones fill the gaps until misses walk the
 * whole run, and the cure is a rebuild that stops the data plane. Moving back costs a few slots and
 * reads no entry, for the home follows from the tag in the slot.
 *
 * <p>A search goes like this; the same tag may stand for several entries, and one entry may be
 * there under several tags:
 *
 * <pre>{@code
 * for (long slot = index.home(tag); ; slot = index.next(slot)) {
 *     long word = index.word(slot);
 *     if (word == 0) { return NONE; }
 *     if (ConnectionIndex.tag(word) == tag && isIt(ConnectionIndex.number(word))) { … }
 * }
 * }</pre>
 */
final class ConnectionIndex {
    private final long base;
    private final long slots;

    /**
     * @param base address of {@code slots} times 8 bytes that read as zero
     */
    ConnectionIndex(long base, long slots) {
        this.base = base;
        this.slots = slots;
    }

    /** Where the search for a tag begins. */
    long home(int tag) {
        return (Integer.toUnsignedLong(tag) * slots) >>> 32;
    }

    /** The slot after this one, round and round. */
    long next(long slot) {
        long next = slot + 1;
        return next == slots ? 0 : next;
    }

    /** What stands in a slot. */
    long word(long slot) {
        return Memory.getLong(base + slot * Long.BYTES);
    }

    static int tag(long word) {
        return (int) (word >>> 32);
    }

    static int number(long word) {
        return (int) word;
    }

    /** Adds a number under a tag; there must be an empty slot. */
    void link(int tag, int number) {
        long slot = home(tag);
        while (word(slot) != 0) {
            slot = next(slot);
        }
        put(slot, (long) tag << 32 | number);
    }

    /**
     * Takes a number out that is there under this tag.
     *
     * @return false when it is not there: then nothing was done
     */
    boolean unlink(int tag, int number) {
        long wanted = (long) tag << 32 | number;
        long slot = home(tag);
        for (long word = word(slot); word != wanted; word = word(slot)) {
            if (word == 0) {
                return false;
            }
            slot = next(slot);
        }
        empty(slot);
        return true;
    }

    /** Takes a number out under whatever tags it is there; looks at every slot. */
    void purge(int number) {
        for (long slot = 0; slot < slots; slot++) {
            while (number(word(slot)) == number) {
                empty(slot);
            }
        }
    }

    private void empty(long filled) {
        long gap = filled;
        for (long slot = next(gap); ; slot = next(slot)) {
            long word = word(slot);
            if (word == 0) {
                break;
            }
            // A word may move back to the gap when its home is not after the gap.
            if (distance(home(tag(word)), slot) >= distance(gap, slot)) {
                put(gap, word);
                gap = slot;
            }
        }
        put(gap, 0);
    }

    /** Steps from one slot forward to another. */
    private long distance(long from, long to) {
        long steps = to - from;
        return steps < 0 ? steps + slots : steps;
    }

    private void put(long slot, long word) {
        Memory.putLong(base + slot * Long.BYTES, word);
    }
}
