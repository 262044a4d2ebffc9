package dev.tandem.tools.demo.lab;

import dev.tandem.director.config.Forwarding;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The configuration files of the lab's two directors, and of its witness. */
final class NodeFile {
    private static final int[] PRIORITIES = {150, 100};

    private NodeFile() {}

    /** A director's name: a is the one of higher priority. */
    static String node(int index) {
        return index == 0 ? "a" : "b";
    }

    static Path socket(Path directory, int index) {
        return directory.resolve(node(index) + ".sock");
    }

    /**
     * The file's text.
     *
     * @param index 0 for a, 1 for b
     * @param directory where the run keeps its files
     */
    static String text(LabPlan plan, int index, Path directory) {
        boolean nat = plan.forwarding() == Forwarding.NAT;
        return """
        node: %s
        cluster: demo
        director:
          interfaces: [%s]
          connections: 65536
        addresses:
          - {address: %s, interface: outside}
        %sservices:
        %s%sfailover:
          bind: 10.77.3.%d
          priority: %d
        %s  peers:
            - {node: %s, address: 10.77.3.%d}
        %s%sapi:
          socket: %s
          reports: %s
        """
                .formatted(
                        node(index),
                        nat ? "outside, inside" : "outside",
                        LabPlan.VIRTUAL,
                        nat ? "  - {address: " + LabPlan.GATEWAY + ", interface: inside}\n" : "",
                        plan.services().stream()
                                .map(service -> service(plan, service))
                                .collect(Collectors.joining()),
                        sync(plan, directory),
                        index + 1,
                        PRIORITIES[index],
                        plan.preempt() ? "  preempt: true\n  preempt-delay-ms: 0\n" : "",
                        node(1 - index),
                        2 - index,
                        arbiter(plan, node(index), directory),
                        keys(plan, directory),
                        socket(directory, index),
                        directory.resolve("reports-" + node(index)));
    }

    private static String arbiter(LabPlan plan, String node, Path directory) {
        return switch (plan.arbiter()) {
            case NONE -> "";
            case WITNESS ->
                    "    - {node: w, address: %s, witness: true}\n  vote-file: %s\n"
                            .formatted(LabPlan.WITNESS, directory.resolve(node + ".vote"));
            case GATEWAY -> "  gateway: %s\n".formatted(LabPlan.CLIENT);
        };
    }

    /** The witness's file. */
    static String witness(LabPlan plan, Path directory) {
        return """
        node: w
        cluster: demo
        role: witness
        failover:
          bind: %s
          peers:
            - {node: a, address: 10.77.3.1}
            - {node: b, address: 10.77.3.2}
          vote-file: %s
        %sapi:
          socket: %s
          reports: %s
        """
                .formatted(
                        LabPlan.WITNESS,
                        directory.resolve("w.vote"),
                        keys(plan, directory),
                        directory.resolve("w.sock"),
                        directory.resolve("reports-w"));
    }

    /** The key that all nodes share. */
    static Path key(Path directory) {
        return directory.resolve("cluster.key");
    }

    /** A line of a block. */
    private static String keys(LabPlan plan, Path directory) {
        return plan.signs() ? "  keys: [{id: 1, file: %s}]\n".formatted(key(directory)) : "";
    }

    private static String sync(LabPlan plan, Path directory) {
        if (!plan.sync()) {
            return "";
        }
        String hardening =
                "  hardening: %s\n".formatted(lower(plan.hardening())) + keys(plan, directory);
        return "sync:\n  interface: link\n  syncid: 7\n" + (plan.signs() ? hardening : "");
    }

    private static String service(LabPlan plan, LabPlan.Service service) {
        String servers =
                IntStream.rangeClosed(1, service.servers())
                        .mapToObj(number ->
                                "      - {address: %s, port: %d, forwarding: %s}\n"
                                        .formatted(
                                                plan.server(number),
                                                service.port(),
                                                lower(plan.forwarding())))
                        .collect(Collectors.joining());
        return """
          - protocol: %s
            address: %s
            port: %d
            scheduler: wlc
            servers:
        %s\
        """
                .formatted(lower(service.protocol()), LabPlan.VIRTUAL, service.port(), servers);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
