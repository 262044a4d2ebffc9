package dev.tandem.tools.sync;

import dev.tandem.sync.capture.FrameReader;
import dev.tandem.tools.api.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem sync stats}. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = {
            "Count sync messages: rates, records by state, what is repeated, missing or malformed."
        },
        footer = {
            "",
            "Messages of kernels bear no numbers: what is missing can be told of Tandem's alone.",
            "",
            "Examples:",
            "  tandem sync stats sync.pcap",
            "  tandem sync stats -i eth1 --seconds 60 --json"
        })
final class StatsCommand implements Callable<Integer> {
    @Mixin private final SourceOptions source = new SourceOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (Ending ending = source.ending()) {
            SyncStats stats = new SyncStats();
            FrameReader reader = source.read(stats, ending, () -> {});
            StatsReport report = StatsReport.of(stats, reader.counters());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.pretty(report));
            } else {
                report.print(out);
            }
            out.flush();
        }
        return ExitCode.OK;
    }
}
