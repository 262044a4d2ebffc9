package dev.tandem.tools.daemon;

import dev.tandem.director.control.Director;
import dev.tandem.failover.node.ClusterNode;
import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.HandoverException;
import dev.tandem.failover.node.ManualNode;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.config.ClusterConfig;
import dev.tandem.tools.config.Role;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One cluster while it runs: a director of its own and, but for a shadow, who decides what it owns.
 *
 * @param node null for a shadow
 */
record Cluster(ClusterConfig config, Director director, @Nullable ClusterNode node) {

    /**
     * Opens the director and starts it; nothing is owned yet.
     *
     * @throws IOException when it cannot run on this host, with the reason and the cure
     */
    static Cluster open(ClusterConfig config, ReportStore reports) throws IOException {
        if (config.isShadow()) {
            throw new IOException("role shadow cannot be run yet");
        }
        Director director = Director.open(config.director());
        director.start();
        ReportKeeper keeper = new ReportKeeper(config.name(), reports);
        ClusterNode node =
                switch (config.role()) {
                    case Role.Pair(var failover) -> new FailoverNode(failover, director, keeper);
                    case Role.Manual(var manual) -> new ManualNode(manual, director, keeper);
                    case Role.Shadow() -> null;
                };
        return new Cluster(config, director, node);
    }

    /** Moves, takes or releases the addresses. */
    CompletableFuture<FailoverReport> failover(FailoverRequest request) {
        boolean manual = request.take() || request.release();
        return switch (node) {
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
                new HandoverException("cluster " + config.name() + " has " + why));
    }
}
