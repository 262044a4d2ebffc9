package dev.tandem.tools.daemon;

import dev.tandem.failover.node.ClusterNode;
import dev.tandem.tools.api.ApiServer;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Transition;
import dev.tandem.tools.config.ClusterConfig;
import dev.tandem.tools.config.NodeConfig;
import dev.tandem.tools.config.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's process: its clusters' directors, the API, who decides in each cluster; started in this
 * order and stopped in the reverse.
 *
 * <p>Who decides starts last, when there is a data plane that can carry the addresses and an API to
 * ask, and stops first: a master hands over while everything else still works.
 */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** Longer than a handover takes; after it the lease has ended in any case. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private Daemon() {}

    /**
     * Starts a node.
     *
     * @param file where the configuration came from, and keys come from again; null: nowhere
     * @throws IOException when it cannot run on this host, with the reason and the cure; nothing is
     *     left running then
     */
    public static Daemon start(@Nullable Path file, NodeConfig config) throws IOException {
        Daemon daemon = new Daemon();
        try {
            daemon.open(file, config);
            return daemon;
        } catch (IOException | RuntimeException | Error e) {
            daemon.close();
            throw e;
        }
    }

    private void open(@Nullable Path file, NodeConfig config) throws IOException {
        Path directory = config.api().reports();
        var reports =
                new ReportKeeper.Reports(
                        ReportStore.open(directory, Report.class, ReportStore.FAILOVERS),
                        ReportStore.open(
                                directory.resolve("transitions"),
                                Transition.class,
                                ReportStore.TRANSITIONS));
        List<Cluster> clusters = new ArrayList<>();
        for (ClusterConfig each : config.clusters()) {
            Notifier notifier = notifier(each, directory);
            if (notifier != null) {
                started.push(notifier);
            }
            Cluster cluster = Cluster.open(each, reports, notifier);
            started.push(cluster.director());
            clusters.add(cluster);
        }
        Backend backend = new Backend(file, config.node(), clusters, reports);
        started.push(ApiServer.open(config.api().socket(), backend));
        List<ClusterNode> nodes =
                clusters.stream().map(Cluster::node).filter(Objects::nonNull).toList();
        started.push(() -> closeTogether(nodes));
        for (ClusterNode node : nodes) {
            node.start();
        }
    }

    /** Null where no programs are told of anything. */
    private static @Nullable Notifier notifier(ClusterConfig config, Path reports)
            throws IOException {
        if (!(config.role() instanceof Role.Pair pair) || pair.told().isEmpty()) {
            return null;
        }
        Path directory = reports.resolve("notify").resolve(config.name());
        return new Notifier(
                config.name(), pair.told(), NotifyQueue.open(directory, NotifyQueue.LIMIT));
    }

    /** At the same time, since each may take seconds to hand over. */
    private static void closeTogether(List<ClusterNode> nodes) throws InterruptedException {
        List<Thread> closing =
                nodes.stream()
                        .map(node ->
                                Thread.ofPlatform().name("tandem-stop-node").start(node::close))
                        .toList();
        for (Thread each : closing) {
            each.join();
        }
    }

    /** Stops everything, in order; one part's failure does not keep the next from stopping. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                LOG.error("not stopped in order", e);
            }
        }
    }

    /**
     * Starts a node and runs it until the process is told to stop (SIGTERM, SIGINT); does not
     * return but ends the process with 0.
     *
     * @param file where the configuration came from; null: nowhere
     * @param readyFile made when the node is ready, with the process id in it
     * @throws IOException when it cannot start
     */
    public static void run(@Nullable Path file, NodeConfig config, @Nullable Path readyFile)
            throws IOException, InterruptedException {
        Daemon daemon = start(file, config);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> stopInOrder(daemon, config, readyFile), "tandem-stop"));
        ProcessHandle self = ProcessHandle.current();
        long startMs =
                self.info()
                        .startInstant()
                        .map(began -> Duration.between(began, Instant.now()).toMillis())
                        .orElse(0L);
        LOG.info(
                "ready node={} clusters={} in {} ms",
                config.node(),
                config.clusters().stream().map(ClusterConfig::name).toList(),
                startMs);
        if (readyFile != null) {
            Path aside = Path.of(readyFile + ".new");
            Files.writeString(aside, self.pid() + "\n");
            Files.move(aside, readyFile, StandardCopyOption.ATOMIC_MOVE);
        }
        new CountDownLatch(1).await();
    }

    /** The JVM would end with 143 after SIGTERM, which service managers take for a failure. */
    private static void stopInOrder(Daemon daemon, NodeConfig config, @Nullable Path readyFile) {
        LOG.info("stopping node={}", config.node());
        Thread.ofPlatform().daemon().name("tandem-stop-limit").start(Daemon::haltAfterLimit);
        daemon.close();
        if (readyFile != null && !readyFile.toFile().delete()) {
            LOG.warn("{} could not be removed", readyFile);
        }
        LOG.info("stopped node={}", config.node());
        Runtime.getRuntime().halt(0);
    }

    private static void haltAfterLimit() {
        try {
            Thread.sleep(STOP_LIMIT);
        } catch (InterruptedException _) {
            return;
        }
        LOG.error("did not stop within {} s", STOP_LIMIT.toSeconds());
        Runtime.getRuntime().halt(1);
    }
}
