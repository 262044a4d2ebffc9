package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.control.Readiness;
import dev.tandem.failover.config.Check;
import dev.tandem.failover.core.State;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes over loopback. Times are printed; the machine that runs this may be busy. */
@Timeout(60)
class FailoverNodeTest {

    @Test
    void shouldHaveOneMasterWhenTwoStart() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            assertEquals("a", pair.awaitSettled(), "the higher priority");
            NodeStatus backup = pair.node("b").status();
            assertEquals("a is master in epoch 1", backup.whyNotMaster());
            assertTrue(pair.node("a").status().leaseLeftMs() > 0);
        }
    }

    @Test
    void shouldHandOverWhenCommandedOnTheMaster() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            FailoverReport report = pair.node("a").handover(null, false).get(5, TimeUnit.SECONDS);
            System.out.println("handover by the master: " + report);
            assertEquals("b", report.to());
            assertEquals("2-b", report.id());
            assertEquals(7, report.connections());
            assertEquals(
                    List.of("flush", "silence", "grant", "take"),
                    List.copyOf(report.phasesMs().keySet()));
            assertEquals("b", pair.awaitSettled());
            for (String node : List.of("a", "b")) {
                assertEquals(
                        pair.node("b").status().epoch(), pair.director(node).toldEpoch(), node);
            }
        }
    }

    @Test
    void shouldHandOverWhenCommandedOnTheBackup() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            FailoverReport report = pair.node("b").handover("b", false).get(5, TimeUnit.SECONDS);
            System.out.println("handover by the backup: " + report);
            assertEquals("a", report.from());
            assertEquals("b", report.to());
            assertEquals("b", pair.awaitSettled());
        }
    }

    @Test
    void shouldRefuseAHandoverWhenTheTargetIsNotReady() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            assertEquals("there is no node z", refusal(pair, "a", "z"));
            assertEquals("a is already master", refusal(pair, "b", "a"));
            pair.director("b").lagBehind(12);
            pair.await(
                    "the lag is known",
                    () -> pair.node("a").status().peers().getFirst().syncLag() == 12);
            assertEquals("b is 12 records behind", refusal(pair, "a", "b"));
            assertEquals("a", pair.owner());
        }
    }

    private static String refusal(TestPair pair, String at, String target) {
        ExecutionException thrown =
                assertThrows(
                        ExecutionException.class,
                        () -> pair.node(at).handover(target, false).get(5, TimeUnit.SECONDS));
        return String.valueOf(
                assertInstanceOf(HandoverException.class, thrown.getCause()).getMessage());
    }

    @Test
    void shouldTakeOverWhenTheMastersDirectorFails() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            long failedNs = System.nanoTime();
            pair.director("a").fail("outside: link down");
            pair.await("b owns", () -> pair.owner().equals("b"));
            print("fault", pair.director("b").takenAtNs() - failedNs);
            assertEquals(State.FAULT, pair.state("a"));
            assertEquals("outside: link down", pair.node("a").status().whyNotMaster());
            pair.await("the report", () -> !pair.reports.isEmpty());
            System.out.println(pair.reports.getFirst());
            assertEquals("fault of a", pair.reports.getFirst().cause());
        }
    }

    @Test
    void shouldTakeOverWhenTheMastersPacketLoopHangs() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            pair.director("a").hang();
            pair.await("b owns", () -> pair.owner().equals("b"));
            assertEquals("the packet loop stands still", pair.node("a").status().reason());
        }
    }

    @Test
    void shouldPullTheTableBeforeItIsABackup() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start("a");
            pair.await("a owns", () -> pair.owner().equals("a"));
            pair.start("b", List.of(), Readiness.NOBODY_TO_ASK);
            pair.await("b pulls", () -> pair.state("b") == State.SYNCING);
            pair.director("b").ready(new Readiness(false, false, 9, 4, 0, "4 of 9 are missing"));
            pair.await(
                    "b says so", () -> pair.node("b").status().whyNotMaster().contains("4 of 9"));
            assertThrows(
                    ExecutionException.class,
                    () -> pair.node("a").handover("b", false).get(5, TimeUnit.SECONDS));
            pair.director("b").ready(new Readiness(true, true, 9, 0, 0, ""));
            assertEquals("a", pair.awaitSettled());
        }
    }

    @Test
    void shouldGoByTrackedInterfacesBesideTheDirector() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.track("a", List.of(new Check.Interface("x", 0), new Check.Interface("y", -20)));
            pair.start("a");
            pair.node("a").linkChanged("x", true);
            pair.node("a").linkChanged("y", true);
            pair.start("b");
            pair.awaitSettled();
            assertEquals(100, pair.node("a").status().priority());

            pair.node("a").linkChanged("y", false);
            pair.await("b hears it", () -> priorityOfPeer(pair.node("b")) == 80);

            pair.director("a").fail("outside is down");
            pair.await("the fault", () -> pair.state("a") == State.FAULT);
            pair.node("a").linkChanged("x", false);
            String both = "outside is down; interface x is down, without carrier or missing";
            pair.await("both", () -> pair.node("a").status().whyNotMaster().equals(both));
            pair.director("a").fail("");
            String one = "interface x is down, without carrier or missing";
            pair.await("one", () -> pair.node("a").status().whyNotMaster().equals(one));
            TimeUnit.MILLISECONDS.sleep(1_200);
            assertEquals(State.FAULT, pair.state("a"), "the other fault is still there");
            pair.node("a").linkChanged("x", true);
            pair.await("a backup again", () -> pair.state("a") == State.BACKUP);
        }
    }

    private static int priorityOfPeer(FailoverNode node) {
        return node.status().peers().getFirst().priority();
    }

    @Test
    void shouldHandOverWhenTheMasterIsClosed() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            pair.remove("a");
            assertEquals(State.MASTER, pair.state("b"));
            assertEquals(2, pair.node("b").status().epoch());
            pair.start("a");
            assertEquals("b", pair.awaitSettled(), "it does not preempt");
        }
    }

    @Test
    void shouldTakeBackWhenTheTargetCannotTake() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            pair.director("b").refuseToTake();
            assertEquals("b is FAULT and did not take the addresses", refusal(pair, "a", "b"));
            pair.await("a owns again", () -> pair.owner().equals("a"));
            assertEquals(3, pair.node("a").status().epoch());
        }
    }

    @Test
    void shouldCarryDocumentsInOrderAndRefuseOneThatIsTooLong() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            pair.await("a meets b", () -> pair.heard.contains("a meets b"));
            pair.await("b meets a", () -> pair.heard.contains("b meets a"));
            assertEquals(Set.of("b"), pair.node("a").present());
            pair.heard.clear();
            String most = "x".repeat(FailoverNode.MAX_DOCUMENT_BYTES);
            for (String document : List.of("one", most, "two")) {
                pair.node("a").send("b", document);
            }
            pair.await("all of them", () -> pair.heard.size() == 3);
            assertEquals(
                    List.of("b hears a: one", "b hears a: " + most, "b hears a: two"), pair.heard);
            String longer = most + "x";
            assertThrows(IllegalArgumentException.class, () -> pair.node("a").send("b", longer));
        }
    }

    @Test
    void shouldKeepOneMasterWhenThreeNodesChange() throws Exception {
        try (TestPair nodes = new TestPair("a", "b", "c")) {
            nodes.start();
            assertEquals("a", nodes.awaitSettled());
            nodes.node("b").handover("c", false).get(5, TimeUnit.SECONDS);
            assertEquals("c", nodes.awaitSettled());
            nodes.remove("c");
            nodes.await("another owns", () -> !nodes.owner().isEmpty());
        }
    }

    private static void print(String what, long ns) {
        System.out.printf("%s: taken over after %.1f ms%n", what, ns / 1e6);
    }
}
