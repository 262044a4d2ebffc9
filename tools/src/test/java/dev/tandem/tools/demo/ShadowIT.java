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
                                                            null, null, true, false, false,
                                                            false)));
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

    /** The bridge between the directors passes everything on to everybody, the shadow's tap too. */
    private static void rewire(Lab lab) throws IOException {
        lab.wire()
                .ip(
                        List.of(
                                "link set dev between type bridge ageing_time 0",
                                "link add name tap type veth peer name tap netns "
                                        + lab.client().name(),
                                "link set dev tap master between up"));
        lab.client().ip(List.of("link set dev tap up"));
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
