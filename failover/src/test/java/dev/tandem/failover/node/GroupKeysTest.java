package dev.tandem.failover.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.State;
import dev.tandem.sync.hardening.SyncKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that prove themselves to each other, with real sockets and a real group. */
@Timeout(60)
class GroupKeysTest {
    private static final SyncKey KEY = new SyncKey(1, "the cluster's secret".getBytes(UTF_8));
    private static final SyncKey NEXT = new SyncKey(2, "the next year's secret".getBytes(UTF_8));
    private static final SyncKey FORGED = new SyncKey(1, "a secret of somebody".getBytes(UTF_8));

    @TempDir Path votes;

    @Test
    void shouldWorkAsBeforeWithKeysThatAreBeingChanged() throws Exception {
        try (TestPair pair = new TestPair(votes, "a", "b", TestPair.WITNESS)) {
            pair.start("a", List.of(KEY));
            pair.start("b", List.of(KEY, NEXT));
            pair.start(TestPair.WITNESS, List.of(KEY));
            pair.awaitSettled();
            FailoverReport report = pair.node("a").handover(null, false).get(5, TimeUnit.SECONDS);
            assertEquals("b", report.to());
            pair.awaitSettled();
            assertEquals(List.of(1, 2), pair.node("b").status().keys());
            assertEquals(0, pair.node("a").status().counters().heartbeatsUnproven());
            assertEquals(0, pair.node("a").status().counters().groupRefused());
        }
    }

    @Test
    void shouldChangeKeysWithoutAnInterruption() throws Exception {
        try (TestPair pair = new TestPair(votes, "a", "b", TestPair.WITNESS)) {
            for (String name : List.of("a", "b", TestPair.WITNESS)) {
                pair.start(name, List.of(KEY));
            }
            pair.awaitSettled();
            long epoch = pair.node("a").status().epoch();
            for (List<SyncKey> stage :
                    List.of(List.of(KEY, NEXT), List.of(NEXT, KEY), List.of(NEXT))) {
                for (String name : List.of("a", "b", TestPair.WITNESS)) {
                    pair.node(name).keys(List.copyOf(stage));
                    // membership by the keys of this moment, both ways
                    String target = pair.owner().equals("a") ? "b" : "a";
                    FailoverReport moved =
                            pair.node(name.equals(TestPair.WITNESS) ? "a" : name)
                                    .handover(target, false)
                                    .get(5, TimeUnit.SECONDS);
                    assertEquals(++epoch, moved.epoch(), "nobody took them in between");
                    assertEquals(target, pair.awaitSettled());
                }
            }
            for (String name : List.of("a", "b", TestPair.WITNESS)) {
                NodeStatus status = pair.node(name).status();
                assertEquals(List.of(2), status.keys(), name);
                assertEquals(0, status.counters().heartbeatsUnproven(), name);
                assertEquals(0, status.counters().groupRefused(), name);
                assertEquals(2, pair.node(name).present().size(), name);
            }
        }
    }

    @Test
    void shouldBelieveTheOldKeyNoMoreWhenItIsGone() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start("a", List.of(KEY));
            pair.start("b", List.of(KEY));
            pair.awaitSettled();
            pair.node("a").keys(List.of(NEXT));
            pair.await("a refuses b", () -> !pair.node("a").status().refusals().isEmpty());
            pair.await("the group refuses it too", () -> groupRefused(pair, "a"));
            assertEquals("a", pair.owner(), "the addresses are answered for");
            assertThrows(
                    IllegalStateException.class, () -> pair.node("a").keys(List.of()), "to none");
            pair.node("b").keys(List.of(NEXT));
            assertEquals("a", pair.awaitSettled());
        }
    }

    /** The other one has no reason to introduce itself again: it has never missed anybody. */
    @Test
    void shouldKnowAgainWhomOnlyOneSideHadLost() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start("a", List.of(KEY));
            pair.start("b", List.of(KEY));
            pair.awaitSettled();
            pair.await(
                    "each knows the other", () -> knows(pair, "a", "b") && knows(pair, "b", "a"));
            pair.node("a").keys(List.of(NEXT, KEY));
            pair.await("b hears a no more", () -> !knows(pair, "b", "a"));
            assertTrue(knows(pair, "a", "b"), "a has heard b all the time");
            pair.node("a").keys(List.of(KEY));
            pair.await("b knows a again", () -> knows(pair, "b", "a"));
            pair.await("and a knows b", () -> knows(pair, "a", "b"));
        }
    }

    private static boolean knows(TestPair pair, String node, String other) {
        return pair.node(node).present().contains(other);
    }

    @Test
    void shouldNeitherTakeOverNorJoinWithoutTheKey() throws Exception {
        try (TestPair pair = new TestPair("a", "b", "c")) {
            pair.start("a", List.of(KEY));
            pair.await("a owns", () -> pair.owner().equals("a"));
            pair.start("b", List.of());
            pair.start("c", List.of(FORGED));
            pair.await("b has looked round", () -> hasProbed(pair, "b"));
            pair.await("c has looked round", () -> hasProbed(pair, "c"));
            pair.await("all sides say so", () -> refusals(pair) == 6);
            pair.await(
                    "the group says so", () -> groupRefused(pair, "a") && groupRefused(pair, "c"));
            assertEquals("a", pair.owner());
            for (String name : List.of("a", "b", "c")) {
                NodeStatus status = pair.node(name).status();
                assertTrue(status.peers().stream().noneMatch(NodeStatus.PeerStatus::inGroup), name);
                assertTrue(status.counters().heartbeatsUnproven() > 0, name);
            }
            assertEquals(
                    List.of(
                            "heartbeats from 127.0.0.2 are not believed: they are not signed, and"
                                    + " this node has failover.keys",
                            "heartbeats from 127.0.0.3 are not believed: they are signed by another"
                                    + " key with an id that this node has"),
                    pair.node("a").status().refusals());
            String why = pair.node("b").status().whyNotMaster();
            assertTrue(why.contains("they are signed, and this node has no failover.keys"), why);
        }
    }

    private static boolean hasProbed(TestPair pair, String name) {
        NodeStatus status = pair.node(name).status();
        return status.state() == State.BACKUP && status.reason().startsWith("vip-in-use");
    }

    private static long refusals(TestPair pair) {
        return List.of("a", "b", "c").stream()
                .mapToLong(name -> pair.node(name).status().refusals().size())
                .sum();
    }

    private static boolean groupRefused(TestPair pair, String name) {
        return pair.node(name).status().counters().groupRefused() > 0;
    }

    @Test
    void shouldNotMindAnotherClusterOnTheSameWire() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start("a");
            pair.await("a owns", () -> pair.owner().equals("a"));
            pair.startImpostor("another", "b", "b");
            pair.await("seen", () -> !pair.node("a").status().refusals().isEmpty());
            assertEquals(
                    List.of(
                            "heartbeats from 127.0.0.2 are not believed: they are of another cluster"),
                    pair.node("a").status().refusals());
            assertEquals(Set.of(), pair.node("a").present());
            assertEquals("UNKNOWN", pair.node("a").status().peers().getFirst().state());
        }
    }

    @Test
    void shouldKnowAPeerByItsAddressToo() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            pair.awaitSettled();
            pair.startImpostor(pair.config("a").cluster(), "b", "d");
            pair.await("seen", () -> !pair.node("a").status().refusals().isEmpty());
            pair.await("not let in", () -> groupRefused(pair, "a"));
            assertEquals(
                    List.of(
                            "heartbeats from 127.0.0.4 are not believed: who sends them has a"
                                    + " peer's name, and not the peer's address"),
                    pair.node("a").status().refusals());
            assertEquals("a", pair.owner());
            assertFalse(pair.impostorOwns());
        }
    }
}
