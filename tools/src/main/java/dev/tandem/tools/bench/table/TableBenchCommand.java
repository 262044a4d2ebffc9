package dev.tandem.tools.bench.table;

import dev.tandem.tools.cli.Range;
import dev.tandem.tools.cli.ResultOutput;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem bench table}. */
@Command(
        name = "table",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fills a connection table, looks connections up in it, and lets all of them expire.",
            "",
            "The connections are translated ones of IPv4, scheduled as the packet path does it."
                    + " Between them the worker's turns go on: the longest one is how long packets"
                    + " would have waited for the sweep. On a busy machine the wall's figure has"
                    + " the scheduler's pauses in it; the CPU's has not.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured",
            "1:more than 128 bytes a connection, or a turn of more than 20 ms of CPU time",
            "2:bad usage, or it could not run"
        },
        footer = {
            "",
            "Examples:",
            "  tandem bench table",
            "  tandem bench table --connections 1000000 --json"
        })
public final class TableBenchCommand implements Callable<Integer> {
    private static final int MIN = 10_000;
    private static final int MAX = 1 << 24;
    private static final double MAX_BYTES = 128;
    private static final long MAX_TURN_NS = 20_000_000;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "Connections to fill it with, 10000 to 16777216. Default: 5000000")
    private int connections;

    @Mixin private final ResultOutput output = new ResultOutput();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Range.check(spec, "--connections", connections, MIN, MAX);
        TableScale.Result result = TableScale.run(connections, output::progress);
        output.print(result, out -> print(out, result));
        return result.residentBytes() <= MAX_BYTES && result.longestTurnCpuNs() <= MAX_TURN_NS
                ? 0
                : 1;
    }

    private static void print(PrintWriter out, TableScale.Result result) {
        out.printf("connections                   %d%n", result.connections());
        out.printf(
                "bytes a connection            %d by arithmetic, %.1f resident%n",
                result.arithmeticBytes(), result.residentBytes());
        out.printf("first packets (SYN, ACK)      %.0f ns%n", result.firstPacketNs());
        out.printf("lookup of a client's packet   %.0f ns%n", result.lookUpNs());
        out.printf(
                "sweep, nothing to expire      %.1f ms a second%n", ms(result.sweepPerSecondNs()));
        out.printf(
                "  longest turn                %.2f ms%n", ms((double) result.longestIdleTurnNs()));
        out.printf("expiry                        %.0f ns a connection%n", result.expiryNs());
        out.printf(
                "  longest turn                %.2f ms%n",
                ms((double) result.longestExpiryTurnNs()));
        out.printf(
                "longest turn in CPU time      %.2f ms%n", ms((double) result.longestTurnCpuNs()));
    }

    private static double ms(double ns) {
        return ns / 1e6;
    }
}
