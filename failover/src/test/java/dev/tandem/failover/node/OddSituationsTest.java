package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a node: it says so, and nobody takes the addresses wrongly. */
@Timeout(60)
class OddSituationsTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir Path votes;

    @Test
    void shouldNotTakeOverWhenTheDiskIsFull() throws Exception {
        try (TestPair pair = new TestPair(votes, "a", "b", TestPair.WITNESS)) {
            pair.start();
            pair.awaitSettled();
            Path aside = votes.resolve("b.new");
            Files.createSymbolicLink(aside, FULL);
            pair.director("a").fail("outside: link down");
            pair.await("b says so", () -> says(pair, "b", "No space left on device"));
            NodeStatus status = pair.node("b").status();
            assertTrue(
                    status.reason()
                            .contains("the vote cannot be kept: vote-file " + votes.resolve("b")),
                    status.reason());
            assertEquals(State.FAULT, status.state());
            assertEquals("", pair.owner());

            Files.delete(aside);
            pair.await("b owns", () -> pair.owner().equals("b"));
        }
    }

    private static boolean says(TestPair pair, String node, String what) {
        return pair.node(node).status().whyNotMaster().contains(what);
    }

    @Test
    void shouldNotStartWhenTheDiskIsFull() throws Exception {
        try (TestPair pair = new TestPair(votes, "a", "b", TestPair.WITNESS)) {
            Files.createSymbolicLink(votes.resolve("a.new"), FULL);
            IOException refused = assertThrows(IOException.class, () -> pair.start("a"));
            assertEquals(
                    "vote-file " + votes.resolve("a") + ": No space left on device",
                    refused.getMessage());
        }
    }

    @Test
    void shouldTellOfANodeWithTheMastersName() throws Exception {
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start();
            assertEquals("a", pair.awaitSettled());
            pair.startImpostor(pair.config("a").cluster(), "a", "d");
            pair.await("b is told", () -> !pair.node("b").status().refusals().isEmpty());
            assertEquals(
                    List.of(
                            "heartbeats from 127.0.0.4 are not believed: who sends them has a"
                                    + " peer's name, and not the peer's address"),
                    pair.node("b").status().refusals());
            pair.await("it has looked round", pair::impostorHasProbed);
            assertFalse(pair.impostorOwns());
            assertEquals("a", pair.owner());
        }
    }
}
