package dev.tandem.tools.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.SettingsRequest;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.load.EchoServer;
import dev.tandem.tools.demo.load.Load;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two daemons whose files have different services, and commands to one of them. */
@Tag("netns")
class ReplicatedServicesIT {
    private static final int PORT = 7000;
    private static final int CONNECTIONS = 40;
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();

    private final Lab lab = new Lab(new LabPlan(Forwarding.NAT, true, true, List.of()));
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final DirectorProcess[] nodes = new DirectorProcess[2];

    @BeforeEach
    void build() throws Exception {
        lab.build();
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            var address = new InetSocketAddress(lab.plan().server(number), PORT);
            opened.push(EchoServer.start(lab.server(number), number, address));
        }
        start(0);
        start(1);
        await("both know each other", () -> together(0) && together(1));
        await(
                "a is master",
                () -> {
                    if (!is(0, "MASTER")) {
                        handOverTo(0);
                    }
                    return is(0, "MASTER") && is(1, "BACKUP");
                });
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        lab.close();
    }

    @Test
    void shouldForwardOnTheNewMasterWhatWasConfiguredOnTheOld() throws Exception {
        assertEquals("own file", where(0));
        assertNotEquals(ipvsadm(0, "-Sn").out(), ipvsadm(1, "-Sn").out(), "their files differ");

        done(0, "-A -t 10.77.1.100:7000 -s rr");
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            done(0, "-a -t 10.77.1.100:7000 -r 10.77.2.1%d -m".formatted(number));
        }
        done(0, "-e -t 10.77.1.100:7000 -r 10.77.2.12 -m -w 5");
        done(0, "-d -t 10.77.1.100:7000 -r 10.77.2.11");
        done(0, "-a -t 10.77.1.100:7000 -r 10.77.2.11 -m -w 2 -x 500 -y 400");
        done(0, "-A -f 7 -s sh -b sh-port -p 300 -M 255.255.255.0");
        done(0, "--set 1000 0 30");
        equalAfter("a's changes");
        assertTrue(where(1).matches("version \\d+\\.9 from a"), where(1));
        assertEquals("Timeout (tcp tcpfin udp): 1000 120 30\n", ipvsadm(1, "-L --timeout").out());

        Run refused = ipvsadm(1, "-A -t 10.77.1.100:81");
        assertEquals(
                "services and settings of cluster web are replicated and change on the master only:"
                        + " a is master, and b is BACKUP\n",
                refused.err());
        assertEquals(Failure.REFUSED, refused.code());
        ApiException alike =
                assertThrows(
                        ApiException.class,
                        () ->
                                nodes[1].api()
                                        .settings(
                                                new SettingsRequest(
                                                        null, Map.of("drop_entry", 1L))));
        assertEquals(refused.err(), alike.getMessage() + "\n");
        assertEquals("", ipvsadm(1, "-Z").err(), "counters are its own");
        equalAfter("the refusal");

        try (Load load =
                Load.start(
                        lab.client(), new InetSocketAddress(LabPlan.VIRTUAL, PORT), CONNECTIONS)) {
            await("traffic", () -> load.progress().leastAnswered() >= 5);
            await("the backup has the connections", () -> connections(1) == CONNECTIONS);

            handOverTo(1);
            await("b is master", () -> is(1, "MASTER") && is(0, "BACKUP"));
            done(1, "-e -t 10.77.1.100:7000 -r 10.77.2.12 -m -w 0");
            done(1, "-A -u 10.77.1.100:53 -o");
            equalAfter("b's changes");
            assertTrue(where(0).matches("version \\d+\\.11 from b"), where(0));
            nodes[1].api().settings(new SettingsRequest(null, Map.of("drop_entry", 1L)));
            equalAfter("b's setting");
            var setting = nodes[0].api().settings("", List.of("drop_entry")).settings();
            assertEquals(1, setting.getFirst().value());
            assertTrue(ipvsadm(0, "-C").err().contains("b is master, and a is BACKUP"));

            nodes[0].close();
            await("a is gone", () -> status(1).peers().stream().noneMatch(Status.Peer::alive));
            done(1, "-a -u 10.77.1.100:53 -r 10.77.2.12 -m");
            start(0);
            equalAfter("a's start");
            await("a is backup", () -> is(0, "BACKUP"));
            await("a has the connections", () -> connections(0) == CONNECTIONS);
            await("at their servers", () -> active(0) == CONNECTIONS);

            nodes[1].kill();
            await("a is master", () -> is(0, "MASTER"));
            done(0, "-D -u 10.77.1.100:53");
            assertTrue(where(0).matches("version \\d+\\.14 from a"), where(0));
            assertEquals(CONNECTIONS, load.finish(DRAIN).kept(), () -> logs());
        }
    }

    @Test
    void shouldKeepOnTheBackupWhatWasConfiguredOnTheMaster() throws Exception {
        done(0, "-C");
        done(0, "-A -t 10.77.1.100:7000 -s rr");
        done(0, "-a -t 10.77.1.100:7000 -r 10.77.2.11 -m");
        equalAfter("a's changes");

        assertTrue(nodes[1].api().saveConfig().changed());

        String kept = Files.readString(file(1));
        assertTrue(kept.contains("    port: 7000\n") && !kept.contains("port: 1002"), kept);
        assertTrue(kept.contains("services-replicated: true\n"), kept);
        assertFalse(nodes[1].api().saveConfig().changed());
    }

    @Test
    void shouldCarryAThousandServers() throws Exception {
        StringBuilder lines = new StringBuilder("-A -t 10.77.1.100:80 -s wlc\n");
        for (int i = 0; i < 1000; i++) {
            lines.append(
                    "-a -t 10.77.1.100:80 -r 10.80.%d.%d:80 -m -w 1\n"
                            .formatted(i / 250, i % 250 + 1));
        }

        Run restored = restore(0, "-R", lines.toString());

        assertEquals("", restored.err());
        equalAfter("a thousand servers");
        String saved = ipvsadm(1, "-Sn").out();
        assertEquals(1000, saved.lines().filter(line -> line.contains(" 10.80.")).count());
    }

    private void start(int index) throws IOException {
        nodes[index] = DirectorProcess.start(lab, index, name(index), text(index));
        opened.push(nodes[index]);
    }

    private static String name(int index) {
        return index == 0 ? "a" : "b";
    }

    private Path file(int index) throws IOException {
        return lab.directory().resolve(name(index) + ".yaml");
    }

    /**
     * Their services are of port 1001 on a and 1002 on b. The lease is long: who is master shall be
     * what the test says, also on a machine that is busy with others.
     */
    private String text(int index) throws IOException {
        return """
        node: %1$s
        cluster: web
        director: {interfaces: [outside, inside], connections: 16384}
        addresses:
          - {address: %2$s, interface: outside}
          - {address: %3$s, interface: inside}
        services-replicated: true
        services:
          - protocol: tcp
            address: %2$s
            port: %4$d
            servers: [{address: 10.77.2.11, forwarding: nat}]
        sync: {interface: link, syncid: 7}
        failover:
          bind: 10.77.3.%5$d
          priority: %6$d
          heartbeat-count: 40
          lease-ms: 1500
          peers: [{node: %7$s, address: 10.77.3.%8$d}]
        api: {socket: %9$s/%1$s.sock, reports: %9$s/reports-%1$s}
        """
                .formatted(
                        name(index),
                        LabPlan.VIRTUAL,
                        LabPlan.GATEWAY,
                        1001 + index,
                        index + 1,
                        150 - 50 * index,
                        name(1 - index),
                        2 - index,
                        lab.directory());
    }

    private Run ipvsadm(int index, String line) throws IOException {
        return restore(index, line, "");
    }

    private Run restore(int index, String line, String input) throws IOException {
        String socket = lab.directory().resolve(name(index) + ".sock").toString();
        return Run.of(
                new DaemonControl(Autostart.of(socket, Map.of()), ""),
                List.of(line.split(" ", -1)),
                input);
    }

    private void done(int index, String line) throws IOException {
        Run run = ipvsadm(index, line);
        assertEquals("", run.err(), line);
        assertEquals(0, run.code(), line);
    }

    /** What ipvsadm saves is the same on both, and the daemons say so. */
    private void equalAfter(String what) throws Exception {
        await(
                "equal after " + what,
                () ->
                        same(0)
                                && same(1)
                                && ipvsadm(0, "-S -n --thresholds --timeout")
                                        .equals(ipvsadm(1, "-S -n --thresholds --timeout")));
        assertEquals(where(0), where(1));
    }

    private boolean same(int index) throws Exception {
        List<Status.PeerServices> peers = shared(index).peers();
        return peers.size() == 1 && peers.getFirst().same();
    }

    private String where(int index) throws Exception {
        Status.SharedServices shared = shared(index);
        assertEquals("", shared.refused());
        assertEquals(0, shared.malformed());
        return shared.origin().isEmpty()
                ? "own file"
                : "version %d.%d from %s"
                        .formatted(shared.epoch(), shared.counter(), shared.origin());
    }

    private Status.SharedServices shared(int index) throws Exception {
        return Objects.requireNonNull(status(index).sharedServices());
    }

    private Status status(int index) throws Exception {
        return nodes[index].api().status();
    }

    private boolean is(int index, String state) {
        return nodes[index].status().filter(now -> now.state().equals(state)).isPresent();
    }

    private boolean together(int index) throws Exception {
        return shared(index).peers().size() == 1;
    }

    private long connections(int index) throws Exception {
        return nodes[index].api().connections(Map.of("protocol", "tcp")).connections().size();
    }

    private int active(int index) throws Exception {
        return status(index).services().stream()
                .flatMap(service -> service.servers().stream())
                .mapToInt(Status.Server::active)
                .sum();
    }

    private void handOverTo(int index) throws Exception {
        var _ =
                nodes[index]
                        .api()
                        .failover(new FailoverRequest("", name(index), false, false, false, false));
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        Exception trouble = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (IOException | ApiException e) {
                trouble = e;
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError("never came: " + what + "\n" + logs(), trouble);
            }
            Thread.sleep(20);
        }
    }

    private String logs() {
        return "--- a\n" + nodes[0].logTail(30) + "\n--- b\n" + nodes[1].logTail(30);
    }
}
