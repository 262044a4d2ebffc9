package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command has that talks to a daemon. */
final class DaemonOptions {
    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = "${env:TANDEM_SOCKET:-/run/tandem/tandem.sock}",
            description = "The daemon's socket (TANDEM_SOCKET; default: ${DEFAULT-VALUE}).")
    private Path socket = Path.of("/run/tandem/tandem.sock");

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    private boolean json;

    ApiClient client() {
        return new ApiClient(socket);
    }

    boolean json() {
        return json;
    }
}
