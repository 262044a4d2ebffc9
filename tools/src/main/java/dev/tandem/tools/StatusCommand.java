package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Status;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code tandem status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show what this node is and why, its peers, services and counters.",
        footer = {"", "Example: tandem status --json | jq .state"})
final class StatusCommand extends DaemonCommand<Status> {
    @Override
    Status ask(ApiClient client) throws ApiException, IOException {
        return client.status();
    }

    @Override
    void print(Status status, PrintWriter out) {
        new StatusText(out).print(status);
    }
}
