package dev.tandem.tools.bench.sync;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.config.KeyFiles;
import dev.tandem.tools.demo.lab.LabPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The configurations of the two directors. */
final class BenchNode {
    private static final int LEAST_CONNECTIONS = 1024;

    private BenchNode() {}

    /** Node "a" or "b" of the pair; makes the key that both share when there is none yet. */
    static String text(String node, SyncBenchOptions options, LabPlan plan, Path directory)
            throws IOException {
        boolean signed = options.hardening() != Mode.OFF;
        Path key = directory.resolve("sync.key");
        if (signed && !Files.exists(key)) {
            KeyFiles.make(key);
        }
        return """
        node: %s
        cluster: bench
        role: manual
        director:
          interfaces: [outside]
          connections: %d
        addresses:
          - {address: %s, interface: outside}
        services:
          - protocol: tcp
            address: %s
            port: %d
            servers:
              - {address: %s, forwarding: dr}
        sync:
          interface: link
          syncid: 7
          hardening: %s
        %sapi:
          socket: %s
          reports: %s
        """
                .formatted(
                        node,
                        Math.max(LEAST_CONNECTIONS, options.connections()),
                        LabPlan.VIRTUAL,
                        LabPlan.VIRTUAL,
                        SyncBenchOptions.PORT,
                        plan.server(1),
                        options.hardening().name().toLowerCase(Locale.ROOT),
                        signed ? "  keys:\n    - {id: 1, file: " + key + "}\n" : "",
                        directory.resolve(node + ".sock"),
                        directory.resolve("reports-" + node));
    }
}
