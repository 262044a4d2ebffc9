package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Report;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Move the virtual addresses to another node, and wait until that is over.",
            "The master sends what its peer lacks, falls silent, and grants the addresses;"
                    + " refused when no backup is ready."
        },
        footer = {"", "Example: tandem failover --to b"})
final class FailoverCommand extends DaemonCommand<Report> {
    @Option(
            names = "--to",
            paramLabel = "NODE",
            description = "Who shall be master (default: the readiest backup).")
    private @Nullable String to;

    @Override
    Report ask(ApiClient client) throws ApiException, IOException {
        return client.failover(to);
    }

    @Override
    void print(Report report, PrintWriter out) {
        ReportText.print(report, out);
    }
}
