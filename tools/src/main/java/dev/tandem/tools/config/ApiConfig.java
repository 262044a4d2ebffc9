package dev.tandem.tools.config;

import java.nio.file.Path;

/**
 * Where the daemon is talked to and where it keeps its reports.
 *
 * @param socket path of the Unix socket; only its owner may open it
 * @param reports directory of one JSON file per failover
 */
public record ApiConfig(Path socket, Path reports) {
    public static final Path DEFAULT_SOCKET = Path.of("/run/tandem/tandem.sock");
    public static final Path DEFAULT_REPORTS = Path.of("/var/lib/tandem/reports");
}
