package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Namespace;
import dev.tandem.tools.demo.load.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A shadow at a wire that carries a working pair's sync messages: it has the table, and its
 * interface has sent no frame at all.
 */
@Tag("netns")
class ShadowIT {
    private static final int CONNECTIONS = 100;

    @Test
    void shouldHaveTheTableAndSendNothing() throws Exception {
        try (RunningPair running = RunningPair.start(Forwarding.NAT, true, ShadowIT::rewire);
                DirectorProcess shadow = shadow(running);
                Load load = running.load(CONNECTIONS)) {
            running.await("the shadow answers", () -> shadow.status().isPresent());
            DirectorProcess master = running.pair.master().orElseThrow();
            running.await("traffic", () -> load.progress().leastAnswered() >= 5);
            running.await(
                    "the master's table at the shadow",
                    () ->
                            table(master.api()).size() == CONNECTIONS
                                    && table(master.api()).equals(table(shadow.api())));
            Status status = shadow.status().orElseThrow();
            assertEquals("SHADOW", status.state());
            assertEquals("shadow", status.role());
            Status.Sync sync = Objects.requireNonNull(status.sync());
            Status.Listening listening = Objects.requireNonNull(sync.listening());
            assertTrue(listening.records() >= CONNECTIONS, listening::toString);
            assertTrue(listening.recordsPerSecond() > 0, listening::toString);
            assertEquals(0, sync.link().get("sent"));
            ApiException refused =
                    assertThrows(
                            ApiException.class,
                            () ->
                                    shadow.api()
                                            .failover(
                                                    new FailoverRequest(
                                                            null, null, true, false, false)));
            assertEquals(409, refused.status());
            assertEquals(0, sent(running.lab.client()), "frames that left the shadow's interface");
        }
    }

    /** In the client's host, which has a second interface for it, on the pair's link. */
    private static DirectorProcess shadow(RunningPair running) throws IOException {
        Namespace host = running.lab.client();
        Path directory = running.lab.directory();
        return DirectorProcess.start(
                running.lab,
                host,
                "shadow",
                """
                node: shadow
                cluster: demo
                role: shadow
                addresses: []
                services:
                  - protocol: tcp
                    address: %s
                    port: %d
                    servers: [%s]
                sync: {interface: tap, syncid: 7}
                api: {socket: %s, reports: %s}
                """
                        .formatted(
                                LabPlan.VIRTUAL,
                                RunningPair.ECHO,
                                List.of(1, 2, 3).stream()
                                        .map(n ->
                                                "{address: %s, forwarding: nat}"
                                                        .formatted(running.lab.plan().server(n)))
                                        .collect(Collectors.joining(", ")),
                                directory.resolve("shadow.sock"),
                                directory.resolve("reports-shadow")));
    }

    /** The wire between the directors becomes one that passes everything on to everybody. */
    private static void rewire(Lab lab) throws IOException {
        Namespace wire = lab.wire();
        lab.director(0).ip(List.of("link del dev link"));
        wire.ip(
                List.of(
                        "link add hub type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
                                + " ageing_time 0",
                        "link set dev hub up"));
        for (int i = 0; i < 2; i++) {
            plug(wire, "hub" + i, lab.director(i), "link");
            lab.director(i)
                    .ip(
                            List.of(
                                    "address add 10.77.3." + (i + 1) + "/24 dev link",
                                    "link set dev link up"));
        }
        plug(wire, "hubtap", lab.client(), "tap");
        lab.client().ip(List.of("link set dev tap up"));
    }

    private static void plug(Namespace wire, String port, Namespace host, String name)
            throws IOException {
        wire.ip(
                List.of(
                        "link add name %s type veth peer name %s netns %s"
                                .formatted(port, name, host.name()),
                        "link set dev " + port + " master hub up"));
    }

    /** Of /proc/net/dev, the tenth number of the interface's line: packets transmitted. */
    private static long sent(Namespace host) throws IOException {
        String line =
                host.call(() ->
                        Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                                .filter(each -> each.strip().startsWith("tap:"))
                                .findFirst()
                                .orElseThrow());
        List<Long> numbers =
                Pattern.compile("\\d+")
                        .matcher(line.substring(line.indexOf(':')))
                        .results()
                        .map(number -> Long.valueOf(number.group()))
                        .toList();
        assertTrue(numbers.get(1) > 0, "it heard something: " + line);
        return numbers.get(9);
    }

    private static Set<String> table(ApiClient node) throws IOException, ApiException {
        return node.connections(Map.of("protocol", "tcp", "limit", "100000")).connections().stream()
                .map(e -> e.client() + " " + e.virtual() + " " + e.real() + " " + e.state())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
