package dev.tandem.director.sched;

import java.util.Arrays;
import java.util.List;

/**
 * {@code mh}: consistent hashing after Google's Maglev (Eisenbud and others, NSDI 2016, section
 * 3.4), with the kernel's hash. The same server for the same client address, or with {@code
 * mh-port} for the same address and port; when a server comes or goes, few of the others' clients
 * change theirs. A server whose weight is set to 0 keeps its slots, so that the table stays as it
 * is; its clients find nobody, unless {@code mh-fallback} is on.
 */
final class Maglev implements Scheduler {
    static final List<String> FLAG_NAMES = List.of("mh-fallback", "mh-port");

    /** Slots: a prime, the kernel's for its default table index 12. */
    static final int SLOTS = 4093;

    /** Most slots that a server takes at a turn, as a power of two. */
    private static final int TURN_BITS = 6;

    private static final long FIRST_KEY = 2654435761L;
    private static final long SECOND_KEY = 2654446892L;

    private final boolean fallback;
    private final boolean withPort;
    private final int[] slots = new int[SLOTS];

    Maglev(SchedulerContext context) {
        fallback = context.has(SchedulerContext.FLAG_1);
        withPort = context.has(SchedulerContext.FLAG_2);
        Arrays.fill(slots, NONE);
    }

    /** A server without a slot would never be picked. */
    @Override
    public int maxServers() {
        return SLOTS;
    }

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int client = AddressHash.fold(flow.clientHigh(), flow.clientLow());
        int value = withPort ? client + flow.clientPort() : client;
        int home = slot(value);
        int server = slots[home];
        if (server == NONE || servers[server].available()) {
            return server;
        }
        for (int i = 0; fallback && i < SLOTS; i++) {
            server = slots[slot(value + (i + home) % SLOTS)];
            if (servers[server].available()) {
                return server;
            }
        }
        return NONE;
    }

    static int slot(int value) {
        return (int) (AddressHash.sip(value, FIRST_KEY) % SLOTS);
    }

    @Override
    public void bound(Candidate[] servers) {
        fill(servers);
    }

    @Override
    public void added(Candidate[] servers) {
        fill(servers);
    }

    @Override
    public void removed(Candidate[] servers, int index) {
        fill(servers);
    }

    @Override
    public void edited(Candidate[] servers) {
        fill(servers);
    }

    /**
     * Each server has an order of its own over all slots, given by an offset and a step. In turn
     * each takes the next free slots of its order, as many as its share of the weights, until all
     * are taken.
     */
    private void fill(Candidate[] servers) {
        Arrays.fill(slots, NONE);
        int[] turns = turns(servers);
        int[] next = new int[servers.length];
        int[] step = new int[servers.length];
        boolean any = false;
        for (int i = 0; i < servers.length; i++) {
            Candidate server = servers[i];
            int value = AddressHash.fold(server.addressHigh(), server.addressLow()) + server.port();
            next[i] = slot(value);
            step[i] = (int) (AddressHash.sip(value, SECOND_KEY) % (SLOTS - 1)) + 1;
            any |= turns[i] > 0;
        }
        int free = any ? SLOTS : 0;
        while (free > 0) {
            for (int i = 0; i < servers.length; i++) {
                for (int turn = 0; turn < turns[i] && free > 0; turn++, free--) {
                    while (slots[next[i]] != NONE) {
                        next[i] = (next[i] + step[i]) % SLOTS;
                    }
                    slots[next[i]] = i;
                }
            }
        }
    }

    /** Slots at a turn, in proportion of the weights; 0 for a server that never had one. */
    private static int[] turns(Candidate[] servers) {
        int divisor = 0;
        int greatest = 0;
        for (Candidate server : servers) {
            divisor = WeightedRoundRobin.gcd(server.lastWeight(), divisor);
            greatest = Math.max(greatest, server.lastWeight());
        }
        int[] turns = new int[servers.length];
        if (divisor == 0) {
            return turns;
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(greatest / divisor);
        int shift = Math.max(0, bits - TURN_BITS);
        for (int i = 0; i < turns.length; i++) {
            int weight = servers[i].lastWeight();
            turns[i] = weight == 0 ? 0 : Math.max(1, (weight / divisor) >> shift);
        }
        return turns;
    }
}
