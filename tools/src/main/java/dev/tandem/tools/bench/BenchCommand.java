package dev.tandem.tools.bench;

import dev.tandem.tools.bench.code.CodeBenchmark;
import dev.tandem.tools.bench.join.JoinBenchCommand;
import dev.tandem.tools.bench.sync.SyncBenchCommand;
import dev.tandem.tools.bench.table.TableBenchCommand;
import dev.tandem.tools.bench.wire.WireBenchmark;
import dev.tandem.tools.cli.Range;
import dev.tandem.tools.cli.ResultOutput;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {SyncBenchCommand.class, JoinBenchCommand.class, TableBenchCommand.class},
        description = {
            "Measures the hot paths with JMH (time and bytes allocated per operation), then sends"
                    + " the same traffic through plain kernel routing, nftables and a Tandem pair"
                    + " in network namespaces, in turn.",
            "",
            "The machine is shared with the traffic's source and sink: read the ratios of one run,"
                    + " not single figures.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "2:bad usage, or it could not run"},
        footer = {
            "",
            "The wire needs root, iperf3 and nftables. Examples:",
            "  tandem bench",
            "  tandem bench --rounds 0                  JMH alone",
            "  tandem bench --no-code --rounds 5 --json",
            "  tandem bench sync                        how far a backup is behind its master",
            "  tandem bench join                        how long a joiner takes to have the table",
            "  tandem bench table                       a table of five million connections"
        })
public final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Rounds on the wire, 0 to 100. Default: 3")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Length of a single measurement on the wire, 1 to 60. Default: 3")
    private int seconds;

    @Option(names = "--no-code", description = "Leave the JMH benchmarks out")
    private boolean noCode;

    @Mixin private final ResultOutput output = new ResultOutput();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    /** All that was measured. */
    record Result(List<CodeBenchmark.Row> code, List<WireBenchmark.Row> wire) {}

    @Override
    public Integer call() throws Exception {
        Range.check(spec, "--rounds", rounds, 0, 100);
        Range.check(spec, "--seconds", seconds, 1, 60);
        List<CodeBenchmark.Row> code = List.of();
        if (!noCode) {
            output.progress("JMH: codec, table and packet path, about four minutes");
            code = CodeBenchmark.run(1);
        }
        List<WireBenchmark.Row> wire = WireBenchmark.run(rounds, seconds, output::progress);
        var result = new Result(code, wire);
        output.print(result, out -> print(out, result));
        return 0;
    }

    private static void print(PrintWriter out, Result result) {
        if (!result.code.isEmpty()) {
            out.printf("%-34s %12s %10s %8s%n", "JMH", "ns/op", "+-", "B/op");
            for (var row : result.code) {
                out.printf(
                        "%-34s %12.1f %10.1f %8.3f%n",
                        row.name(), row.nsPerOperation(), row.error(), row.bytesPerOperation());
            }
            out.println();
        }
        if (!result.wire.isEmpty()) {
            var base = result.wire.getFirst();
            out.printf(
                    "%-16s %14s %7s %14s %7s%n",
                    "wire (medians)", "TCP Gbit/s", "ratio", "UDP 60 B Mpps", "ratio");
            for (var row : result.wire) {
                out.printf(
                        "%-16s %14.2f %7.2f %14.3f %7.2f%n",
                        row.forwarder(),
                        row.tcpGbits(),
                        row.tcpGbits() / base.tcpGbits(),
                        row.udpMpps(),
                        row.udpMpps() / base.udpMpps());
            }
        }
    }
}
