package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Keys;
import dev.tandem.tools.api.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem sync-keys}. */
@Command(
        name = "sync-keys",
        mixinStandardHelpOptions = true,
        description = {
            "Show which keys sign and verify sync messages; with --reload, read them anew first.",
            "To change a key without an interruption: add the new one last on every node and reload;"
                    + " put it first on every node and reload; take the old one out and reload."
        },
        footer = {"", "Example: sudo tandem sync-keys --reload"})
final class SyncKeysCommand extends DaemonCommand<Keys> {
    @Option(
            names = "--reload",
            description =
                    "Read sync.keys of the daemon's configuration, and the key files, anew; all"
                            + " other settings stay as they are.")
    private boolean reload;

    @Override
    Keys ask(ApiClient client) throws ApiException, IOException {
        if (reload) {
            return client.reloadKeys();
        }
        List<Keys.ClusterKeys> inForce = new ArrayList<>();
        for (Status status : client.overview().clusters()) {
            Status.Sync sync = status.sync();
            if (sync != null && !sync.settings().keys().isEmpty()) {
                List<Integer> keys = sync.settings().keys();
                inForce.add(new Keys.ClusterKeys(status.cluster(), keys.getFirst(), keys));
            }
        }
        return new Keys(inForce);
    }

    @Override
    void print(Keys answer, PrintWriter out) {
        if (answer.clusters().isEmpty()) {
            out.println("no cluster here has keys");
        }
        for (Keys.ClusterKeys keys : answer.clusters()) {
            out.printf(
                    "%s: key %d signs; taken: %s%n",
                    keys.cluster(),
                    keys.signing(),
                    keys.verifying().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")));
        }
    }
}
