package dev.tandem.tools.daemon;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.director.control.Director;
import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.HandoverException;
import dev.tandem.tools.api.ApiBackend;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.ConnectionQuery;
import dev.tandem.tools.api.Connections;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.config.NodeConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Answers the API out of the running director and failover node. */
final class Backend implements ApiBackend {
    private static final int LISTING_SECONDS = 8;

    /** A handover's own steps give up long before. */
    private static final int HANDOVER_SECONDS = 150;

    private final NodeConfig config;
    private final Director director;
    private final FailoverNode node;
    private final ReportStore reports;
    private final long startNs = System.nanoTime();

    Backend(NodeConfig config, Director director, FailoverNode node, ReportStore reports) {
        this.config = config;
        this.director = director;
        this.node = node;
        this.reports = reports;
    }

    @Override
    public Status status() {
        long uptimeMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        return Views.status(config, node.status(), director.status(), uptimeMs);
    }

    @Override
    public Connections connections(ConnectionQuery query) throws ApiException {
        List<ConnectionView> found =
                await(
                        director.connections(query.filter(), query.limit()),
                        LISTING_SECONDS,
                        "the listing");
        return new Connections(
                director.vitals().connections(), found.size() >= query.limit(), found);
    }

    @Override
    public Report failover(@Nullable String to) throws ApiException {
        return Views.report(await(node.handover(to), HANDOVER_SECONDS, "the handover"));
    }

    @Override
    public List<Report> reports() throws ApiException {
        try {
            return reports.list();
        } catch (IOException e) {
            throw new ApiException(500, "the reports cannot be read: " + e.getMessage());
        }
    }

    private static <T> T await(CompletableFuture<T> future, int seconds, String what)
            throws ApiException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HandoverException refusal) {
                throw new ApiException(409, String.valueOf(refusal.getMessage()));
            }
            throw new ApiException(503, what + " failed: " + e.getCause());
        } catch (TimeoutException _) {
            throw new ApiException(
                    503, what + " did not come within " + seconds + " s; see the daemon's log");
        } catch (InterruptedException _) {
            throw new ApiException(503, "the daemon is stopping");
        }
    }
}
