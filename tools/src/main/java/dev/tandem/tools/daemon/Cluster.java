package dev.tandem.tools.daemon;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.control.Director;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.node.ClusterNode;
import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.HandoverException;
import dev.tandem.failover.node.ManualNode;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Keys;
import dev.tandem.tools.config.ClusterConfig;
import dev.tandem.tools.config.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One cluster while it runs: a director of its own and, but for a shadow, who decides what it owns.
 * Any thread.
 */
final class Cluster {
    private final ClusterConfig config;
    private final Director director;
    private final @Nullable ClusterNode node;
    private final @Nullable ReplicatedServices replicated;
    private final @Nullable Switchover switchover;
    private final @Nullable Notifier notifier;
    private volatile HardeningConfig hardening;

    private Cluster(
            ClusterConfig config,
            Director director,
            @Nullable ClusterNode node,
            @Nullable ReplicatedServices replicated,
            @Nullable Switchover switchover,
            @Nullable Notifier notifier) {
        this.switchover = switchover;
        this.notifier = notifier;
        this.config = config;
        this.director = director;
        this.node = node;
        this.replicated = replicated;
        this.hardening =
                config.director().sync().map(SyncConfig::hardening).orElse(HardeningConfig.OFF);
    }

    /**
     * Opens the director and starts it; nothing is owned yet.
     *
     * @param notifier is told of changes of state; null where nobody is
     * @throws IOException when it cannot run on this host, with the reason and the cure
     */
    static Cluster open(
            ClusterConfig config, ReportKeeper.Reports reports, @Nullable Notifier notifier)
            throws IOException {
        DirectorConfig settings = config.director();
        Director director =
                config.isShadow()
                        ? Director.openShadow(settings)
                        : config.isWitness()
                                ? Director.openIdle(settings)
                                : Director.open(settings);
        director.start();
        ReportKeeper keeper = new ReportKeeper(config.name(), reports, notifier);
        return switch (config.role()) {
            case Role.Pair pair -> pair(config, pair, director, keeper, notifier);
            case Role.Manual(var manual) ->
                    new Cluster(
                            config,
                            director,
                            new ManualNode(manual, director, keeper),
                            null,
                            null,
                            null);
            case Role.Shadow() -> new Cluster(config, director, null, null, null, null);
        };
    }

    private static Cluster pair(
            ClusterConfig config,
            Role.Pair pair,
            Director director,
            ReportKeeper keeper,
            @Nullable Notifier notifier) {
        FailoverConfig failover = pair.failover();
        ServicesGroup group =
                pair.servicesReplicated()
                        ? new ServicesGroup(config.name(), failover.node(), director, keeper)
                        : null;
        Desk desk = new Desk(director, group == null ? keeper : group);
        FailoverNode node = new FailoverNode(failover, director, desk);
        desk.node(node);
        if (group != null) {
            group.node(node);
        }
        director.followLinks(node.trackedInterfaces(), node::linkChanged);
        return new Cluster(
                config,
                director,
                node,
                group == null ? null : group.services(),
                failover.isWitness()
                        ? null
                        : new Switchover(config.name(), node, desk, keeper, failover.drainMs()),
                notifier);
    }

    ClusterConfig config() {
        return config;
    }

    String name() {
        return config.name();
    }

    Director director() {
        return director;
    }

    /** Null for a shadow. */
    @Nullable ClusterNode node() {
        return node;
    }

    /** How the addresses are moved to another node; null where nodes do not hand over here. */
    @Nullable Switchover switchover() {
        return switchover;
    }

    /** What telling the operator's programs came to; empty where there are none. */
    Map<String, Long> notified() {
        return notifier == null ? Map.of() : notifier.counters();
    }

    /** Null where each node has services of its own. */
    @Nullable ReplicatedServices replicated() {
        return replicated;
    }

    /** With the keys of the last reload. */
    HardeningConfig hardening() {
        return hardening;
    }

    /** Takes or releases the addresses; who moves them to another node is {@link #switchover}. */
    CompletableFuture<FailoverReport> failover(FailoverRequest request) {
        boolean manual = request.take() || request.release();
        return switch (node) {
            case FailoverNode _ when config.isWitness() ->
                    refused("role witness here: ask one of its directors");
            case ManualNode alone when manual ->
                    request.take() ? alone.take(request.force()) : alone.release();
            case FailoverNode _ ->
                    refused(
                            "role pair: the nodes decide themselves; ask with 'to', or for no node");
            case ManualNode _ -> refused("role manual: ask to take or to release the addresses");
            case null -> refused("role shadow: it owns nothing and sends nothing");
        };
    }

    /** Keeps this node from owning the addresses, or lets it again; a report if it owned them. */
    CompletableFuture<Optional<FailoverReport>> maintenance(boolean on) {
        return node instanceof FailoverNode pair && !config.isWitness()
                ? pair.maintenance(on)
                : refused("no role that takes the addresses by itself");
    }

    private <T> CompletableFuture<T> refused(String why) {
        return CompletableFuture.failedFuture(
                new HandoverException("cluster " + name() + " has " + why));
    }

    /**
     * Why new settings of it cannot replace the keys while it runs; empty when they can.
     *
     * @param fresh empty when the file has no such cluster any more
     */
    String whyNotKeysOf(Optional<ClusterConfig> fresh) {
        Optional<HardeningConfig> read =
                fresh.flatMap(cluster -> cluster.director().sync()).map(SyncConfig::hardening);
        if (read.isEmpty() && hardening.mode() != HardeningConfig.Mode.OFF) {
            return "the file has no cluster " + name() + " with sync any more";
        }
        if (read.isPresent() && read.get().mode() != hardening.mode()) {
            return "cluster %s runs with hardening %s, but the file says %s; that needs a restart"
                    .formatted(
                            name(),
                            SyncViews.word(hardening.mode()),
                            SyncViews.word(read.get().mode()));
        }
        return whyNotFailoverKeys(fresh.map(Cluster::failoverKeys).orElse(List.of()));
    }

    private String whyNotFailoverKeys(List<SyncKey> fresh) {
        boolean proves = node instanceof FailoverNode pair && !pair.keys().isEmpty();
        return proves != fresh.isEmpty()
                ? ""
                : "cluster %s runs %s failover.keys, and the file has %s; that needs a restart"
                        .formatted(
                                name(),
                                proves ? "with" : "without",
                                fresh.isEmpty() ? "none" : "some");
    }

    private static List<SyncKey> failoverKeys(ClusterConfig config) {
        return config.role() instanceof Role.Pair(var failover, _, _) ? failover.keys() : List.of();
    }

    /** The keys in force. */
    List<Keys.ClusterKeys> keys() {
        List<Keys.ClusterKeys> inForce = new ArrayList<>();
        if (hardening.mode() != HardeningConfig.Mode.OFF) {
            inForce.add(new Keys.ClusterKeys(name(), "sync", SyncViews.keyIds(hardening.keys())));
        }
        if (node instanceof FailoverNode pair && !pair.keys().isEmpty()) {
            inForce.add(new Keys.ClusterKeys(name(), "failover", SyncViews.keyIds(pair.keys())));
        }
        return inForce;
    }

    /** Signs with the first keys of it and takes all of them from now on. */
    void keys(ClusterConfig fresh) {
        if (hardening.mode() != HardeningConfig.Mode.OFF) {
            hardening = fresh.director().sync().orElseThrow().hardening();
            director.syncKeys(hardening.keys());
        }
        if (node instanceof FailoverNode pair && !pair.keys().isEmpty()) {
            pair.keys(failoverKeys(fresh));
        }
    }
}
