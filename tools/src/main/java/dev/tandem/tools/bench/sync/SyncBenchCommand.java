package dev.tandem.tools.bench.sync;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.cli.ClosedAtExit;
import dev.tandem.tools.cli.HardeningWords;
import dev.tandem.tools.cli.Range;
import dev.tandem.tools.cli.ResultOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem bench sync}. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures how far a backup is behind its master while clients open connections.",
            "",
            "Two directors run as two processes in network namespaces, with the sync link between"
                    + " them. Clients, each with an address of its own, send SYN, ACK and data by"
                    + " way of the master; with its third packet a connection is worth a record by"
                    + " the kernel's rule. The lag is the time from just before that packet is sent"
                    + " to the moment when its entry is in the backup's table, on the one monotonic"
                    + " clock of the machine. Every connection is followed, none is sampled.",
            "",
            "All of this shares the machine with whatever else runs on it: see the load.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, nothing dropped",
            "1:something was dropped at some stage, or a connection never came to the backup",
            "2:bad usage, or it could not run"
        },
        footer = {
            "",
            "Needs root. Examples:",
            "  tandem bench sync",
            "  tandem bench sync --rate 50000 --hardening enforce --rounds 3 --json"
        })
public final class SyncBenchCommand implements Callable<Integer> {
    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20000",
            description = "New connections a second, 100 to 500000. Default: 20000")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Length of the measurement, 1 to 120. Default: 10")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "5",
            description = "Seconds of the same load before, 0 to 60. Default: 5")
    private int warmUp;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Rounds, each with a new pair, 1 to 20; then medians. Default: 1")
    private int rounds;

    @Option(
            names = "--hardening",
            converter = HardeningWords.class,
            paramLabel = "off|permissive|enforce",
            description = "Whether sync messages are signed, and refused without. Default: off")
    private Mode hardening = Mode.OFF;

    @Mixin private final ResultOutput output = new ResultOutput();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    /** What {@code --json} prints. */
    record Result(SyncBenchOptions options, SyncBenchResult median, List<SyncBenchResult> rounds) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Range.check(spec, "--rate", rate, 100, 500_000);
        Range.check(spec, "--seconds", seconds, 1, 120);
        Range.check(spec, "--warm-up", warmUp, 0, 60);
        Range.check(spec, "--rounds", rounds, 1, 20);
        if ((long) rate * (seconds + warmUp) > SyncBenchOptions.MAX_CONNECTIONS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rate times all seconds is more than "
                            + SyncBenchOptions.MAX_CONNECTIONS
                            + " connections");
        }
        var options = new SyncBenchOptions(rate, seconds, warmUp, hardening);
        List<SyncBenchResult> results = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            String prefix = rounds == 1 ? "" : "round %d of %d: ".formatted(round, rounds);
            results.add(round(options, prefix));
        }
        SyncBenchResult median = SyncBenchResult.median(results);
        output.print(new Result(options, median, results), out -> print(out, results, median));
        return results.stream().allMatch(SyncBenchResult::isWhole)
                ? ExitCode.OK
                : ExitCode.SOFTWARE;
    }

    private SyncBenchResult round(SyncBenchOptions options, String prefix)
            throws IOException, InterruptedException {
        var benchmark = new SyncBenchmark(options, line -> output.progress(prefix + line));
        try (var _ = new ClosedAtExit(benchmark::close)) {
            return benchmark.run();
        }
    }

    private void print(PrintWriter out, List<SyncBenchResult> results, SyncBenchResult median) {
        out.printf("%-10s %8s %8s %8s %8s%n", "ms", "p50", "p99", "p99.9", "max");
        if (results.size() > 1) {
            for (int i = 0; i < results.size(); i++) {
                row(out, "round " + (i + 1), results.get(i).lagMs());
            }
        }
        row(out, results.size() > 1 ? "lag median" : "lag", median.lagMs());
        row(out, "pace", median.paceMs());
        out.printf(
                Locale.ROOT,
                "%n%.0f connections/s of %d asked for, %.0f records/s in %.0f datagrams/s%n",
                median.rate(),
                rate,
                median.recordsPerSecond(),
                median.datagramsPerSecond());
        out.printf(
                Locale.ROOT,
                "processors busy: %s of %d; load average before: %.1f%n",
                median.processors().entrySet().stream()
                        .map(entry ->
                                String.format(
                                        Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ")),
                Runtime.getRuntime().availableProcessors(),
                median.machineLoad());
        out.printf(
                Locale.ROOT, "lost: %d of %d connections%n", median.lost(), median.connections());
        out.printf(
                Locale.ROOT,
                "dropped: %s%n",
                median.losses().isEmpty() ? "nothing at any stage" : "");
        losses(out, median.losses());
        if (median.warmUpLost() > 0 || !median.warmUpLosses().isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "before that, in the warm-up: %d connections lost%n",
                    median.warmUpLost());
            losses(out, median.warmUpLosses());
        }
    }

    private static void losses(PrintWriter out, Map<String, Long> losses) {
        losses.forEach((loss, count) -> out.printf(Locale.ROOT, "  %-50s %d%n", loss, count));
    }

    private static void row(PrintWriter out, String what, Spread spread) {
        out.printf(
                Locale.ROOT,
                "%-10s %8.2f %8.2f %8.2f %8.2f%n",
                what,
                spread.p50(),
                spread.p99(),
                spread.p999(),
                spread.max());
    }
}
