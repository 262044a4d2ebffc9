package dev.tandem.tools.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The configuration file of a director of ours: the services of the tests and a sync section. */
final class TandemFile {
    private final List<String> sync = new ArrayList<>(List.of("interface: sync"));
    private final StringBuilder services = new StringBuilder();

    /** Another key of the sync section. */
    TandemFile sync(String line) {
        sync.add(line);
        return this;
    }

    /**
     * A service on the first virtual address with all three servers.
     *
     * @param forwarding nat or dr
     */
    TandemFile service(String protocol, int port, String forwarding) {
        services.append(
                "  - protocol: %s\n    address: %s\n    port: %d\n    scheduler: rr\n    servers:\n"
                        .formatted(protocol, Plan.VIRTUAL.getFirst(), port));
        for (int number = 1; number <= Plan.SERVERS; number++) {
            services.append(
                    "      - {address: %s, port: %d, forwarding: %s}\n"
                            .formatted(Plan.server(number), port, forwarding));
        }
        return this;
    }

    String text(String node, Path directory) {
        return """
        node: %s
        cluster: interop
        director:
          interfaces: [cli, rs]
          connections: 65536
        addresses:
          - {address: %s, interface: cli}
          - {address: %s, interface: rs}
        services:
        %ssync:
          %s
        role: manual
        api:
          socket: %s
          reports: %s
        """
                .formatted(
                        node,
                        Plan.VIRTUAL.getFirst(),
                        Plan.GATEWAY,
                        services,
                        String.join("\n  ", sync),
                        directory.resolve(node + ".sock"),
                        directory.resolve("reports-" + node));
    }
}
