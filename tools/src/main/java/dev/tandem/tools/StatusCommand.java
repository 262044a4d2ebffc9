package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Overview;
import dev.tandem.tools.api.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tandem status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Show what this node is and why, its peers, services and counters; all its clusters.",
        footer = {
            "",
            "Example: tandem status --json | jq .state",
            "         tandem status --json | jq '.clusters[].state'    (a node in several clusters)"
        })
final class StatusCommand extends DaemonCommand<Overview> {
    @Mixin private final ClusterOption cluster = new ClusterOption();

    @Override
    Overview ask(ApiClient client) throws ApiException, IOException {
        String name = cluster.name();
        if (name == null) {
            return client.overview();
        }
        Status status = client.status(name);
        return new Overview(status.node(), status.uptimeMs(), List.of(status));
    }

    @Override
    void print(Overview overview, PrintWriter out) {
        StatusText text = new StatusText(out);
        String between = "";
        for (Status each : overview.clusters()) {
            out.print(between);
            text.print(each);
            between = System.lineSeparator();
        }
    }

    /** Of one cluster its own object alone, as scripts know it. */
    @Override
    Object json(Overview overview) {
        return overview.clusters().size() == 1 ? overview.clusters().getFirst() : overview;
    }
}
