package dev.tandem.tools.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The configuration file of a director of ours: the services of the tests and a sync section. */
final class TandemFile {
    private final List<String> sync = new ArrayList<>(List.of("interface: sync"));
    private final StringBuilder services = new StringBuilder();
    private String role = "manual";
    private String virtual = Plan.VIRTUAL.getFirst();

    /** With what the clients of the table tests use, as {@link Kind} has it. */
    static TandemFile ofTables() {
        return new TandemFile()
                .sync("syncid: " + Plan.SYNC_ID)
                .service("tcp", 80, "nat")
                .service("tcp", 443, "dr")
                .service("udp", 53, "nat");
    }

    /** The services that follow are on this address, and no other is this director's. */
    TandemFile virtual(String address) {
        virtual = address;
        return this;
    }

    /** That it owns the addresses as soon as it runs. */
    TandemFile standalone() {
        role = "standalone";
        return this;
    }

    /** That it replicates by {@link Plan#GROUP6}. */
    TandemFile group6() {
        return sync("group: \"" + Plan.GROUP6 + "\"");
    }

    /** Another key of the sync section. */
    TandemFile sync(String line) {
        sync.add(line);
        return this;
    }

    /**
     * A service on the virtual address with all three servers.
     *
     * @param forwarding nat or dr
     */
    TandemFile service(String protocol, int port, String forwarding) {
        services.append(
                "  - protocol: %s\n    address: %s\n    port: %d\n    scheduler: rr\n    servers:\n"
                        .formatted(protocol, virtual, port));
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
        role: %s
        api:
          socket: %s
          reports: %s
        """
                .formatted(
                        node,
                        virtual,
                        Plan.GATEWAY,
                        services,
                        String.join("\n  ", sync),
                        role,
                        directory.resolve(node + ".sock"),
                        directory.resolve("reports-" + node));
    }
}
