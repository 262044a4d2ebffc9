package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.State;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two directors and a witness, with real sockets. */
class WitnessTest {
    @TempDir Path epochs;

    @Test
    void shouldOwnByMajorityAndBeSilentWithoutOne() throws Exception {
        try (TestPair pair = new TestPair(epochs, "a", "b", TestPair.WITNESS)) {
            pair.start();
            assertEquals("a", pair.awaitSettled());
            assertEquals(State.WITNESS, pair.state(TestPair.WITNESS));
            assertEquals("a", pair.node(TestPair.WITNESS).status().master());

            pair.remove("b");
            TimeUnit.MILLISECONDS.sleep(600);
            assertEquals("a", pair.owner(), "with the witness it has two votes of three");

            pair.remove(TestPair.WITNESS);
            pair.await("nobody owns without a majority", () -> pair.owner().isEmpty());
            String why = pair.node("a").status().whyNotMaster();
            TimeUnit.MILLISECONDS.sleep(1_200);
            assertEquals("", pair.owner(), why);

            long before = pair.node("a").status().epoch();
            pair.start(TestPair.WITNESS);
            pair.await("a owns again", () -> pair.owner().equals("a"));
            assertTrue(pair.node("a").status().epoch() > before);
        }
    }

    @Test
    void shouldNotNoticeThatABackupOrTheWitnessStartsAnew() throws Exception {
        try (TestPair pair = new TestPair(epochs, "a", "b", TestPair.WITNESS)) {
            pair.start();
            pair.awaitSettled();
            pair.node("a").handover(null, false).get(5, TimeUnit.SECONDS);
            pair.awaitSettled();
            long epoch = pair.node("b").status().epoch();
            for (String restarted : List.of(TestPair.WITNESS, "a")) {
                pair.remove(restarted);
                pair.start(restarted);
                pair.awaitSettled();
            }
            pair.remove("a");
            TimeUnit.MILLISECONDS.sleep(800);
            assertEquals("b", pair.owner(), "the witness that started anew votes for it again");
            assertEquals(epoch, pair.node("b").status().epoch(), "nobody else was master since");
        }
    }

    @Test
    void shouldHandOverWithAWitness() throws Exception {
        try (TestPair pair = new TestPair(epochs, "a", "b", TestPair.WITNESS)) {
            pair.start();
            pair.awaitSettled();
            FailoverReport report = pair.node("a").handover(null, false).get(5, TimeUnit.SECONDS);
            assertEquals("b", report.to());
            pair.await("b is settled", () -> pair.awaitSettled().equals("b"));
        }
    }

    @Test
    void shouldNotUseAnEpochTwiceWhenAllStartAnew() throws Exception {
        long epoch;
        try (TestPair pair = new TestPair(epochs, "a", "b", TestPair.WITNESS)) {
            pair.start();
            pair.awaitSettled();
            epoch = pair.node("a").status().epoch();
        }
        try (TestPair pair = new TestPair(epochs, "a", "b", TestPair.WITNESS)) {
            pair.start();
            pair.awaitSettled();
            assertTrue(pair.node("a").status().epoch() > epoch);
        }
    }
}
