package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Report;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Move the virtual addresses, and wait until that is over.",
            "Role pair: to another node; the master sends what its peer lacks, falls silent, and"
                    + " grants the addresses; refused when no backup is ready.",
            "Role manual: --take or --release them here; nothing happens when that is so already."
        },
        footer = {
            "",
            "Example: tandem failover --to b",
            "         tandem failover --take --cluster web   (keepalived: notify_master)"
        })
final class FailoverCommand extends DaemonCommand<Report> {
    @Mixin private final ClusterOption cluster = new ClusterOption();

    @ArgGroup private @Nullable What what;

    @Option(
            names = "--force",
            description = "With --take: even when somebody answers for the addresses.")
    private boolean force;

    /** What is asked for; one of them. */
    private static final class What {
        @Option(
                names = "--to",
                paramLabel = "NODE",
                description = "Who shall be master (default: the readiest backup).")
        private @Nullable String to;

        @Option(
                names = "--take",
                description = "This node takes the addresses, unless somebody answers for them.")
        private boolean take;

        @Option(
                names = "--release",
                description = "This node sends what its peers lack and releases the addresses.")
        private boolean release;
    }

    @Override
    Report ask(ApiClient client) throws ApiException, IOException {
        What asked = what == null ? new What() : what;
        return client.failover(
                new FailoverRequest(cluster.name(), asked.to, asked.take, asked.release, force));
    }

    @Override
    void print(Report report, PrintWriter out) {
        ReportText.print(report, out);
    }
}
