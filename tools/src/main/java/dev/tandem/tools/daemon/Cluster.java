package dev.tandem.tools.daemon;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.control.Director;
import dev.tandem.failover.node.ClusterNode;
import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.HandoverException;
import dev.tandem.failover.node.ManualNode;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.config.ClusterConfig;
import dev.tandem.tools.config.Role;
import java.io.IOException;
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
    private volatile HardeningConfig hardening;

    private Cluster(
            ClusterConfig config,
            Director director,
            @Nullable ClusterNode node,
            @Nullable ReplicatedServices replicated) {
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
     * @throws IOException when it cannot run on this host, with the reason and the cure
     */
    static Cluster open(ClusterConfig config, ReportStore reports) throws IOException {
        DirectorConfig settings = config.director();
        Director director =
                config.isShadow()
                        ? Director.openShadow(settings)
                        : config.isWitness()
                                ? Director.openIdle(settings)
                                : Director.open(settings);
        director.start();
        ReportKeeper keeper = new ReportKeeper(config.name(), reports);
        return switch (config.role()) {
            case Role.Pair(var failover, boolean replicated) -> {
                if (!replicated) {
                    var node = new FailoverNode(failover, director, keeper);
                    yield new Cluster(config, director, node, null);
                }
                var group = new ServicesGroup(config.name(), failover.node(), director, keeper);
                var node = new FailoverNode(failover, director, group);
                group.node(node);
                yield new Cluster(config, director, node, group.services());
            }
            case Role.Manual(var manual) ->
                    new Cluster(config, director, new ManualNode(manual, director, keeper), null);
            case Role.Shadow() -> new Cluster(config, director, null, null);
        };
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

    /** Null where each node has services of its own. */
    @Nullable ReplicatedServices replicated() {
        return replicated;
    }

    /** With the keys of the last reload. */
    HardeningConfig hardening() {
        return hardening;
    }

    /** Moves, takes or releases the addresses. */
    CompletableFuture<FailoverReport> failover(FailoverRequest request) {
        boolean manual = request.take() || request.release();
        return switch (node) {
            case FailoverNode _ when config.isWitness() ->
                    refused("role witness here: ask one of its directors");
            case FailoverNode pair when !manual -> pair.handover(request.to());
            case ManualNode alone when manual ->
                    request.take() ? alone.take(request.force()) : alone.release();
            case FailoverNode _ ->
                    refused(
                            "role pair: the nodes decide themselves; ask with 'to', or for no node");
            case ManualNode _ -> refused("role manual: ask to take or to release the addresses");
            case null -> refused("role shadow: it owns nothing and sends nothing");
        };
    }

    private CompletableFuture<FailoverReport> refused(String why) {
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
        if (read.isEmpty()) {
            return hardening.mode() == HardeningConfig.Mode.OFF
                    ? ""
                    : "the file has no cluster " + name() + " with sync any more";
        }
        return read.get().mode() == hardening.mode()
                ? ""
                : "cluster %s runs with hardening %s, but the file says %s; that needs a restart"
                        .formatted(
                                name(),
                                SyncViews.word(hardening.mode()),
                                SyncViews.word(read.get().mode()));
    }

    /** Signs with the first of them and takes all of them from now on. */
    void keys(HardeningConfig fresh) {
        director.syncKeys(fresh.keys());
        hardening = fresh;
    }
}
