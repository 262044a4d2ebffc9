package dev.tandem.tools.demo;

import dev.tandem.director.config.Transport;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.AddressWatch;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Leftovers;
import dev.tandem.tools.demo.lab.Pair;
import dev.tandem.tools.demo.load.EchoServer;
import dev.tandem.tools.demo.load.Load;
import dev.tandem.tools.demo.load.LoadProgress;
import dev.tandem.tools.demo.load.LoadResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run: builds the lab, starts the pair, holds connections through it, does the fault, watches
 * what becomes of them.
 *
 * <p>{@link #run} is called once, on one thread; {@link #close} on any, also in the middle of a
 * run.
 */
final class Demo implements AutoCloseable {
    private static final int PORT = 7000;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final int LEAST_MESSAGES = 4;

    /** A connection on which something stays unanswered for so long is lost. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    /** So long the load goes on after the fault at least. */
    private static final Duration AFTER = Duration.ofSeconds(2);

    private static final Duration LAST_ECHOES = Duration.ofSeconds(3);
    private static final Duration REPORT = Duration.ofSeconds(2);

    private final DemoOptions options;
    private final Progress progress;
    private final Lab lab;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile boolean closed;

    Demo(DemoOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
        lab =
                new Lab(
                        new LabPlan(
                                options.forwarding(),
                                options.offloads(),
                                options.sync(),
                                options.hardening(),
                                options.witness(),
                                List.of(
                                        new LabPlan.Service(Transport.TCP, PORT),
                                        new LabPlan.Service(Transport.UDP, PORT))));
    }

    Lab lab() {
        return lab;
    }

    /**
     * Runs the demo.
     *
     * @throws DemoFailure when it could not be run to its end, which says nothing about connections
     */
    DemoResult run() throws DemoFailure, InterruptedException {
        try {
            for (String orphan : Leftovers.removeOrphans(false)) {
                progress.say("removed what run %s had left behind".formatted(orphan));
            }
            progress.say("laying the wires: a client, two directors, three servers");
            lab.build();
            Pair pair = opened(Pair.start(lab));
            progress.say("starting the directors, each a process of its own");
            List<EchoServer> servers = startServers();
            pair.awaitReady();
            return run(pair, servers);
        } catch (IOException | ApiException e) {
            if (closed) {
                throw new InterruptedException("the demo was ended");
            }
            throw new DemoFailure(String.valueOf(e.getMessage()));
        }
    }

    private DemoResult run(Pair pair, List<EchoServer> servers)
            throws DemoFailure, IOException, ApiException, InterruptedException {
        DirectorProcess master = pair.master().orElseThrow(() -> new DemoFailure("no master"));
        DirectorProcess backup = pair.peerOf(master);
        progress.say(
                "%s is master (pid %d), %s its backup (pid %d); connecting %d clients"
                        .formatted(
                                master.node(),
                                master.pid(),
                                backup.node(),
                                backup.pid(),
                                options.connections()));
        Load load =
                opened(
                        Load.start(
                                lab.client(),
                                new InetSocketAddress(LabPlan.VIRTUAL, PORT),
                                options.connections()));
        // long before the fault: the tool that listens needs a moment to start
        opened(AddressWatch.start(lab.client(), Lab.outsideMac(backup.index()), load::moved));
        awaitTraffic(load, pair);
        awaitBackup(backup);
        String ownerBefore = AddressWatch.owner(lab.client());
        var timeline = new Timeline();
        load.fault(timeline.faultNs());
        Optional<Report> handover = fault(pair, master, backup, timeline);
        watch(load);
        LoadResult result = load.finish(drain(timeline));
        String ownerAfter = AddressWatch.owner(lab.client());
        Optional<Report> report =
                handover.isPresent() || !options.fault().moves() ? handover : awaitReport(backup);
        report.ifPresent(timeline::add);
        complete(timeline, load, result, backup.node());
        return Results.of(
                options,
                result,
                servers,
                new DemoResult.Owner(ownerBefore, ownerAfter),
                report,
                timeline.moments());
    }

    private List<EchoServer> startServers() throws IOException {
        var servers = new ArrayList<EchoServer>();
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            var bind = new InetSocketAddress(lab.plan().serverBind(number), PORT);
            servers.add(opened(EchoServer.start(lab.server(number), number, bind)));
        }
        return servers;
    }

    private void awaitTraffic(Load load, Pair pair) throws DemoFailure, InterruptedException {
        int wanted = options.connections();
        if (!await(
                CONNECT, () -> load.progress().established() + load.progress().lost() >= wanted)) {
            throw new DemoFailure(
                    "only %d of %d connections were established within %d s%n%s"
                            .formatted(
                                    load.progress().established(),
                                    wanted,
                                    CONNECT.toSeconds(),
                                    pair.logs()));
        }
        progress.say(
                "%d connections, each sends 64 bytes every %d ms and has every echo verified"
                        .formatted(load.progress().established(), load.intervalNs() / 1_000_000));
        long settledNs = System.nanoTime() + SETTLE.toNanos();
        if (!await(
                CONNECT,
                () ->
                        load.progress().leastAnswered() >= LEAST_MESSAGES
                                && System.nanoTime() - settledNs >= 0)) {
            throw new DemoFailure("the connections are not answered\n" + pair.logs());
        }
        if (load.progress().lost() > 0) {
            throw new DemoFailure(
                    "%d connections were lost before any fault%n%s"
                            .formatted(load.progress().lost(), pair.logs()));
        }
    }

    private void awaitBackup(DirectorProcess backup) throws InterruptedException {
        if (!options.sync()) {
            progress.say("replication is off: %s knows of no connection".formatted(backup.node()));
            return;
        }
        await(SETTLE, () -> known(backup) >= options.connections());
        progress.say("%s knows %d connections".formatted(backup.node(), known(backup)));
    }

    private static int known(DirectorProcess director) {
        return director.status().map(Status::connections).orElse(0);
    }

    /** Does it; the report of a handover is the answer to the command. */
    private Optional<Report> fault(
            Pair pair, DirectorProcess master, DirectorProcess backup, Timeline timeline)
            throws IOException, ApiException {
        Optional<Report> report = Optional.empty();
        String what =
                switch (options.fault()) {
                    case KILL -> {
                        master.kill();
                        yield "%s is killed: SIGKILL to process %d";
                    }
                    case HANG -> {
                        master.hang();
                        yield "%s hangs: SIGSTOP to process %d";
                    }
                    case PLANNED -> {
                        report =
                                Optional.of(
                                        master.api().failover(FailoverRequest.to(backup.node())));
                        yield "%s (process %d) is told to hand over";
                    }
                    case CABLE -> {
                        lab.pullCables(master.index());
                        yield "the cables of %s (process %d) are pulled";
                    }
                    case PARTITION -> {
                        lab.cutLink(master.index());
                        yield "%s (process %d) is cut off from the other nodes";
                    }
                    case DEAF -> {
                        lab.deafen(backup.index());
                        yield "%s (process %d) is still heard, but its backup hears nobody";
                    }
                    case WITNESS_LOSS -> {
                        pair.witness().ifPresent(DirectorProcess::kill);
                        yield "%s (process %d) loses the witness: SIGKILL";
                    }
                };
        String sentence = what.formatted(master.node(), master.pid());
        timeline.add(timeline.faultNs(), sentence);
        progress.say(sentence);
        return report;
    }

    private void watch(Load load) throws InterruptedException {
        long startNs = System.nanoTime();
        if (!await(Duration.ofSeconds(1), () -> allBack(load.progress()))) {
            progress.say(counted(load.progress()) + "; waiting for the others");
            await(SILENCE, () -> allBack(load.progress()));
        }
        long leftNs = AFTER.toNanos() - (System.nanoTime() - startNs);
        Thread.sleep(Duration.ofNanos(Math.max(0, leftNs)));
        progress.say(counted(load.progress()) + "; waiting for the last echoes");
    }

    private static String counted(LoadProgress seen) {
        return "%d connections go on, %d are broken".formatted(seen.back(), seen.lost());
    }

    /** What is unanswered may take until the silence is too long, and a moment in any case. */
    private static Duration drain(Timeline timeline) {
        Duration left = SILENCE.minusNanos(System.nanoTime() - timeline.faultNs());
        return left.compareTo(LAST_ECHOES) > 0 ? left : LAST_ECHOES;
    }

    private boolean allBack(LoadProgress seen) {
        return seen.back() + seen.lost() >= options.connections();
    }

    private static Optional<Report> awaitReport(DirectorProcess newMaster)
            throws IOException, ApiException, InterruptedException {
        long deadlineNs = System.nanoTime() + REPORT.toNanos();
        do {
            var report =
                    newMaster.api().reports("").reports().stream()
                            .filter(r -> r.to().equals(newMaster.node()))
                            .max(Comparator.comparingLong(Report::epoch));
            if (report.isPresent()) {
                return report;
            }
            Thread.sleep(50);
        } while (System.nanoTime() - deadlineNs < 0);
        return Optional.empty();
    }

    private static void complete(Timeline timeline, Load load, LoadResult result, String to) {
        load.movedNs()
                .ifPresent(
                        at -> timeline.add(at, "the client's host learns that the address moved"));
        result.firstEchoNs().ifPresent(at -> timeline.add(at, "first echo by way of " + to));
        result.longestEndNs()
                .ifPresent(at -> timeline.add(at, "the longest wait of all connections is over"));
    }

    private static boolean await(Duration time, BooleanSupplier condition)
            throws InterruptedException {
        long deadlineNs = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    private synchronized <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    /** Ends everything and removes the lab, unless it is to be kept. */
    @Override
    public synchronized void close() {
        closed = true;
        for (AutoCloseable resource : opened.reversed()) {
            if (!(options.keep() && resource instanceof Pair)) {
                closeQuietly(resource);
            }
        }
        opened.clear();
        lab.close();
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("tandem: at the end of the demo: " + e);
        }
    }
}
