package dev.tandem.tools.demo.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The load against a director whose behaviour is known: the kernel's own NAT, on host a. What the
 * demo says of Tandem is worth as much as what this says of the demo.
 */
@Tag("netns")
class LoadIT {
    private static final int PORT = 7000;
    private static final int CONNECTIONS = 90;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Lab lab =
            new Lab(
                    new LabPlan(
                            Forwarding.NAT,
                            true,
                            false,
                            List.of(new LabPlan.Service(Transport.TCP, PORT))));
    private final List<EchoServer> servers = new ArrayList<>();

    @BeforeEach
    void forwardByTheKernel() throws IOException {
        lab.build();
        var a = lab.director(0);
        a.sysctl(Map.of("net.ipv4.ip_forward", "1"));
        a.ip(
                List.of(
                        "address add " + LabPlan.VIRTUAL + "/24 dev outside",
                        "address add " + LabPlan.GATEWAY + "/24 dev inside"));
        Commands.run(
                a.command("nft", "-f", "-"),
                """
                table ip nat {
                  chain in {
                    type nat hook prerouting priority dstnat
                    ip daddr 10.77.1.100 dnat to numgen inc mod 3 map {
                      0: 10.77.2.11, 1: 10.77.2.12, 2: 10.77.2.13 }
                  }
                }
                """);
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            servers.add(
                    EchoServer.start(
                            lab.server(number),
                            number,
                            new InetSocketAddress(lab.plan().serverBind(number), PORT)));
        }
    }

    @AfterEach
    void remove() {
        servers.forEach(EchoServer::close);
        lab.close();
    }

    @Test
    void shouldKeepEveryConnectionWhenNothingHappens() throws Exception {
        LoadResult result;
        try (Load load = start(CONNECTIONS)) {
            await(() -> load.progress().leastAnswered() >= 10);
            load.fault(System.nanoTime());
            await(() -> load.progress().back() == CONNECTIONS);
            result = load.finish(PATIENCE);
        }

        assertEquals(CONNECTIONS, result.kept());
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            assertEquals(servers.get(number - 1).accepted(), result.byServer().get(number));
        }
        long verifiedByServers = servers.stream().mapToLong(EchoServer::bytesVerified).sum();
        assertEquals(verifiedByServers, result.bytesVerified());
        assertTrue(
                result.waits().getMaxValue() < 500_000,
                () -> "longest wait without any fault: " + result.waits().getMaxValue() + " µs");
    }

    @Test
    void shouldMeasureTheGapWhenTheDirectorIsCutOffForAWhile() throws Exception {
        LoadResult result;
        Probe.Span before;
        Probe.Span after;
        try (Load load = start(CONNECTIONS);
                Probe probe = Probe.start(lab.client(), service())) {
            probe.take();
            await(() -> load.progress().leastAnswered() >= 10);
            before = probe.take();
            load.fault(System.nanoTime());
            lab.wire().ip(List.of("link set dev a-outside down"));
            long cutNs = System.nanoTime();
            await(() -> System.nanoTime() - cutNs > 300_000_000);
            lab.wire().ip(List.of("link set dev a-outside up"));
            await(() -> load.progress().back() == CONNECTIONS);
            result = load.finish(PATIENCE);
            after = probe.take();
        }

        assertEquals(CONNECTIONS, result.kept());
        assertTrue(result.waits().getMinValue() >= 250_000, "all of them waited");
        assertTrue(before.gapNs() < 300_000_000, () -> "the probe was served before: " + before);
        assertTrue(after.gapNs() >= 300_000_000, () -> "it was not served: " + after);
        assertTrue(after.lost() >= 250, () -> "and repeated nothing: " + after);
    }

    @Test
    void shouldCountLostConnectionsByReasonWhenServersGoAway() throws Exception {
        LoadResult result;
        int ended;
        int kept;
        try (Load load = start(CONNECTIONS)) {
            await(() -> load.progress().leastAnswered() >= 10);
            ended = servers.get(0).accepted();
            kept = servers.get(2).accepted();
            servers.get(0).close();
            lab.wire().ip(List.of("link set dev s2-inside down"));
            long cutNs = System.nanoTime();
            load.fault(cutNs);
            await(() -> load.progress().lost() == ended && load.progress().back() == kept);
            await(() -> System.nanoTime() - cutNs > 2 * load.intervalNs());
            result = load.finish(Duration.ofSeconds(1));
        }

        assertEquals(kept, result.kept());
        assertEquals(CONNECTIONS - kept - ended, result.lost().get(Loss.SILENT));
        assertEquals(
                ended,
                result.lost().getOrDefault(Loss.CLOSED, 0)
                        + result.lost().getOrDefault(Loss.RESET, 0));
    }

    @Test
    void shouldCountRefusedConnectionsWhenNobodyListens() throws Exception {
        servers.forEach(EchoServer::close);

        LoadResult result;
        try (Load load = start(3)) {
            await(() -> load.progress().lost() == 3);
            result = load.finish(Duration.ofSeconds(1));
        }

        assertEquals(Map.of(Loss.REFUSED, 3), result.lost());
    }

    @Test
    void shouldCountALossOnceWhenThereAreMoreResultsThanOne() throws Exception {
        try (Load load = start(CONNECTIONS)) {
            await(() -> load.progress().leastAnswered() >= 10);
            int ended = servers.get(0).accepted();
            servers.get(0).close();
            await(() -> load.progress().lost() == ended);

            LoadResult first = load.settle(PATIENCE);
            LoadResult second = load.settle(PATIENCE);

            assertEquals(ended, first.lostConnections());
            assertEquals(0, second.lostConnections());
            assertEquals(CONNECTIONS - ended, second.kept());
        }
    }

    private static InetSocketAddress service() {
        return new InetSocketAddress(LabPlan.VIRTUAL, PORT);
    }

    private Load start(int connections) throws IOException {
        return Load.start(lab.client(), service(), connections);
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "it did not happen in time");
            Thread.onSpinWait();
        }
    }
}
