package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.config.ManualConfig;
import dev.tandem.failover.core.State;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A manual node with its thread. */
@Timeout(30)
class ManualNodeTest {
    private final List<FailoverReport> reports = new CopyOnWriteArrayList<>();
    private final FakeDirector director = new FakeDirector();
    private final ManualNode node =
            new ManualNode(
                    new ManualConfig("web", "a", 200, 20, false),
                    director,
                    new FailoverListener() {
                        @Override
                        public void stateChanged(NodeStatus status) {}

                        @Override
                        public void failedOver(FailoverReport report) {
                            reports.add(report);
                        }
                    });

    @Test
    void shouldTakeAndReleaseAsItIsTold() throws Exception {
        try (node) {
            node.start();
            assertFalse(director.owns());
            assertEquals("a", node.take(false).get(5, TimeUnit.SECONDS).to());
            assertTrue(director.owns());
            assertEquals(State.MASTER, node.status().state());
            assertEquals("a", node.status().master());
            assertTrue(node.status().leaseLeftMs() > 0);
            assertEquals("a", node.release().get(5, TimeUnit.SECONDS).from());
            assertFalse(director.owns());
            director.onWire(() -> "a kernel");
            ExecutionException refused =
                    assertThrows(
                            ExecutionException.class,
                            () -> node.take(false).get(5, TimeUnit.SECONDS));
            assertEquals(
                    "vip-in-use: a kernel",
                    assertInstanceOf(HandoverException.class, refused.getCause()).getMessage());
            assertEquals(2, node.take(true).get(5, TimeUnit.SECONDS).epoch());
        }
        assertFalse(director.owns());
        assertEquals(State.STOPPED, node.status().state());
        assertEquals(
                List.of("command", "command", "command, forced", "a is stopped"),
                reports.stream().map(FailoverReport::cause).toList());
    }

    @Test
    void shouldRefuseWhenItDoesNotRun() {
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> node.take(false).get());
        assertEquals(
                "a is not running",
                assertInstanceOf(HandoverException.class, refused.getCause()).getMessage());
        node.close();
    }
}
