package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    @Test
    void shouldPassWhenNothingIsLostAndTheMedianIsWithinTheBar() {
        DemoResult.Verdict verdict =
                verdict(
                        Fault.KILL,
                        DemoRounds.round(1, 60, 0),
                        DemoRounds.round(2, 300, 0),
                        DemoRounds.round(3, 99, 0),
                        DemoRounds.round(4, 101, 0));

        assertEquals(List.of(), verdict.problems());
        assertTrue(verdict.passed());
        assertEquals(new DemoResult.Spread(60, 100, 300), verdict.gapMs());
    }

    @Test
    void shouldNotPassWhenTheMedianIsBeyondTheBar() {
        var verdict =
                verdict(Fault.KILL, DemoRounds.round(1, 100.5, 0), DemoRounds.round(2, 101, 0));

        assertEquals(
                List.of("the median of the gaps is 100.8 ms, more than 100"), verdict.problems());
    }

    @Test
    void shouldLeaveGapsOutWhenSomethingElseHadTheProcessors() {
        var busy = DemoRounds.round(1, 900, 0, 20.5, DemoRounds.moved(1, 1, 0));

        var alone = verdict(Fault.KILL, busy);
        var beside = verdict(Fault.KILL, busy, DemoRounds.round(2, 50, 0));

        assertTrue(alone.passed());
        assertNull(alone.gapMs());
        assertEquals(new DemoResult.Spread(50, 50, 50), beside.gapMs());
        assertEquals(1, beside.roundsTooBusy());
    }

    @Test
    void shouldNotPassWhenARoundLosesAConnection() {
        var verdict = verdict(Fault.KILL, DemoRounds.round(1, 50, 0), DemoRounds.round(2, 50, 1));

        assertFalse(verdict.passed());
        assertEquals(1, verdict.lost());
        assertEquals(List.of("round 2: 1 connections were lost"), verdict.problems());
    }

    @Test
    void shouldNotPassWhenTwoHadTheAddress() {
        for (var owner : List.of(DemoRounds.moved(3, 1, 0), DemoRounds.moved(1, 1, 1))) {
            var verdict = verdict(Fault.KILL, DemoRounds.round(1, 50, 0, 2, owner));

            assertEquals(1, verdict.roundsWithTwoOwners());
            assertTrue(verdict.problems().getFirst().contains("two owners"), verdict::toString);
        }
    }

    @Test
    void shouldNotPassWhenTheAddressIsNotWhereItShouldBe() {
        var stayed = new DemoResult.Owner("a", "a", 0, 0, 0, 0, false);

        assertFalse(verdict(Fault.KILL, round(stayed)).passed());
        assertFalse(verdict(Fault.DEAF, round(DemoRounds.moved(1, 1, 0))).passed());
        assertFalse(verdict(Fault.RESTART, round(DemoRounds.moved(1, 1, 0))).passed());
        assertFalse(verdict(Fault.RESTART, round(stayed)).passed(), "it never left");
        assertTrue(verdict(Fault.DEAF, round(stayed)).passed());
    }

    @Test
    void shouldPassWhenARestartedMasterCameBack() {
        assertTrue(
                verdict(Fault.RESTART, round(new DemoResult.Owner("a", "a", 2, 2, 0, 0, false)))
                        .passed());
    }

    private static DemoResult.Round round(DemoResult.Owner owner) {
        return DemoRounds.round(1, 2, 0, 2, owner);
    }

    private static DemoResult.Verdict verdict(Fault fault, DemoResult.Round... rounds) {
        return DemoRounds.result(fault, true, rounds).verdict();
    }
}
