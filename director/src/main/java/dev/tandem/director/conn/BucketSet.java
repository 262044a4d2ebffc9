package dev.tandem.director.conn;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Some of the buckets of a {@link TableDigest}. One thread; allocates nothing once made. */
public final class BucketSet {
    /** Bytes of its written form: a bit for each bucket, in 64-bit words, lowest bit first. */
    public static final int LENGTH = TableDigest.BUCKETS / Byte.SIZE;

    private final long[] words = new long[TableDigest.BUCKETS / Long.SIZE];
    private int size;

    /** All of them. */
    public static BucketSet all() {
        BucketSet set = new BucketSet();
        set.fill();
        return set;
    }

    public void fill() {
        Arrays.fill(words, -1);
        size = TableDigest.BUCKETS;
    }

    public void clear() {
        Arrays.fill(words, 0);
        size = 0;
    }

    public void add(int bucket) {
        if (!contains(bucket)) {
            words[bucket / Long.SIZE] |= 1L << bucket;
            size++;
        }
    }

    public void remove(int bucket) {
        if (contains(bucket)) {
            words[bucket / Long.SIZE] &= ~(1L << bucket);
            size--;
        }
    }

    public boolean contains(int bucket) {
        return (words[bucket / Long.SIZE] & 1L << bucket) != 0;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Appends the written form. */
    public void write(ByteBuffer target) {
        for (long word : words) {
            target.putLong(word);
        }
    }

    /** Becomes what was written; {@link #LENGTH} bytes must be there. */
    public void read(ByteBuffer source) {
        size = 0;
        for (int i = 0; i < words.length; i++) {
            words[i] = source.getLong();
            size += Long.bitCount(words[i]);
        }
    }
}
