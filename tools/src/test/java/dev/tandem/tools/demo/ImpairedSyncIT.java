package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.config.KeyFiles;
import dev.tandem.tools.demo.ImpairedWire.Fault;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.load.EchoServer;
import dev.tandem.tools.demo.load.Load;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two directors whose sync messages go over a bad wire, under traffic. Their heartbeats have a good
 * one, so that nobody takes over. Needs root and libpcap.
 */
@Tag("netns")
class ImpairedSyncIT {
    private static final Logger LOG = LoggerFactory.getLogger(ImpairedSyncIT.class);
    private static final int PORT = 7000;
    private static final int CONNECTIONS = 150;
    private static final long DISTURBED_NS = 5_000_000_000L;
    private static final long PAUSE_NS = 3_000_000;

    /** In which the tables must be equal after a disturbance. */
    private static final long REPAIR_NS = 1_000_000_000L;

    /** In which no connection may be missing any more, whatever the messages are. */
    private static final long COVERAGE_NS = 2_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Lab lab =
            new Lab(
                    new LabPlan(
                            Forwarding.DR,
                            true,
                            true,
                            List.of(new LabPlan.Service(Transport.TCP, PORT))));
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<DirectorProcess> directors = new ArrayList<>();
    private ImpairedWire wire;

    @BeforeEach
    void build() throws IOException {
        lab.build();
        KeyFiles.make(key());
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            var bind = new InetSocketAddress(lab.plan().serverBind(number), PORT);
            opened.add(EchoServer.start(lab.server(number), number, bind));
        }
        List<String> ports = List.of("a-sync", "b-sync");
        for (int i = 0; i < ports.size(); i++) {
            String host = lab.director(i).name();
            lab.wire()
                    .ip(
                            List.of(
                                    "link add %s type veth peer name sync netns %s"
                                            .formatted(ports.get(i), host),
                                    "link set %s up".formatted(ports.get(i))));
            lab.director(i)
                    .ip(
                            List.of(
                                    "address add 10.77.4.%d/24 dev sync".formatted(i + 1),
                                    "link set sync up"));
            Commands.run(
                    lab.director(i)
                            .command("ethtool", "-K", "sync", "tx", "off")
                            .toArray(String[]::new));
        }
        wire = ImpairedWire.join(lab.wire(), ports.getFirst(), ports.getLast());
        opened.add(wire);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        lab.close();
    }

    @Test
    void shouldHaveEqualTablesSoonAfterEachDisturbance() throws Exception {
        start("enforce", true);
        try (Load load = load()) {
            long epoch = master().status().orElseThrow().epoch();
            for (Fault fault : List.of(Fault.each(1), Fault.each(10), Fault.each(30), Fault.CUT)) {
                int before = table(master()).size();
                long repairNs = disturb(fault, REPAIR_NS);
                assertTrue(
                        repairNs < REPAIR_NS,
                        () -> fault + ": not equal after 1 s\n" + difference() + logs());
                assertTrue(table(master()).size() > before + 100, "too few new connections");
            }
            assertEquals(epoch, master().status().orElseThrow().epoch(), "somebody took over");
            assertEquals(CONNECTIONS, load.finish(DRAIN).kept());
        }
    }

    /** Coverage comes back without hardening, too, by comparing tables. */
    @Test
    void shouldHaveAllConnectionsSoonAfterADisturbanceByComparingTables() throws Exception {
        start("off", true);
        try (Load load = load()) {
            long repairNs = disturb(Fault.each(10), 0);
            assertEquals(0, repairNs);
            long endNs = System.nanoTime();
            await("coverage", this::isCovered);
            long tookNs = System.nanoTime() - endNs;
            LOG.info("coverage 1.0 after {} ms", tookNs / 1_000_000);
            assertTrue(tookNs < COVERAGE_NS, tookNs + " ns" + logs());
            assertEquals(CONNECTIONS, load.finish(DRAIN).kept());
        }
    }

    private boolean isCovered() {
        return directors.stream()
                .flatMap(each -> each.status().stream())
                .filter(status -> status.state().equals("BACKUP"))
                .map(status ->
                        Objects.requireNonNull(Objects.requireNonNull(status.sync()).tables()))
                .anyMatch(
                        tables -> tables.synced() && tables.compared() && tables.coverage() == 1.0);
    }

    /** That the disturbance is one: a kernel's way of replicating does not get over it. */
    @Test
    void shouldMissConnectionsWithoutHardening() throws Exception {
        start("off", false);
        try (Load _ = load()) {
            assertTrue(disturb(Fault.each(30), REPAIR_NS) >= REPAIR_NS, "nothing was missing");
        }
    }

    /**
     * Disturbs the wire while connections come and go.
     *
     * @return how long after it the tables were equal; or the deadline
     */
    private long disturb(Fault fault, long deadlineNs) throws Exception {
        ImpairedWire.Counters before = wire.counters();
        var over = new AtomicBoolean();
        Future<?> visitors = lab.client().start("visitors", () -> visit(over));
        wire.fault(fault);
        LockSupport.parkNanos(DISTURBED_NS);
        over.set(true);
        var _ = visitors.get();
        int missing = difference().size();
        wire.fault(Fault.NONE);
        long endNs = System.nanoTime();
        long tookNs = 0;
        boolean equal = false;
        while (!equal && tookNs < deadlineNs) {
            equal = difference().isEmpty();
            tookNs = System.nanoTime() - endNs;
        }
        LOG.info(
                "{}: {} entries, {} different at its end, equal {} after {} ms; wire {} then {}",
                fault,
                table(master()).size(),
                missing,
                equal,
                tookNs / 1_000_000,
                before,
                wire.counters());
        return equal ? tookNs : deadlineNs;
    }

    /** Connects and closes, one after the other. */
    private static int visit(AtomicBoolean over) throws IOException {
        int visits = 0;
        for (; !over.get(); visits++) {
            SocketChannel.open(new InetSocketAddress(LabPlan.VIRTUAL, PORT)).close();
            LockSupport.parkNanos(PAUSE_NS);
        }
        return visits;
    }

    private Load load() throws Exception {
        Load load =
                Load.start(lab.client(), new InetSocketAddress(LabPlan.VIRTUAL, PORT), CONNECTIONS);
        opened.add(load);
        await("traffic", () -> load.progress().leastAnswered() >= 10);
        await(
                "equal tables",
                () -> table(master()).size() == CONNECTIONS && difference().isEmpty());
        return load;
    }

    private void start(String hardening, boolean tables) throws Exception {
        for (int index = 0; index < 2; index++) {
            String node = index == 0 ? "a" : "b";
            DirectorProcess process =
                    DirectorProcess.start(lab, index, node, text(node, index, hardening, tables));
            directors.add(process);
            opened.add(process);
        }
        await("master and backup", () -> states().equals(Set.of("MASTER", "BACKUP")));
    }

    private String text(String node, int index, String hardening, boolean tables)
            throws IOException {
        String servers =
                List.of(1, 2, 3).stream()
                        .map(number ->
                                "{address: %s, forwarding: dr}"
                                        .formatted(lab.plan().server(number)))
                        .collect(Collectors.joining(", "));
        return """
        node: %s
        cluster: demo
        director: {interfaces: [outside], connections: 65536}
        addresses: [{address: %s, interface: outside}]
        services: [{protocol: tcp, address: %s, port: %d, servers: [%s]}]
        sync:
          {interface: sync, syncid: 7, hardening: "%s", keys: [{id: 1, file: %s}], %s}
        failover:
          {bind: 10.77.3.%d, priority: %d, peers: [{node: %s, address: 10.77.3.%d}]}
        api: {socket: %s, reports: %s}
        """
                .formatted(
                        node,
                        LabPlan.VIRTUAL,
                        LabPlan.VIRTUAL,
                        PORT,
                        servers,
                        hardening,
                        key(),
                        tables ? "table-peers: [10.77.4.%d]".formatted(2 - index) : "table-port: 0",
                        index + 1,
                        150 - 50 * index,
                        index == 0 ? "b" : "a",
                        2 - index,
                        lab.directory().resolve(node + ".sock"),
                        lab.directory().resolve("reports-" + node));
    }

    private Path key() throws IOException {
        return lab.directory().resolve("shared.key");
    }

    private Set<String> states() {
        return directors.stream()
                .flatMap(each -> each.status().stream())
                .map(Status::state)
                .collect(Collectors.toSet());
    }

    private DirectorProcess master() {
        return directors.stream()
                .filter(each -> each.status().filter(s -> s.state().equals("MASTER")).isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** Entries that only one of the two has, or has in another state. */
    private Set<String> difference() {
        try {
            Set<String> one = table(directors.getFirst());
            Set<String> other = table(directors.getLast());
            var difference = new TreeSet<>(one);
            difference.removeAll(other);
            other.removeAll(one);
            difference.addAll(other);
            return difference;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> table(DirectorProcess director) throws Exception {
        return director
                .api()
                .connections(Map.of("protocol", "tcp", "limit", "100000"))
                .connections()
                .stream()
                .map(entry ->
                        String.join(
                                " ", entry.client(), entry.virtual(), entry.real(), entry.state()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String logs() {
        return directors.stream()
                .map(each -> "\n--- " + each.node() + "\n" + each.logTail(30))
                .collect(Collectors.joining());
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError("never came: " + what + logs());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
