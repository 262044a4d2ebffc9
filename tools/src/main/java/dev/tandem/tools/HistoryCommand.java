package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.History;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem failover history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = {
            "Show the changes of this node's state, the latest first: what it became, why, what it had"
                    + " heard of the others, and how long each part of a failover took."
        },
        footer = {
            "",
            "Example: tandem failover history --limit 5",
            "         tandem failover history --json | jq '.transitions[] | select(.to == \"FAULT\")'"
        })
final class HistoryCommand extends DaemonCommand<History> {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Only this cluster's (default: all).")
    private String cluster = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Most changes to show, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    History ask(ApiClient client) throws ApiException, IOException {
        return client.history(cluster, limit);
    }

    @Override
    void print(History answer, PrintWriter out) {
        if (answer.transitions().isEmpty()) {
            out.println("nothing has happened yet");
        }
        boolean several =
                answer.transitions().stream().map(each -> each.cluster()).distinct().count() > 1;
        answer.transitions().forEach(each -> TransitionText.print(each, several, out));
    }
}
