package dev.tandem.tools.bench.sync;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One round: a pair of directors in namespaces of their own, the daemon as master and {@link
 * Backup} beside it, new connections by direct routing, and the time that each takes to get into
 * the backup's table.
 */
public final class SyncBenchmark implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);

    /** The backup has what it will ever have when so long nothing has come. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final int POLL_MS = 20;

    private final SyncBenchOptions options;
    private final Consumer<String> progress;
    private final Lab lab =
            new Lab(
                    new LabPlan(
                            Forwarding.DR,
                            true,
                            true,
                            List.of(new LabPlan.Service(Transport.TCP, SyncBenchOptions.PORT, 1))));

    /**
     * @param progress told what happens now
     */
    public SyncBenchmark(SyncBenchOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Builds the pair, measures, and takes it down. */
    public SyncBenchResult run() throws IOException, InterruptedException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        buildLab();
        Path directory = lab.directory();
        Path file = directory.resolve("stamps");
        Stamps stamps = new Stamps(file, options.connections());
        stamps.clear();
        Path config =
                Files.writeString(
                        directory.resolve("b.yaml"),
                        BenchNode.text("b", options, lab.plan(), directory));
        try (BackupProcess backup =
                        BackupProcess.start(
                                lab.director(1),
                                config,
                                file,
                                options.connections(),
                                directory.resolve("b.log"));
                DirectorProcess master =
                        DirectorProcess.start(
                                lab, 0, "a", BenchNode.text("a", options, lab.plan(), directory))) {
            master.takeAddresses(START);
            return measure(master, backup, stamps, load);
        }
    }

    /** The clients' network is behind the client; the server hears all and answers nothing. */
    private void buildLab() throws IOException {
        lab.build();
        for (int i = 0; i < 2; i++) {
            lab.director(i)
                    .ip(
                            List.of(
                                    "route add "
                                            + SyncBenchOptions.CLIENTS
                                            + " via "
                                            + LabPlan.CLIENT));
        }
        lab.server(1).ip(List.of("address del " + LabPlan.VIRTUAL + "/32 dev lo"));
    }

    private SyncBenchResult measure(
            DirectorProcess master, BackupProcess backup, Stamps stamps, double load)
            throws IOException, InterruptedException {
        try (var generator = new Generator(lab.client(), options, stamps)) {
            progress.accept(
                    "warming up: %d s of %d connections/s"
                            .formatted(options.warmUpSeconds(), options.rate()));
            generator.await(options.warmUpConnections());
            progress.accept("measuring: %d s".formatted(options.seconds()));
            Busy busy = new Busy(ProcessHandle.of(master.pid()).orElseThrow(), backup.handle());
            Counts sentBefore = counts(master);
            Counts takenBefore = backup.counts();
            generator.finish();
            Map<String, Double> processors = busy.processors(generator);
            int missing = awaitApplied(stamps);
            if (missing > 0) {
                progress.accept(missing + " connections never came");
            }
            return new Evaluation(options, stamps, generator)
                    .result(
                            counts(master).since(sentBefore),
                            backup.counts().since(takenBefore),
                            Evaluation.lossesOf(sentBefore, takenBefore),
                            processors,
                            load);
        }
    }

    /** Waits while something still comes; how many are missing then. */
    private int awaitApplied(Stamps stamps) throws InterruptedException {
        int missing = missing(stamps);
        long changedNs = System.nanoTime();
        while (missing > 0 && System.nanoTime() - changedNs < SILENCE.toNanos()) {
            Thread.sleep(POLL_MS);
            int now = missing(stamps);
            if (now != missing) {
                missing = now;
                changedNs = System.nanoTime();
            }
        }
        return missing;
    }

    private int missing(Stamps stamps) {
        int missing = 0;
        for (int i = 0; i < options.connections(); i++) {
            if (stamps.applied(i) == 0) {
                missing++;
            }
        }
        return missing;
    }

    private static Counts counts(DirectorProcess master) throws IOException {
        try {
            return Counts.of(Objects.requireNonNull(master.api().status()));
        } catch (ApiException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Removes what it made, also from another thread while {@link #run} is under way. */
    @Override
    public void close() {
        lab.close();
    }
}
