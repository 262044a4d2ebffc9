package dev.tandem.tools.chaos;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.DemoFailure;
import dev.tandem.tools.demo.Progress;
import dev.tandem.tools.demo.Scene;
import dev.tandem.tools.demo.lab.Arbiter;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Owners;
import dev.tandem.tools.demo.lab.Pair;
import dev.tandem.tools.demo.load.LoadResult;
import dev.tandem.tools.demo.load.Probe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run: a pair and a witness under traffic, one step of the schedule after the other, and after
 * each what has to hold. {@link #run} is called once, on one thread; {@link #close} on any.
 */
final class Chaos implements AutoCloseable {
    /** A connection on which something stays unanswered for so long is lost. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    /** Between the end of a round and the trouble of the next. */
    private static final Duration CALM = Duration.ofMillis(500);

    private static final int ROUNDS_PER_LOOK = 5;

    private final ChaosOptions options;
    private final Progress progress;
    private final Scene scene;
    private final MemoryWatch memory = new MemoryWatch();
    private final List<ChaosResult.Round> rounds = new ArrayList<>();
    private long movedNs;
    private long startNs;

    Chaos(ChaosOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
        var plan =
                new LabPlan(
                        Forwarding.NAT,
                        true,
                        true,
                        Mode.ENFORCE,
                        Arbiter.WITNESS,
                        false,
                        Scene.SERVICES);
        scene = new Scene(plan, options.connections(), progress);
    }

    Lab lab() {
        return scene.lab();
    }

    /**
     * Runs it.
     *
     * @throws DemoFailure when it could not be run to its end, because a pair did not become ready
     *     again for instance
     */
    ChaosResult run() throws DemoFailure, InterruptedException {
        try {
            return scene.play(this::rounds);
        } catch (DemoFailure e) {
            throw new DemoFailure(
                    "after %d rounds of seed %d: %s"
                            .formatted(rounds.size(), options.seed(), e.getMessage()));
        }
    }

    private ChaosResult rounds() throws DemoFailure, IOException, InterruptedException {
        var schedule = new Schedule(options.seed());
        startNs = System.nanoTime();
        movedNs = startNs - Scene.HOLD_DOWN.toNanos();
        while (rounds.size() < options.rounds()
                && System.nanoTime() - startNs < options.time().toNanos()
                && scene.usable() > 0) {
            look(false);
            ChaosResult.Round round = round(schedule.next());
            rounds.add(round);
            progress.say(ChaosReport.line(round));
        }
        look(true);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        return new ChaosResult(
                options.seed(),
                options.connections(),
                Math.round(seconds * 10) / 10.0,
                rounds,
                memory.result(),
                Invariants.broken(options, rounds, memory.result()));
    }

    private void look(boolean last) throws DemoFailure, IOException, InterruptedException {
        if (last || rounds.size() % ROUNDS_PER_LOOK == 0) {
            Pair pair = scene.pair();
            for (DirectorProcess daemon :
                    Stream.concat(pair.directors().stream(), pair.witness().stream()).toList()) {
                memory.look(daemon, rounds.size());
            }
            scene.awaitReady();
        }
    }

    private ChaosResult.Round round(Step step)
            throws DemoFailure, IOException, InterruptedException {
        Pair pair = scene.pair();
        if (step.silent()) {
            Thread.sleep(Scene.HOLD_DOWN.minusNanos(System.nanoTime() - movedNs));
        }
        scene.load().calm();
        Thread.sleep(CALM);
        scene.awaitReady();
        DirectorProcess master = scene.master();
        long epoch = pair.epoch();
        var _ = scene.owners().take();
        var _ = scene.probe().take();
        long atNs = System.nanoTime();
        scene.load().fault(atNs);
        var strikes = new Strikes(lab(), pair);
        Optional<String> refused = strikes.strike(step, master);
        strikes.mend();
        long mendedNs = System.nanoTime();
        scene.awaitReady();
        long readyNs = System.nanoTime();
        LoadResult load = scene.load().settle(SILENCE);
        Probe.Span probe = scene.probe().take();
        Owners owners = scene.owners().take();
        long epochs = pair.epoch() - epoch;
        if (owners.changes() > 0) {
            movedNs = readyNs;
        }
        return new ChaosResult.Round(
                rounds.size() + 1,
                seconds(atNs),
                step.troubles().stream().map(Trouble::toString).toList(),
                step.apartMs(),
                step.holdMs(),
                master.node(),
                owners.last(),
                ms(probe.gapNs()),
                ms(owners.longestSilenceNs()),
                load.lostConnections(),
                load.lost().isEmpty() ? "" : load.lost().toString(),
                owners.changes(),
                epochs,
                owners.doubles(),
                owners.returns(),
                owners.two(epochs),
                ms(readyNs - mendedNs),
                refused.orElse(""));
    }

    private double seconds(long atNs) {
        return Math.round((atNs - startNs) / 1e8) / 10.0;
    }

    private static double ms(long ns) {
        return Math.round(ns / 1e5) / 10.0;
    }

    /** Ends everything and removes the lab. */
    @Override
    public void close() {
        scene.close();
    }
}
