package dev.tandem.director.service;

import dev.tandem.director.config.RealServerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All real servers by their numbers, and the trash: those that were taken out of the configuration,
 * kept with their counters in case they come back (ip_vs_ctl.c, ip_vs_dest_trash_expire). Worker
 * thread only.
 *
 * <p>Once a minute the trash is looked through: a server without connections is noted with the
 * time, and forgotten when it was noted two minutes ago or longer.
 */
final class ServerTable {
    private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long KEEP_NS = TimeUnit.SECONDS.toNanos(120);

    /** By number; null: the number is free. Element 0 is never used. */
    private @Nullable RealServer[] byId = new @Nullable RealServer[16];

    /** All numbers below it are taken. */
    private int lowestFree = 1;

    private final TrafficCounters total;
    private final List<Discarded> trash = new ArrayList<>();
    private long nextSweepNs;
    private boolean sweeping;

    ServerTable(TrafficCounters total) {
        this.total = total;
    }

    @Nullable RealServer get(int id) {
        return byId[id];
    }

    /** The server as it was when it was last in the configuration, or a new one. */
    RealServer provide(VirtualService service, RealServerConfig config) {
        for (Discarded discarded : trash) {
            RealServer server = discarded.server;
            if (server.is(config) && server.service().id().equals(service.id())) {
                trash.remove(discarded);
                server.revive(service, config);
                return server;
            }
        }
        int id = freeId();
        RealServer server = new RealServer(id, service, config, total);
        byId[id] = server;
        return server;
    }

    /** Takes a server from its service. */
    void discard(VirtualService service, RealServer server) {
        service.remove(server);
        server.takeOut();
        trash.add(new Discarded(server));
    }

    /** Takes all servers from a service. */
    void discardAll(VirtualService service) {
        service.servers().forEach(server -> discard(service, server));
    }

    /** How many servers wait in the trash. */
    int discarded() {
        return trash.size();
    }

    int doWork(long nowNs) {
        if (trash.isEmpty()) {
            sweeping = false;
            return 0;
        }
        if (!sweeping) {
            sweeping = true;
            nextSweepNs = nowNs + SWEEP_NS;
        }
        if (nextSweepNs - nowNs > 0) {
            return 0;
        }
        nextSweepNs = nowNs + SWEEP_NS;
        trash.removeIf(discarded -> isOver(discarded, nowNs));
        return 1;
    }

    private boolean isOver(Discarded discarded, long nowNs) {
        if (!discarded.server.isUnused()) {
            return false;
        }
        if (!discarded.noted) {
            discarded.noted = true;
            discarded.unusedSinceNs = nowNs;
            return false;
        }
        if (nowNs - discarded.unusedSinceNs < KEEP_NS) {
            return false;
        }
        byId[discarded.server.id()] = null;
        lowestFree = Math.min(lowestFree, discarded.server.id());
        return true;
    }

    private int freeId() {
        for (int id = lowestFree; id < byId.length; id++) {
            if (byId[id] == null) {
                lowestFree = id + 1;
                return id;
            }
        }
        int id = byId.length;
        byId = Arrays.copyOf(byId, 2 * id);
        lowestFree = id + 1;
        return id;
    }

    private static final class Discarded {
        final RealServer server;
        boolean noted;
        long unusedSinceNs;

        Discarded(RealServer server) {
            this.server = server;
        }
    }
}
