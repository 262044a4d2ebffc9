package dev.tandem.tools.bench.join;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.cli.ClosedAtExit;
import dev.tandem.tools.cli.HardeningWords;
import dev.tandem.tools.cli.Range;
import dev.tandem.tools.cli.ResultOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem bench join}. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures how long a node that joins takes to have the master's whole table.",
            "",
            "Two directors run as two processes in network namespaces. Clients open the"
                    + " connections by way of the master; then the other director starts with an"
                    + " empty table, and its join is timed from the moment when it finds the"
                    + " master until each part of its table was equal to the master's. It starts"
                    + " anew, and cold, for each round. Meanwhile a client and a server exchange a"
                    + " datagram a millisecond through the master by NAT, and their round trips"
                    + " show what the transfer does to forwarding.",
            "",
            "All of this shares the machine with whatever else runs on it: see the load.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, every joiner had the whole table",
            "1:something was missing after a join",
            "2:bad usage, or it could not run"
        },
        footer = {
            "",
            "Needs root. Examples:",
            "  tandem bench join",
            "  tandem bench join --connections 100000 --rounds 5 --json"
        })
public final class JoinBenchCommand implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 4_000_000;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "In the master's table, 1000 to 4000000. Default: 1000000")
    private int connections;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Joins, 1 to 100; then their median. Default: 5")
    private int rounds;

    @Option(
            names = "--hardening",
            converter = HardeningWords.class,
            paramLabel = "off|permissive|enforce",
            description =
                    "Whether messages and frames are signed, and refused without."
                            + " Default: off")
    private Mode hardening = Mode.OFF;

    @Mixin private final ResultOutput output = new ResultOutput();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Range.check(spec, "--connections", connections, 1000, MAX_CONNECTIONS);
        Range.check(spec, "--rounds", rounds, 1, 100);
        var benchmark = new JoinBenchmark(connections, rounds, hardening, output::progress);
        JoinResult result;
        try (var _ = new ClosedAtExit(benchmark::close)) {
            result = benchmark.run();
        }
        output.print(result, out -> print(out, result));
        return result.isWhole() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void print(PrintWriter out, JoinResult result) {
        for (int i = 0; i < result.joins().size(); i++) {
            JoinResult.Join join = result.joins().get(i);
            out.printf(
                    Locale.ROOT,
                    "join %d: %d ms, %d ms after the start of its process, %d records in %.1f MB,"
                            + " %d connections missing%n",
                    i + 1,
                    join.ms(),
                    join.startedMs(),
                    join.records(),
                    join.bytes() / 1e6,
                    join.missing());
        }
        out.printf(
                Locale.ROOT,
                "median: %d ms for %d connections%n",
                result.medianMs(),
                result.connections());
        out.printf(
                Locale.ROOT,
                "%-22s %8s %8s %8s %8s %6s%n",
                "round trips, us",
                "p50",
                "p99",
                "max",
                "n",
                "lost");
        row(out, "without a joiner", result.restUs());
        row(out, "while one joins", result.joiningUs());
        out.printf(Locale.ROOT, "load average before: %.1f%n", result.machineLoad());
    }

    private static void row(PrintWriter out, String what, RoundTrips.Spread spread) {
        out.printf(
                Locale.ROOT,
                "%-22s %8d %8d %8d %8d %6d%n",
                what,
                spread.p50(),
                spread.p99(),
                spread.max(),
                spread.count(),
                spread.lost());
    }
}
