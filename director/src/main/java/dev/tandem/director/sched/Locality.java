package dev.tandem.director.sched;

import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import org.jspecify.annotations.Nullable;

/**
 * {@code lblc} and {@code lblcr}, made for clusters of caches: all that is sent to one destination
 * address goes to the server that {@code wlc} chose for the first of it, until that server has more
 * active connections than its weight says while another has less than half. Then with {@code lblc}
 * {@code wlc}'s next choice takes its place; with {@code lblcr} it is added to the address's
 * servers, of which the one with the least overhead for its weight is taken, and after the
 * expiration time without an addition the busiest is dropped.
 *
 * <p>Unlike the kernel, an overloaded server is neither used because it was chosen before nor taken
 * for one that could help.
 */
final class Locality implements Scheduler {
    private final LeastLoaded choice = LeastLoaded.byWeightedConnections();
    private final LocalityCache cache;
    private final LiveSettings settings;
    private final Setting expiration;
    private final boolean replicating;

    /**
     * @param replicating whether an address may have several servers
     */
    Locality(SchedulerContext context, boolean replicating) {
        this.cache = new LocalityCache(context.random().nextLong());
        this.settings = context.settings();
        this.expiration = replicating ? Setting.LBLCR_EXPIRATION : Setting.LBLC_EXPIRATION;
        this.replicating = replicating;
    }

    /** Addresses remembered. */
    int size() {
        return cache.size();
    }

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int expirationSeconds = settings.get(expiration);
        cache.tidy(expirationSeconds, nowNs);
        LocalityEntry entry = cache.find(flow.virtualHigh(), flow.virtualLow(), nowNs);
        if (entry != null) {
            int known = leastLoaded(entry, servers);
            if (entry.size() > 1
                    && nowNs - entry.lastChangeNs > expirationSeconds * 1_000_000_000L) {
                entry.dropBusiest(nowNs);
            }
            if (known != NONE && !isOverloaded(servers[known], servers)) {
                return known;
            }
        }
        int next = choice.pick(servers);
        if (next != NONE) {
            remember(entry, flow, servers, next, nowNs);
        }
        return next;
    }

    private void remember(
            @Nullable LocalityEntry known, Flow flow, Candidate[] servers, int server, long nowNs) {
        LocalityEntry entry =
                known == null ? cache.add(flow.virtualHigh(), flow.virtualLow(), nowNs) : known;
        if (entry == null) {
            return;
        }
        if (replicating) {
            entry.add(servers[server], servers, nowNs);
        } else {
            entry.replace(servers[server]);
        }
    }

    /** Of the address's available servers the one with the least overhead for its weight. */
    private static int leastLoaded(LocalityEntry entry, Candidate[] servers) {
        int best = NONE;
        for (int i = 0; i < entry.size(); i++) {
            int index = LocalityEntry.indexOf(servers, entry.server(i));
            if (index != NONE
                    && servers[index].available()
                    && (best == NONE || isLess(servers[index], servers[best]))) {
                best = index;
            }
        }
        return best;
    }

    private static boolean isLess(Candidate server, Candidate other) {
        return other.overhead() * server.weight() > server.overhead() * other.weight();
    }

    private static boolean isOverloaded(Candidate server, Candidate[] servers) {
        if (server.activeConnections() <= server.weight()) {
            return false;
        }
        for (Candidate helper : servers) {
            if (2L * helper.activeConnections() < helper.weight() && !helper.overloaded()) {
                return true;
            }
        }
        return false;
    }
}
