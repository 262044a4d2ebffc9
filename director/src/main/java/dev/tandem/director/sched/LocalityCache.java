package dev.tandem.director.sched;

import org.jspecify.annotations.Nullable;

/**
 * Which servers {@code lblc} and {@code lblcr} chose for which destination address. Bounded: at
 * {@value #LIMIT} addresses no more are taken in.
 *
 * <p>It is tidied up by its users' picks, as the kernel's timer does it: at most once a minute, and
 * then all addresses unused for the expiration time in every 30th minute, and as soon as there are
 * more than {@value #COMFORTABLE}, some of those unused for six minutes. The buckets are chosen by
 * a secret key, unlike the kernel's: nobody can make all addresses fall into one.
 */
final class LocalityCache {
    /** Addresses up to which nothing is forced out. */
    static final int COMFORTABLE = 16384;

    static final int LIMIT = COMFORTABLE * 3 / 2;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TICK_NS = 60 * SECOND_NS;
    private static final long IDLE_NS = 6 * TICK_NS;
    private static final int TICKS_FOR_ALL = 30;
    private static final int BUCKETS = 1024;

    private final @Nullable LocalityEntry[] buckets = new @Nullable LocalityEntry[BUCKETS];
    private final long key;
    private int size;
    private boolean ticking;
    private long nextTickNs;
    private int ticks = 1;
    private int rover;

    LocalityCache(long key) {
        this.key = key;
    }

    int size() {
        return size;
    }

    /** The address's entry, now used, or null. */
    @Nullable LocalityEntry find(long high, long low, long nowNs) {
        for (LocalityEntry entry = buckets[bucket(high, low)]; entry != null; entry = entry.next) {
            if (entry.low == low && entry.high == high) {
                entry.lastUseNs = nowNs;
                return entry;
            }
        }
        return null;
    }

    /** A new entry for an address that has none; null when there is no room. */
    @Nullable LocalityEntry add(long high, long low, long nowNs) {
        if (size >= LIMIT) {
            return null;
        }
        int bucket = bucket(high, low);
        LocalityEntry entry = new LocalityEntry(high, low, buckets[bucket], nowNs);
        buckets[bucket] = entry;
        size++;
        return entry;
    }

    /** To be called before each use. */
    void tidy(int expirationSeconds, long nowNs) {
        if (!ticking) {
            ticking = true;
            nextTickNs = nowNs + TICK_NS;
        }
        if (nowNs - nextTickNs < 0) {
            return;
        }
        // a long time without picks is made up for by one round of ticks
        long due = Math.min(1 + (nowNs - nextTickNs) / TICK_NS, TICKS_FOR_ALL);
        for (int i = 0; i < due; i++) {
            tick(expirationSeconds * SECOND_NS, nowNs);
        }
        nextTickNs = nowNs + TICK_NS;
    }

    private void tick(long expirationNs, long nowNs) {
        if (ticks % TICKS_FOR_ALL == 0) {
            remove(expirationNs, Integer.MAX_VALUE, nowNs);
            ticks = 1;
        } else if (size <= COMFORTABLE) {
            ticks++;
        } else {
            remove(IDLE_NS, Math.min((size - COMFORTABLE) * 4 / 3, COMFORTABLE / 2), nowNs);
        }
    }

    /** Removes what has been idle for so long, from the rover on, until the goal is reached. */
    private void remove(long idleNs, int goal, long nowNs) {
        int left = goal;
        for (int i = 0; i < BUCKETS && left > 0; i++) {
            rover = (rover + 1) % BUCKETS;
            LocalityEntry kept = null;
            for (LocalityEntry entry = buckets[rover]; entry != null; entry = entry.next) {
                if (nowNs - entry.lastUseNs < idleNs) {
                    kept = entry;
                    continue;
                }
                if (kept == null) {
                    buckets[rover] = entry.next;
                } else {
                    kept.next = entry.next;
                }
                size--;
                left--;
            }
        }
    }

    private int bucket(long high, long low) {
        long word = key;
        if (high != 0 || low >>> Integer.SIZE != 0) {
            word ^= AddressHash.sip((int) (high >>> Integer.SIZE), word);
            word ^= AddressHash.sip((int) high, word);
            word ^= AddressHash.sip((int) (low >>> Integer.SIZE), word);
        }
        return (int) (AddressHash.sip((int) low, word) % BUCKETS);
    }
}
