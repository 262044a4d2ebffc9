package dev.tandem.director.sched;

import java.util.Arrays;

/**
 * What {@code dh} and {@code sh} look into: {@value #BUCKETS} buckets, each with the index of a
 * server, filled turn by turn along the list.
 */
final class HashTable {
    private static final int BITS = 8;
    static final int BUCKETS = 1 << BITS;

    private final int[] buckets = new int[BUCKETS];

    HashTable() {
        Arrays.fill(buckets, Scheduler.NONE);
    }

    /**
     * Fills the table anew.
     *
     * @param weighted whether a server takes as many buckets at a turn as its weight says, one at
     *     least; otherwise one
     */
    void fill(Candidate[] servers, boolean weighted) {
        if (servers.length == 0) {
            Arrays.fill(buckets, Scheduler.NONE);
            return;
        }
        int server = 0;
        int taken = 0;
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = server;
            taken++;
            if (!weighted || taken >= servers[server].weight()) {
                server = server + 1 < servers.length ? server + 1 : 0;
                taken = 0;
            }
        }
    }

    /** The bucket of a number, 0 to {@value #BUCKETS} - 1. */
    static int bucketOf(int value) {
        return AddressHash.bucket(value, BITS);
    }

    /**
     * The server in a bucket, or {@link Scheduler#NONE} when there are no servers.
     *
     * @param bucket any number; taken modulo the number of buckets
     */
    int server(int bucket) {
        return buckets[bucket & BUCKETS - 1];
    }
}
