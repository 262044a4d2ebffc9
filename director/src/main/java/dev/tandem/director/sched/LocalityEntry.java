package dev.tandem.director.sched;

import org.jspecify.annotations.Nullable;

/** An address in a {@link LocalityCache} and its servers, the latest first. */
final class LocalityEntry {
    final long high;
    final long low;
    @Nullable LocalityEntry next;
    long lastUseNs;

    /** When a server was last added or dropped. */
    long lastChangeNs;

    private @Nullable Candidate[] servers = new @Nullable Candidate[1];
    private int size;

    LocalityEntry(long high, long low, @Nullable LocalityEntry next, long nowNs) {
        this.high = high;
        this.low = low;
        this.next = next;
        this.lastUseNs = nowNs;
    }

    int size() {
        return size;
    }

    /** The server at 0 to {@link #size} - 1. */
    @Nullable Candidate server(int i) {
        return servers[i];
    }

    /** Makes this the only server. */
    void replace(Candidate server) {
        servers[0] = server;
        size = 1;
    }

    /** Adds a server unless it is there; forgets those that the service has no more. */
    @SuppressWarnings("ReferenceEquality") // see Candidate
    void add(Candidate server, Candidate[] present, long nowNs) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Candidate other = servers[i];
            if (other == server) {
                return;
            }
            if (indexOf(present, other) != Scheduler.NONE) {
                servers[kept++] = other;
            }
        }
        @Nullable Candidate[] grown =
                kept < servers.length ? servers : new @Nullable Candidate[2 * kept];
        System.arraycopy(servers, 0, grown, 1, kept);
        grown[0] = server;
        servers = grown;
        size = kept + 1;
        lastChangeNs = nowNs;
    }

    /** Drops the server with the most overhead for its weight, of those with a weight. */
    void dropBusiest(long nowNs) {
        int busiest = Scheduler.NONE;
        long most = 0;
        long weightOfBusiest = 0;
        for (int i = 0; i < size; i++) {
            Candidate server = servers[i];
            if (server != null && server.weight() > 0) {
                long overhead = server.overhead();
                long weight = server.weight();
                if (busiest == Scheduler.NONE || most * weight < overhead * weightOfBusiest) {
                    busiest = i;
                    most = overhead;
                    weightOfBusiest = weight;
                }
            }
        }
        if (busiest != Scheduler.NONE) {
            System.arraycopy(servers, busiest + 1, servers, busiest, size - busiest - 1);
            size--;
            servers[size] = null;
            lastChangeNs = nowNs;
        }
    }

    /** Where the server is in the list, or {@link Scheduler#NONE} when it is there no more. */
    @SuppressWarnings("ReferenceEquality") // see Candidate
    static int indexOf(Candidate[] present, @Nullable Candidate server) {
        for (int i = 0; i < present.length; i++) {
            if (present[i] == server) {
                return i;
            }
        }
        return Scheduler.NONE;
    }
}
