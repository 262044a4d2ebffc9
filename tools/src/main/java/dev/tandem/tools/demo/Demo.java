package dev.tandem.tools.demo;

import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Owners;
import dev.tandem.tools.demo.lab.Pair;
import dev.tandem.tools.demo.load.LoadProgress;
import dev.tandem.tools.demo.load.LoadResult;
import dev.tandem.tools.demo.load.Probe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/**
 * One run: builds the lab, starts the pair, holds connections through it, does the fault, watches
 * what becomes of them, and has everything mended before the next round.
 *
 * <p>{@link #run} is called once, on one thread; {@link #close} on any, also in the middle of a
 * run.
 */
final class Demo implements AutoCloseable {
    /** So long everything is watched before the fault, and after it at least. */
    private static final Duration WATCH = Duration.ofSeconds(2);

    /** What is asked until so long after the clients have seen the addresses move is the gap's. */
    private static final Duration SETTLED = Duration.ofMillis(500);

    /** A connection on which something stays unanswered for so long is lost. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private static final Duration LAST_ECHOES = Duration.ofSeconds(3);
    private static final Duration REPORT = Duration.ofSeconds(2);

    /** Longer than a director takes to start, to get its connections and to take over. */
    private static final Duration RETURN = Duration.ofSeconds(30);

    private final DemoOptions options;
    private final Progress progress;
    private final Scene scene;

    Demo(DemoOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
        scene =
                new Scene(
                        new LabPlan(
                                options.forwarding(),
                                options.offloads(),
                                options.sync(),
                                options.hardening(),
                                options.arbiter(),
                                options.fault() == Fault.RESTART,
                                Scene.SERVICES),
                        options.connections(),
                        progress);
    }

    Lab lab() {
        return scene.lab();
    }

    /** Makes {@link #close} leave the lab and the new master as they are. */
    void leave() throws IOException {
        scene.leave();
    }

    /**
     * Runs the demo.
     *
     * @throws DemoFailure when it could not be run to its end, which says nothing about connections
     */
    DemoResult run() throws DemoFailure, InterruptedException {
        return scene.play(this::rounds);
    }

    private DemoResult rounds()
            throws DemoFailure, IOException, ApiException, InterruptedException {
        var rounds = new ArrayList<DemoResult.Round>();
        for (int number = 1; number <= options.rounds() && scene.usable() > 0; number++) {
            DemoResult.Round round = round(number);
            rounds.add(round);
            if (options.rounds() > 1) {
                progress.say(DemoReport.line(round));
            }
        }
        return Results.of(options, rounds);
    }

    private DemoResult.Round round(int number)
            throws DemoFailure, IOException, ApiException, InterruptedException {
        Pair pair = scene.pair();
        DirectorProcess master = scene.master();
        DirectorProcess backup = pair.peerOf(master);
        scene.load().calm();
        scene.servers().count();
        scene.probe().take();
        scene.owners().take();
        Thread.sleep(WATCH);
        Probe.Span calm = scene.probe().take();
        long epoch = pair.epoch();
        String before = lab().ownerByClient();
        var timeline = new Timeline();
        scene.load().fault(timeline.faultNs());
        Optional<Report> handover = strike(master, backup, timeline);
        awaitMoved();
        Probe.Span gap = scene.probe().take();
        watch();
        LoadResult struck = scene.load().settle(drain(timeline));
        Probe.Span later = scene.probe().take();
        String after = lab().ownerByClient();
        Optional<Report> report =
                handover.isPresent() || options.fault().moves() == 0
                        ? handover
                        : awaitReport(backup);
        long movedNs = System.nanoTime();
        if (!options.keep() || number < options.rounds()) {
            lab().wires().mend();
            pair.heal();
            scene.awaitReady();
        }
        if (options.fault().silent() && number < options.rounds()) {
            Thread.sleep(Scene.HOLD_DOWN.minusNanos(System.nanoTime() - movedNs));
        }
        LoadResult mended = scene.load().settle(LAST_ECHOES);
        Owners owners = scene.owners().take();
        report.ifPresent(timeline::add);
        timeline.add(owners);
        timeline.add(gap.gapEndNs(), "the probe is answered again");
        timeline.add(struck.longestEndNs(), "the longest wait of all connections is over");
        var owner = Results.owner(before, after, owners, pair.epoch() - epoch);
        return Results.round(
                number,
                new Results.Seen(calm, struck, gap, later, mended, scene.servers().count()),
                owner,
                report,
                timeline.moments());
    }

    /** Does it; the report of a handover is the answer to the command. */
    private Optional<Report> strike(
            DirectorProcess master, DirectorProcess backup, Timeline timeline)
            throws IOException, ApiException {
        Pair pair = scene.pair();
        Optional<Report> report = Optional.empty();
        String what =
                switch (options.fault()) {
                    case KILL -> {
                        master.kill();
                        yield "%s is killed: SIGKILL to process %d";
                    }
                    case RESTART -> {
                        master.kill();
                        pair.restart(master.index());
                        yield "%s is killed (process %d), and started again at once";
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
                        lab().wires().pullAll(master.index());
                        yield "the cables of %s (process %d) are pulled";
                    }
                    case PARTITION -> {
                        lab().wires().partition(master.index());
                        yield "%s (process %d) is cut off from the other nodes";
                    }
                    case CUT_OFF -> {
                        lab().wires().cutOff(master.index());
                        yield "%s (process %d) is cut off from everybody, and sees its cables well";
                    }
                    case DEAF -> {
                        lab().wires().deafen(backup.index());
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

    /**
     * Waits until the clients' network has seen the addresses move, as often as they are to, and a
     * moment more; where they are not to move, for as long as everything is watched.
     */
    private void awaitMoved() throws InterruptedException {
        int moves = options.fault().moves();
        if (moves == 0) {
            Thread.sleep(WATCH);
            return;
        }
        if (!Scene.await(RETURN, () -> scene.owners().changes() >= moves)) {
            progress.say(
                    "the addresses should have moved %d times within %d s, and moved %d times%n%s"
                            .formatted(
                                    moves,
                                    RETURN.toSeconds(),
                                    scene.owners().changes(),
                                    scene.pair().logs()));
        }
        Thread.sleep(SETTLED);
    }

    /** Waits until every connection is served again. */
    private void watch() throws InterruptedException {
        long startNs = System.nanoTime();
        Scene.await(SILENCE, () -> allBack(scene.load().progress()));
        long leftNs = WATCH.toNanos() - (System.nanoTime() - startNs);
        Thread.sleep(Duration.ofNanos(Math.max(0, leftNs)));
        LoadProgress seen = scene.load().progress();
        progress.say("%d connections go on, %d are broken".formatted(seen.back(), seen.lost()));
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

    /** Ends everything and removes the lab, unless it is to be kept. */
    @Override
    public void close() {
        scene.close();
    }
}
