package dev.tandem.director.sched;

import java.util.List;

/**
 * {@code sh}: the same server for the same client address, or with {@code sh-port} for the same
 * address and port. A server takes as many neighbouring buckets at a turn as its weight says; one
 * with weight 0 keeps one. When a server's turn comes that takes no connections, nobody takes its
 * place, unless {@code sh-fallback} is on: then other buckets are tried in an order of the client's
 * own.
 */
final class SourceHash implements Scheduler {
    static final List<String> FLAG_NAMES = List.of("sh-fallback", "sh-port");

    private final HashTable table = new HashTable();
    private final boolean fallback;
    private final boolean withPort;

    SourceHash(SchedulerContext context) {
        fallback = context.has(SchedulerContext.FLAG_1);
        withPort = context.has(SchedulerContext.FLAG_2);
    }

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int client = AddressHash.fold(flow.clientHigh(), flow.clientLow());
        int home = HashTable.bucketOf(withPort ? client + flow.clientPort() : client);
        int server = table.server(home);
        if (server == NONE || servers[server].available()) {
            return server;
        }
        for (int i = 0; fallback && i < HashTable.BUCKETS; i++) {
            int offset = (i + home) % HashTable.BUCKETS;
            server = table.server(offset + home);
            if (servers[server].available()) {
                return server;
            }
        }
        return NONE;
    }

    @Override
    public void bound(Candidate[] servers) {
        table.fill(servers, true);
    }

    @Override
    public void added(Candidate[] servers) {
        table.fill(servers, true);
    }

    @Override
    public void removed(Candidate[] servers, int index) {
        table.fill(servers, true);
    }

    @Override
    public void edited(Candidate[] servers) {
        table.fill(servers, true);
    }
}
