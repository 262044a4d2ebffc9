package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes over loopback, killed and stopped. Times are printed, and bounded generously. */
@Timeout(120)
class NodeProcessTest {
    private static final List<String> NAMES = List.of("a", "b");
    private static final int RUNS = Integer.getInteger("tandem.test.runs", 1);
    private static final double MAX_TAKEOVER_MS = 5_000;

    @Test
    void shouldTakeOverWhenTheMastersProcessIsKilled() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            try (NodeProcess a = master();
                    NodeProcess b = new NodeProcess("b", NAMES, TestPair.lastPort())) {
                settle(a, b);
                long killedNs = System.nanoTime();
                a.kill();
                printTakeover("SIGKILL", b, killedNs);
                assertTrue(b.report().contains("cause=process of a died"), b.report());
            }
        }
    }

    @Test
    void shouldTakeOverAndBeFollowedWhenTheMastersProcessIsStoppedAndContinued() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            try (NodeProcess a = master();
                    NodeProcess b = new NodeProcess("b", NAMES, TestPair.lastPort())) {
                settle(a, b);
                long stoppedNs = System.nanoTime();
                a.signal("STOP");
                printTakeover("SIGSTOP", b, stoppedNs);
                assertTrue(b.report().contains("a hangs or is cut off"), b.report());
                long continuedNs = System.nanoTime();
                a.signal("CONT");
                await("a follows", () -> a.lastSeenNs("BACKUP") - continuedNs > 0);
                System.out.printf(
                        "SIGCONT: the old master is a backup after %.1f ms%n",
                        (a.lastSeenNs("BACKUP") - continuedNs) / 1e6);
                assertTrue(a.lastSeenNs("FENCED") - continuedNs > 0, "it looked round first");
            }
        }
    }

    /** Node a, which owns before another starts. */
    private static NodeProcess master() throws IOException {
        NodeProcess a = new NodeProcess("a", NAMES, TestPair.nextPort());
        await("a is master", () -> a.lastSeenNs("MASTER") != 0);
        return a;
    }

    private static void settle(NodeProcess a, NodeProcess b) {
        await("b follows", () -> b.lastSeenNs("BACKUP") - a.lastSeenNs("MASTER") > 0);
        await("both are in the group", () -> a.lastSeenNs("JOINED") * b.lastSeenNs("JOINED") != 0);
    }

    private static void printTakeover(String how, NodeProcess b, long sinceNs) {
        await("b is master", () -> b.lastSeenNs("MASTER") != 0 && !b.report().isEmpty());
        double ms = (b.lastSeenNs("MASTER") - sinceNs) / 1e6;
        System.out.printf("%s: taken over after %.1f ms; %s%n", how, ms, b.report());
        assertTrue(ms < MAX_TAKEOVER_MS, "took " + ms);
    }

    private static void await(String what, BooleanSupplier condition) {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - untilNs > 0) {
                fail("not in time: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
