package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Reports;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem reports}. */
@Command(
        name = "reports",
        mixinStandardHelpOptions = true,
        description = "Show the failovers that this node took part in, the latest first.",
        footer = {"", "Example: tandem reports --json | jq '.reports[0].phasesMs'"})
final class ReportsCommand extends DaemonCommand<Reports> {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Only this cluster's (default: all).")
    private String cluster = "";

    @Override
    Reports ask(ApiClient client) throws ApiException, IOException {
        return client.reports(cluster);
    }

    @Override
    void print(Reports answer, PrintWriter out) {
        if (answer.reports().isEmpty()) {
            out.println("no failover yet");
        }
        answer.reports().forEach(report -> ReportText.print(report, out));
    }
}
