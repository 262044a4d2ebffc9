package dev.tandem.tools.bench.join;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.bench.sync.Clients;
import dev.tandem.tools.config.KeyFiles;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A master with a full table, and processes that join it one after the other, each new and with an
 * empty table, while a client and a server exchange datagrams through the master.
 */
final class JoinBenchmark implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration JOIN = Duration.ofSeconds(60);
    private static final long REST_MS = 3000;
    private static final long SETTLE_MS = 500;
    private static final int ECHO_PORT = 53;

    private final int connections;
    private final int rounds;
    private final Mode hardening;
    private final Consumer<String> progress;
    private final Lab lab =
            new Lab(
                    new LabPlan(
                            Forwarding.NAT,
                            true,
                            true,
                            List.of(new LabPlan.Service(Transport.TCP, Clients.PORT, 1))));

    /** Connections that the master has, which on a busy machine are not all that were opened. */
    private long held;

    /**
     * @param progress told what happens now
     */
    JoinBenchmark(int connections, int rounds, Mode hardening, Consumer<String> progress) {
        this.connections = connections;
        this.rounds = rounds;
        this.hardening = hardening;
        this.progress = progress;
    }

    JoinResult run() throws IOException, InterruptedException {
        lab.build();
        for (int i = 0; i < 2; i++) {
            lab.director(i).ip(List.of("route add " + Clients.NETWORK + " via " + LabPlan.CLIENT));
        }
        try (DirectorProcess master = DirectorProcess.start(lab, 0, "a", node("a", 1))) {
            master.takeAddresses(START);
            fill(master);
            try (RoundTrips trips =
                    RoundTrips.start(
                            lab.client(),
                            lab.server(1),
                            RoundTrips.address(lab.plan().server(1), ECHO_PORT),
                            RoundTrips.address(LabPlan.VIRTUAL, ECHO_PORT))) {
                return measure(trips);
            }
        }
    }

    private void fill(DirectorProcess master) throws IOException, InterruptedException {
        progress.accept("opening %d connections by way of the master".formatted(connections));
        new Clients(lab, connections).open();
        long before = -1;
        held = announced(master);
        while (held != before) {
            Thread.sleep(SETTLE_MS);
            before = held;
            held = announced(master);
        }
        if (held < connections / 2) {
            throw new IOException("of %d connections %d are open".formatted(connections, held));
        }
    }

    private static long announced(DirectorProcess master) throws IOException, InterruptedException {
        return entries(master.await(START, "answer", _ -> true));
    }

    private static long entries(Status status) {
        return tables(status)
                .map(tables -> tables.counters().getOrDefault("announced", 0L))
                .orElse(0L);
    }

    private JoinResult measure(RoundTrips trips) throws IOException, InterruptedException {
        progress.accept("round trips without a joiner");
        trips.record(true);
        Thread.sleep(REST_MS);
        trips.record(false);
        RoundTrips.Spread rest = trips.take();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        List<JoinResult.Join> joins = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("join %d of %d".formatted(round, rounds));
            joins.add(join(trips));
        }
        List<Long> ms = joins.stream().map(JoinResult.Join::ms).sorted().toList();
        return new JoinResult(held, ms.get(ms.size() / 2), joins, rest, trips.take(), load);
    }

    private JoinResult.Join join(RoundTrips trips) throws IOException, InterruptedException {
        trips.record(true);
        long startNs = System.nanoTime();
        try (DirectorProcess joiner = DirectorProcess.start(lab, 1, "b", node("b", 2))) {
            joiner.await(START, "start", status -> tables(status).isPresent());
            Status status =
                    joiner.await(
                            JOIN,
                            "have the table",
                            it -> tables(it).filter(Status.Tables::compared).isPresent());
            long startedNs = System.nanoTime() - startNs;
            trips.record(false);
            Status.Tables tables = tables(status).orElseThrow();
            return new JoinResult.Join(
                    tables.counters().getOrDefault("joinMs", 0L),
                    startedNs / 1_000_000,
                    tables.counters().getOrDefault("recordsTaken", 0L),
                    tables.counters().getOrDefault("bytesTaken", 0L),
                    Math.max(tables.missing(), held - tables.entries()));
        }
    }

    private static Optional<Status.Tables> tables(Status status) {
        Status.Sync sync = status.sync();
        Status.Tables tables = sync == null ? null : sync.tables();
        return Optional.ofNullable(tables);
    }

    /**
     * @param number its address on the link
     */
    private String node(String node, int number) throws IOException {
        Path directory = lab.directory();
        Path key = directory.resolve("sync.key");
        boolean signed = hardening != Mode.OFF;
        if (signed && !Files.exists(key)) {
            KeyFiles.make(key);
        }
        return """
        node: %s
        cluster: bench
        role: manual
        director:
          interfaces: [outside, inside]
          connections: %d
        addresses:
          - {address: %s, interface: outside}
          - {address: %s, interface: inside}
        services:
          - protocol: tcp
            address: %s
            port: %d
            servers:
              - {address: %s, forwarding: dr}
          - protocol: udp
            address: %s
            port: %d
            servers:
              - {address: %s, forwarding: nat}
        sync:
          interface: link
          syncid: 7
          table-peers: [10.77.3.%d]
          hardening: %s
        %sapi:
          socket: %s
          reports: %s
        """
                .formatted(
                        node,
                        connections + 65_536,
                        LabPlan.VIRTUAL,
                        LabPlan.GATEWAY,
                        LabPlan.VIRTUAL,
                        Clients.PORT,
                        lab.plan().server(1),
                        LabPlan.VIRTUAL,
                        ECHO_PORT,
                        lab.plan().server(1),
                        3 - number,
                        hardening.name().toLowerCase(Locale.ROOT),
                        signed ? "  keys:\n    - {id: 1, file: " + key + "}\n" : "",
                        directory.resolve(node + ".sock"),
                        directory.resolve("reports-" + node));
    }

    @Override
    public void close() {
        lab.close();
    }
}
