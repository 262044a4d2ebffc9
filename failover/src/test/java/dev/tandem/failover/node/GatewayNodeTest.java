package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes over loopback whose directors watch a gateway, 127.0.0.26. */
@Timeout(60)
class GatewayNodeTest {
    private static final String SILENCE = "the gateway 127.0.0.26 does not answer";

    @Test
    void shouldOwnOnlyWhereTheGatewayAnswers() throws Exception {
        try (TestPair pair = new TestPair("a", "b").withGateway()) {
            pair.start();
            pair.await(
                    "a says what it waits for",
                    () -> pair.node("a").status().whyNotMaster().contains(SILENCE));
            assertEquals("", pair.owner());
            assertFalse(pair.node("a").status().gateway().orElseThrow().answers());
            assertEquals(-1, pair.node("a").status().gateway().orElseThrow().answeredMsAgo());

            pair.director("a").gatewayAnswers(true);
            assertEquals("a", pair.awaitSettled());
            assertTrue(pair.node("a").status().gateway().orElseThrow().answers());
            assertTrue(pair.node("b").status().peers().getFirst().seesGateway());
            assertEquals("", pair.node("b").status().vote().holder(), "nobody votes");

            assertEquals(SILENCE, pair.node("b").status().whyNotReady());

            pair.director("a").gatewayAnswers(false);
            pair.director("b").gatewayAnswers(true);
            pair.await("b owns", () -> pair.owner().equals("b"));
            pair.await(
                    "the report of a",
                    () -> pair.reports.stream().anyMatch(r -> r.cause().equals(SILENCE + " a")));
            assertEquals("b", pair.awaitSettled());
        }
    }

    @Test
    void shouldBeAFaultWhenItHasLostBothAndTakePartAgainWhenItHasOne() throws Exception {
        try (TestPair pair = new TestPair("a", "b").withGateway()) {
            pair.start();
            pair.director("a").gatewayAnswers(true);
            pair.awaitSettled();
            pair.remove("b");
            assertEquals("a", pair.owner());
            pair.director("a").gatewayAnswers(false);
            pair.await("the fault", () -> pair.state("a") == State.FAULT);
            assertEquals("", pair.owner());
            assertEquals(
                    "neither the gateway 127.0.0.26 nor all its peers answer",
                    pair.node("a").status().whyNotMaster());
            pair.director("a").gatewayAnswers(true);
            pair.await("a owns again", () -> pair.owner().equals("a"));
        }
    }
}
