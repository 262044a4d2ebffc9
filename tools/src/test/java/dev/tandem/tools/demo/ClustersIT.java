package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.config.KeyFiles;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes, two clusters: each node is master of one and backup of the other, in one process, and
 * all sync messages go over one wire to one group and port.
 */
@Tag("netns")
class ClustersIT {
    private static final int PORT = 7000;
    private static final int CONNECTIONS = 60;
    private static final String WEB = LabPlan.VIRTUAL;
    private static final String DB = "10.77.1.101";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Lab lab =
            new Lab(
                    new LabPlan(
                            Forwarding.DR,
                            true,
                            true,
                            List.of(
                                    new LabPlan.Service(
                                            dev.tandem.director.config.Transport.TCP, PORT))));
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void build() throws IOException {
        lab.build();
        KeyFiles.make(key());
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            lab.server(number).ip(List.of("address add " + DB + "/32 dev lo"));
            for (String address : List.of(WEB, DB)) {
                opened.add(
                        EchoServer.start(
                                lab.server(number), number, new InetSocketAddress(address, PORT)));
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        lab.close();
    }

    @Test
    void shouldMoveOneClusterWhileTheOtherStays() throws Exception {
        DirectorProcess a = start(0, 150, 100);
        DirectorProcess b = start(1, 100, 150);
        settle("web", a, b);
        settle("db", b, a);
        awaitStates(a, "MASTER", "BACKUP");
        awaitStates(b, "BACKUP", "MASTER");
        try (Load web = load(WEB);
                Load db = load(DB)) {
            await("traffic of web", () -> web.progress().leastAnswered() >= 5, a, b);
            await("traffic of db", () -> db.progress().leastAnswered() >= 5, a, b);
            for (DirectorProcess each : List.of(a, b)) {
                await("web on " + each.node(), () -> virtuals(each, "web").equals(WEB), a, b);
                await("db on " + each.node(), () -> virtuals(each, "db").equals(DB), a, b);
            }
            long dbEpoch = status(a, "db").epoch();
            var dbReports = a.api().reports("db");

            Report report = handOverWeb(a);

            assertEquals("web", report.cluster());
            assertEquals("b", report.to());
            awaitStates(a, "BACKUP", "BACKUP");
            awaitStates(b, "MASTER", "MASTER");
            assertEquals(dbEpoch, status(a, "db").epoch(), "nothing happened to db");
            assertEquals(dbReports, a.api().reports("db"));
            // a is backup of both now, and b's messages of both come over the one wire
            for (String cluster : List.of("web", "db")) {
                await("foreign messages at " + cluster, () -> foreign(a, cluster) > 0, a, b);
            }
            assertEquals(CONNECTIONS, web.finish(DRAIN).kept());
            assertEquals(CONNECTIONS, db.finish(DRAIN).kept());
        }
        ApiException which = assertThrows(ApiException.class, () -> a.api().connections(Map.of()));
        assertEquals("a is in several clusters; say which: web, db", which.getMessage());
    }

    /** New key last, new key first, old key gone: each on both nodes, one after the other. */
    @Test
    void shouldChangeKeysWithoutAnInterruption() throws Exception {
        DirectorProcess a = start(0, 150, 100);
        DirectorProcess b = start(1, 100, 150);
        settle("web", a, b);
        Path fresh = lab.directory().resolve("fresh.key");
        KeyFiles.make(fresh);
        String old = "{id: 1, file: " + key() + "}";
        String next = "{id: 2, file: " + fresh + "}";
        try (Load before = load(WEB)) {
            await("the first table", () -> virtuals(b, "web").equals(WEB), a, b);
            for (String keys : List.of(old + ", " + next, next + ", " + old, next)) {
                for (DirectorProcess each : List.of(a, b)) {
                    Path file = lab.directory().resolve(each.node() + ".yaml");
                    String text = Files.readString(file);
                    Files.writeString(
                            file, text.replaceAll("keys: \\[[^\\]]*\\]", "keys: [" + keys + "]"));
                    each.api().reloadKeys();
                }
            }
            assertEquals(CONNECTIONS, before.finish(DRAIN).kept());
        }
        assertEquals(List.of(2), settings(a).keys());
        Map<String, Long> refused = hardening(b).refused();
        long verified = hardening(b).verified();
        try (Load after = load(WEB)) {
            await("traffic", () -> after.progress().leastAnswered() >= 5, a, b);
            await(
                    "twice as many connections at the backup",
                    () -> status(b, "web").connections() == 2 * CONNECTIONS,
                    a,
                    b);
        }
        assertTrue(hardening(b).verified() > verified);
        assertEquals(refused, hardening(b).refused(), "nothing is refused by the new key alone");
    }

    private record Signed(long verified, Map<String, Long> refused) {}

    private static Signed hardening(DirectorProcess node) throws Exception {
        Status.Hardening hardening =
                Objects.requireNonNull(
                        Objects.requireNonNull(status(node, "web").sync()).hardening());
        return new Signed(hardening.counters().getOrDefault("verified", 0L), hardening.refused());
    }

    private static Status.Settings settings(DirectorProcess node) throws Exception {
        return Objects.requireNonNull(status(node, "web").sync()).settings();
    }

    /** Whoever started faster is master first; then the one that shall be. */
    private static void settle(String cluster, DirectorProcess owner, DirectorProcess other)
            throws Exception {
        await(
                "owner and backup of " + cluster,
                () ->
                        List.of("BACKUP MASTER", "MASTER BACKUP")
                                .contains(
                                        status(owner, cluster).state()
                                                + " "
                                                + status(other, cluster).state()),
                owner,
                other);
        await(
                owner.node() + " has " + cluster,
                () -> {
                    if (!status(owner, cluster).state().equals("MASTER")) {
                        owner.api()
                                .failover(
                                        new FailoverRequest(
                                                cluster, owner.node(), false, false, false, false));
                    }
                    return status(owner, cluster).state().equals("MASTER");
                },
                owner,
                other);
    }

    private DirectorProcess start(int index, int webPriority, int dbPriority) throws IOException {
        String node = index == 0 ? "a" : "b";
        String text =
                """
                node: %s
                director: {interfaces: [outside], connections: 16384}
                clusters:
                %s%sapi: {socket: %s, reports: %s}
                """
                        .formatted(
                                node,
                                cluster("web", WEB, index, 1, 8850, webPriority),
                                cluster("db", DB, index, 2, 8860, dbPriority),
                                lab.directory().resolve(node + ".sock"),
                                lab.directory().resolve("reports-" + node));
        DirectorProcess process = DirectorProcess.start(lab, index, node, text);
        opened.add(process);
        return process;
    }

    private String cluster(
            String name, String address, int index, int syncId, int port, int priority)
            throws IOException {
        StringBuilder servers = new StringBuilder();
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            servers.append("{address: %s, forwarding: dr},".formatted(lab.plan().server(number)));
        }
        return """
          - cluster: %s
            addresses: [{address: %s, interface: outside}]
            services: [{protocol: tcp, address: %s, port: %d, servers: [%s]}]
            sync: {interface: link, syncid: %d, table-port: %d, hardening: %s, keys: [{id: 1, file: %s}]}
            failover:
              {bind: 10.77.3.%d, heartbeat-port: %d, group-port: %d, priority: %d,
               peers: [{node: %s, address: 10.77.3.%d}]}
        """
                .formatted(
                        name,
                        address,
                        address,
                        PORT,
                        servers,
                        syncId,
                        port + 2,
                        name.equals("web") ? "enforce" : "off",
                        key(),
                        index + 1,
                        port,
                        port + 1,
                        priority,
                        index == 0 ? "b" : "a",
                        2 - index);
    }

    private Path key() throws IOException {
        return lab.directory().resolve("web.key");
    }

    private Load load(String address) throws IOException {
        return Load.start(lab.client(), new InetSocketAddress(address, PORT), CONNECTIONS);
    }

    /** Two nodes that started at once may find their group in halves, which merge in seconds. */
    private static Report handOverWeb(DirectorProcess from) throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return from.api()
                        .failover(new FailoverRequest("web", "b", false, false, false, false));
            } catch (ApiException e) {
                boolean early = "b is not in the group".equals(e.getMessage());
                if (!early || System.nanoTime() - deadlineNs > 0) {
                    throw e;
                }
            }
        }
    }

    private static Status status(DirectorProcess node, String cluster) throws Exception {
        return node.api().status(cluster);
    }

    /** Of which virtual address all connections are that the node has of the cluster. */
    private static String virtuals(DirectorProcess node, String cluster) throws Exception {
        var entries =
                node.api().connections(Map.of("cluster", cluster, "protocol", "tcp")).connections();
        return entries.size() == CONNECTIONS
                        && entries.stream().map(e -> e.virtual()).distinct().count() == 1
                ? entries.getFirst().virtual().replace(":" + PORT, "")
                : entries.size() + " entries";
    }

    private static long foreign(DirectorProcess node, String cluster) throws Exception {
        Status.Sync sync = status(node, cluster).sync();
        return sync == null ? 0 : sync.refused().getOrDefault("FOREIGN_SYNC_ID", 0L);
    }

    private static void awaitStates(DirectorProcess node, String web, String db) throws Exception {
        await(
                node.node() + " is " + web + " of web and " + db + " of db",
                () ->
                        status(node, "web").state().equals(web)
                                && status(node, "db").state().equals(db),
                node);
    }

    private static void await(
            String what, Callable<Boolean> condition, DirectorProcess... processes)
            throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        Optional<Exception> trouble = Optional.empty();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (IOException | ApiException e) {
                trouble = Optional.of(e);
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                StringBuilder logs = new StringBuilder("never came: " + what + " " + trouble);
                for (DirectorProcess each : processes) {
                    logs.append("\n--- ").append(each.node()).append('\n').append(each.logTail(30));
                }
                throw new AssertionError(logs);
            }
            Thread.sleep(20);
        }
    }
}
