package dev.tandem.director.conn;

import dev.tandem.director.io.Tally;
import java.util.Arrays;

/**
 * What a table holds of the connections that its director and its peers told each other of, as 4096
 * sums: two tables are the same when their sums are. Worker thread only, but for {@link #entries};
 * allocates nothing.
 *
 * <p>An entry stands in the bucket of its key, and adds a hash of its key, its server and the state
 * that was last announced to the bucket's sum, so that the order of coming does not matter. Those
 * that nobody was told of do not count. TCP and SCTP connections count while they are announced as
 * established: how a connection ends is told too, but when it is gone from a table is a matter of
 * timers, and no two nodes' timers agree to the millisecond.
 *
 * <p>The sums follow every change at once. That alone would never see what changed behind its back,
 * so a walk goes over the whole table all the time, a piece a turn, and adds up anew: entries below
 * {@link #cursor} stand in the sums of the walk, too, and at its end these are the sums.
 */
public final class TableDigest {
    /** Number of buckets, a power of two. */
    public static final int BUCKETS = 4096;

    private static final int BUCKET_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(BUCKETS);

    /** A whole walk takes at least so long: what is broken is found within twice this time. */
    private static final long WALK_NS = 2_000_000_000L;

    private static final int MAX_SLOTS = 2048;

    private final ConnectionTable table;
    private final Tally entries = new Tally();
    private long[] sums = new long[BUCKETS];
    private int[] counts = new int[BUCKETS];
    private long[] walkedSums = new long[BUCKETS];
    private int[] walkedCounts = new int[BUCKETS];
    private long walkedEntries;
    private int cursor;
    private long walkedNs;

    TableDigest(ConnectionTable table) {
        this.table = table;
    }

    /** The bucket in which the entry stands, or would stand. */
    public static int bucket(long entry) {
        return bucketOf(EntryHash.key(entry));
    }

    private static int bucketOf(long key) {
        return (int) (key >>> BUCKET_SHIFT);
    }

    /** Sum of a bucket, 0 for an empty one. */
    public long sum(int bucket) {
        return sums[bucket];
    }

    /** Entries in a bucket. */
    public int count(int bucket) {
        return counts[bucket];
    }

    /** Entries in all buckets; any thread. */
    public long entries() {
        return entries.get();
    }

    /** The entry counts from now on, as it is now; nothing happens when it does already. */
    void enter(long entry, int slot) {
        if (!ConnectionEntry.isCounted(entry) && EntryHash.isCounted(entry)) {
            ConnectionEntry.mark(entry, ConnectionEntry.COUNTED_MARK);
            add(entry, slot, 1);
        }
    }

    /** The entry counts no more; to be called before anything of it is changed. */
    void leave(long entry, int slot) {
        if (ConnectionEntry.isCounted(entry)) {
            ConnectionEntry.unmark(entry, ConnectionEntry.COUNTED_MARK);
            add(entry, slot, -1);
        }
    }

    private void add(long entry, int slot, int sign) {
        long key = EntryHash.key(entry);
        long hash = sign * EntryHash.content(entry, key);
        int bucket = bucketOf(key);
        sums[bucket] += hash;
        counts[bucket] += sign;
        entries.add(sign);
        if (slot < cursor) {
            walkedSums[bucket] += hash;
            walkedCounts[bucket] += sign;
            walkedEntries += sign;
        }
    }

    /** Goes on with the walk by what the time since the last call allows. */
    public void doWork(long nowNs) {
        int slots = table.slotCount();
        long sinceNs = Math.min(nowNs - walkedNs, WALK_NS);
        long due = Math.min(sinceNs * Math.max(slots, 1) / WALK_NS, MAX_SLOTS);
        if (due == 0) {
            return;
        }
        walkedNs = nowNs;
        int end = (int) Math.min(cursor + due + 1, slots);
        for (; cursor < end; cursor++) {
            long entry = table.entryAt(cursor);
            if (entry != ConnectionTable.NONE && ConnectionEntry.isCounted(entry)) {
                long key = EntryHash.key(entry);
                int bucket = bucketOf(key);
                walkedSums[bucket] += EntryHash.content(entry, key);
                walkedCounts[bucket]++;
                walkedEntries++;
            }
        }
        if (cursor >= slots) {
            finishWalk();
        }
    }

    private void finishWalk() {
        long[] oldSums = sums;
        int[] oldCounts = counts;
        sums = walkedSums;
        counts = walkedCounts;
        entries.set(walkedEntries);
        walkedSums = oldSums;
        walkedCounts = oldCounts;
        Arrays.fill(walkedSums, 0);
        Arrays.fill(walkedCounts, 0);
        walkedEntries = 0;
        cursor = 0;
    }
}
