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
            "Show which keys sign and verify sync messages, and the nodes' own (failover.keys); with"
                    + " --reload, read them anew first.",
            "To change a key without an interruption: add the new one last on every node and reload;"
                    + " put it first on every node and reload; take the old one out and reload."
        },
        footer = {"", "Example: sudo tandem sync-keys --reload"})
final class SyncKeysCommand extends DaemonCommand<Keys> {
    @Option(
            names = "--reload",
            description =
                    "Read sync.keys and failover.keys of the daemon's configuration, and the key"
                            + " files, anew; all other settings stay as they are. When anything in"
                            + " the file is wrong, nothing is changed.")
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
                inForce.add(new Keys.ClusterKeys(status.cluster(), "sync", sync.settings().keys()));
            }
            Status.Group group = status.group();
            if (group != null && !group.keys().isEmpty()) {
                inForce.add(new Keys.ClusterKeys(status.cluster(), "failover", group.keys()));
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
                    "%s, %s: key %d signs; taken: %s%n",
                    keys.cluster(),
                    keys.block(),
                    keys.signing(),
                    keys.verifying().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")));
        }
    }
}
