package dev.tandem.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.failover.core.FailoverMachine;
import dev.tandem.failover.simulation.Arbiter;
import dev.tandem.failover.simulation.Scenario;
import dev.tandem.failover.simulation.ScenarioException;
import dev.tandem.failover.simulation.Schedule;
import dev.tandem.failover.simulation.SimulatedWorld.CoreMaker;
import dev.tandem.failover.simulation.Violation;
import dev.tandem.tools.cli.Range;
import dev.tandem.tools.cli.ResultOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem simulate}. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the failover state machine, the very code of a node, in a simulated world of"
                    + " faults: kills, hangs, pauses, restarts, full disks, cuts one way and both,"
                    + " loss, delay, duplicates, handovers, maintenance. After everything that"
                    + " happens the invariants are checked.",
            "",
            "One run prints what happened, a line each. A seed always gives the same run.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every invariant held",
            "1:one did not; its seed and what led to it are printed",
            "2:bad usage, or a scenario that cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  tandem simulate --seed 7 --witness      a pair and a witness, three rounds of faults",
            "  tandem simulate --runs 100000 --witness so many seeds, from 1",
            "  tandem simulate --seed 3 --gateway      a pair, of which the gateway decides",
            "  tandem simulate --scenario cut.txt      what happens when, written down:",
            "",
            "    witness            # before the events: 'directors 2' to 5, 'witness' or 'gateway',",
            "                       # 'preempt'",
            "    0 start a",
            "    0 start b",
            "    0 start w",
            "    1500 isolate a     # also kill, hang N MS, cut N M, cut-gateway N, cut-off N ...",
            "    3000 expect b",
            "    3000 end"
        })
final class SimulateCommand implements Callable<Integer> {
    private static final CoreMaker NODE = settings -> new FailoverMachine(settings)::step;
    private static final long PROGRESS_NS = TimeUnit.SECONDS.toNanos(2);

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Where everything random comes from. Default: 1")
    private long seed;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1",
            description = "So many seeds, from --seed on, 1 to 10000000. Default: 1")
    private int runs;

    @Option(
            names = "--directors",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many directors, 2 to 5. Default: 2")
    private int directors;

    @Option(names = "--witness", description = "And a witness, w")
    private boolean witness;

    @Option(names = "--gateway", description = "And a gateway that decides; not with --witness")
    private boolean gateway;

    @Option(names = "--preempt", description = "A fitter node takes the addresses back")
    private boolean preempt;

    @Option(names = "--sound-network", description = "Only nodes and disks fail")
    private boolean soundNetwork;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "What happens, in place of random faults")
    private @Nullable Path scenario;

    @Mixin private final ResultOutput output = new ResultOutput();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    private interface Run {
        void with(long seed, Consumer<String> timeline);
    }

    /**
     * What {@code --json} prints.
     *
     * @param seed where it was violated, as all that follows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            long runs,
            int violations,
            @Nullable Long seed,
            @Nullable String invariant,
            @Nullable String scene) {}

    @Override
    public Integer call() throws IOException {
        Range.check(spec, "--runs", runs, 1, 10_000_000);
        Range.check(spec, "--directors", directors, 2, Schedule.MAX_DIRECTORS);
        Run run = run();
        PrintWriter out = spec.commandLine().getOut();
        Consumer<String> timeline = runs > 1 || output.json() ? _ -> {} : out::println;
        long last = seed + runs - 1;
        long saidNs = System.nanoTime();
        for (long now = seed; now <= last; now++) {
            try {
                run.with(now, timeline);
            } catch (Violation violation) {
                return violated(now, violation);
            }
            if (System.nanoTime() - saidNs > PROGRESS_NS) {
                saidNs = System.nanoTime();
                output.progress("seed %d of %d".formatted(now, last));
            }
        }
        output.print(
                new Result(runs, 0, null, null, null),
                text ->
                        text.printf(
                                "%d run%s, every invariant held%n", runs, runs == 1 ? "" : "s"));
        return ExitCode.OK;
    }

    private int violated(long at, Violation violation) {
        String scene = violation.getMessage();
        output.print(
                new Result(at - seed + 1, 1, at, violation.invariant(), scene),
                text -> text.printf("seed %d: %s%n", at, scene));
        return ExitCode.SOFTWARE;
    }

    private Run run() throws IOException {
        if (scenario == null) {
            return (at, timeline) ->
                    new Schedule(Schedule.nodes(directors, arbiter(), preempt), !soundNetwork)
                            .run(at, NODE, timeline);
        }
        try {
            Scenario written = Scenario.parse(Files.readAllLines(scenario));
            return (at, timeline) -> written.run(at, NODE, timeline);
        } catch (ScenarioException e) {
            throw new ParameterException(spec.commandLine(), scenario + ": " + e.getMessage());
        }
    }

    private Arbiter arbiter() {
        if (witness && gateway) {
            throw new ParameterException(
                    spec.commandLine(), "--witness and --gateway: only one can be the arbiter");
        }
        return witness ? Arbiter.WITNESS : gateway ? Arbiter.GATEWAY : Arbiter.NONE;
    }
}
