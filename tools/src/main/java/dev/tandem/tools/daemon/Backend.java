package dev.tandem.tools.daemon;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.failover.node.HandoverException;
import dev.tandem.tools.api.ApiBackend;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Checks;
import dev.tandem.tools.api.ConfigText;
import dev.tandem.tools.api.ConnectionQuery;
import dev.tandem.tools.api.Connections;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.IpvsOperation;
import dev.tandem.tools.api.IpvsRequest;
import dev.tandem.tools.api.Keys;
import dev.tandem.tools.api.Maintenance;
import dev.tandem.tools.api.MaintenanceRequest;
import dev.tandem.tools.api.Overview;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.SettingsAnswer;
import dev.tandem.tools.api.SettingsRequest;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.api.Transition;
import dev.tandem.tools.api.Why;
import dev.tandem.tools.config.ClusterConfig;
import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.config.ConfigReader;
import dev.tandem.tools.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers the API out of the running clusters. */
final class Backend implements ApiBackend {
    private static final int LISTING_SECONDS = 8;

    /** A handover's own steps give up long before. */
    private static final int HANDOVER_SECONDS = 150;

    private final @Nullable Path file;
    private final String node;
    private final List<Cluster> clusters;
    private final ConfigFile configFile;
    private final ReportKeeper.Reports reports;
    private final long startNs = System.nanoTime();

    /**
     * @param file the configuration, which the keys are read from again; null: there is none
     */
    Backend(
            @Nullable Path file,
            String node,
            List<Cluster> clusters,
            ReportKeeper.Reports reports) {
        this.file = file;
        this.node = node;
        this.clusters = List.copyOf(clusters);
        configFile = new ConfigFile(file, this.clusters);
        this.reports = reports;
    }

    @Override
    public Overview overview() {
        long uptimeMs = uptimeMs();
        return new Overview(
                node,
                uptimeMs,
                clusters.stream().map(cluster -> Views.status(node, cluster, uptimeMs)).toList());
    }

    @Override
    public Status status(String cluster) throws ApiException {
        return Views.status(node, find(cluster), uptimeMs());
    }

    @Override
    public Connections connections(String cluster, ConnectionQuery query) throws ApiException {
        Cluster asked = find(cluster);
        List<ConnectionView> found =
                await(
                        asked.director().connections(query.filter(), query.limit()),
                        LISTING_SECONDS,
                        "the listing");
        return new Connections(
                asked.director().vitals().connections(), found.size() >= query.limit(), found);
    }

    @Override
    public Ipvs ipvs(String cluster) throws ApiException {
        return IpvsViews.ipvs(find(cluster));
    }

    @Override
    public IpvsAnswer ipvs(IpvsRequest request) throws ApiException {
        Cluster cluster = find(Objects.requireNonNullElse(request.cluster(), ""));
        ReplicatedServices replicated = cluster.replicated();
        return replicated == null
                        || request.operations().stream().noneMatch(IpvsOperation::ofCluster)
                ? change(cluster, request)
                : replicated.change(() -> change(cluster, request));
    }

    private static IpvsAnswer change(Cluster cluster, IpvsRequest request) throws ApiException {
        return new IpvsAnswer(new IpvsChanges(cluster).make(request.operations()));
    }

    @Override
    public SettingsAnswer settings(String cluster, List<String> names) throws ApiException {
        return settingsOf(find(cluster)).list(names);
    }

    @Override
    public SettingsAnswer settings(SettingsRequest request) throws ApiException {
        Cluster cluster = find(Objects.requireNonNullElse(request.cluster(), ""));
        SettingsCommands commands = settingsOf(cluster);
        ReplicatedServices replicated = cluster.replicated();
        return replicated == null
                ? commands.set(request.settings())
                : replicated.change(() -> commands.set(request.settings()));
    }

    @Override
    public Report failover(FailoverRequest request) throws ApiException {
        Cluster cluster = find(Objects.requireNonNullElse(request.cluster(), ""));
        Switchover planned = cluster.switchover();
        if (planned != null && !request.take() && !request.release()) {
            return planned.move(request);
        }
        return Views.report(
                cluster.name(), await(cluster.failover(request), HANDOVER_SECONDS, "the failover"));
    }

    @Override
    public Checks check(FailoverRequest request) throws ApiException {
        Cluster cluster = find(Objects.requireNonNullElse(request.cluster(), ""));
        Switchover planned = cluster.switchover();
        if (planned == null) {
            throw new ApiException(
                    409, "cluster " + cluster.name() + " has no nodes here that hand over");
        }
        return planned.check(request);
    }

    @Override
    public Maintenance maintenance(MaintenanceRequest request) throws ApiException {
        Cluster cluster = find(Objects.requireNonNullElse(request.cluster(), ""));
        boolean on = Boolean.TRUE.equals(request.on());
        Report handover =
                await(cluster.maintenance(on), HANDOVER_SECONDS, "the handover")
                        .map(report -> Views.report(cluster.name(), report))
                        .orElse(null);
        return new Maintenance(node, cluster.name(), on, handover);
    }

    @Override
    public List<Report> reports(String cluster) throws ApiException {
        return kept(reports.failovers(), cluster, Report::cluster);
    }

    @Override
    public List<Transition> history(String cluster, int limit) throws ApiException {
        return kept(reports.transitions(), cluster, Transition::cluster).stream()
                .limit(limit)
                .toList();
    }

    @Override
    public Why why(String cluster) throws ApiException {
        return WhyViews.why(node, find(cluster));
    }

    private <T> List<T> kept(ReportStore<T> store, String cluster, Function<T, String> whose)
            throws ApiException {
        String name = cluster.isEmpty() ? "" : find(cluster).name();
        try {
            return store.list().stream()
                    .filter(report -> name.isEmpty() || whose.apply(report).equals(name))
                    .toList();
        } catch (IOException e) {
            throw new ApiException(500, "the reports cannot be read: " + e.getMessage());
        }
    }

    @Override
    public ConfigText config() throws ApiException {
        return configFile.show();
    }

    @Override
    public ConfigText saveConfig() throws ApiException {
        return configFile.save();
    }

    @Override
    public synchronized Keys reloadKeys() throws ApiException {
        if (file == null) {
            throw new ApiException(409, "this node has no configuration file");
        }
        NodeConfig fresh;
        try {
            fresh = ConfigReader.read(file);
        } catch (ConfigException | IOException e) {
            throw new ApiException(409, "nothing was changed: " + e.getMessage());
        }
        for (Cluster cluster : clusters) {
            String why = cluster.whyNotKeysOf(named(fresh, cluster.name()));
            if (!why.isEmpty()) {
                throw new ApiException(409, "nothing was changed: " + why);
            }
        }
        List<Keys.ClusterKeys> inForce = new ArrayList<>();
        for (Cluster cluster : clusters) {
            named(fresh, cluster.name()).ifPresent(cluster::keys);
            inForce.addAll(cluster.keys());
        }
        return new Keys(inForce);
    }

    private static Optional<ClusterConfig> named(NodeConfig config, String name) {
        return config.clusters().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    private static SettingsCommands settingsOf(Cluster cluster) {
        return new SettingsCommands(cluster.name(), cluster.director().settings());
    }

    private long uptimeMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    private Cluster find(String name) throws ApiException {
        if (name.isEmpty() && clusters.size() == 1) {
            return clusters.getFirst();
        }
        for (Cluster cluster : clusters) {
            if (cluster.name().equals(name)) {
                return cluster;
            }
        }
        String names = clusters.stream().map(c -> c.name()).collect(Collectors.joining(", "));
        throw new ApiException(
                400,
                name.isEmpty()
                        ? node + " is in several clusters; say which: " + names
                        : "there is no cluster '" + name + "' here; there are " + names);
    }

    static <T> T await(CompletableFuture<T> future, int seconds, String what) throws ApiException {
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
