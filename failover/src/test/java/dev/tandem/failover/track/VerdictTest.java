package dev.tandem.failover.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.Check.Pace;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void shouldDecideByTheFirstResultAndThenByRiseAndFall() {
        Verdict verdict = verdict(0, 2, 3);
        assertEquals("script s has not been checked yet", verdict.fault());
        assertTrue(verdict.result("", 1));
        assertEquals("", verdict.fault());
        assertFalse(verdict.result("ended with 1", 2));
        assertFalse(verdict.result("ended with 1", 3));
        assertFalse(verdict.result("", 4), "three in a row are needed");
        assertFalse(verdict.result("ended with 1", 5));
        assertFalse(verdict.result("ended with 1", 6));
        assertTrue(verdict.result("ended with 2", 7));
        assertEquals("script s ended with 2", verdict.fault());
        assertFalse(verdict.result("", 8));
        assertTrue(verdict.result("", 9));
        assertEquals("", verdict.fault());
        assertEquals(5, verdict.status(9).failures());
    }

    @Test
    void shouldTellOfAnotherReasonOfTheSameFailure() {
        Verdict verdict = verdict(0, 1, 1);
        assertTrue(verdict.result("ended with 1", 1));
        assertFalse(verdict.result("ended with 1", 2));
        assertTrue(verdict.result("did not end", 3));
        assertEquals("script s did not end", verdict.fault());
    }

    @Test
    void shouldAddWeightsAsKeepalivedDoes() {
        Verdict up = verdict(20, 1, 1);
        Verdict down = verdict(-20, 1, 1);
        assertEquals(List.of(0, 0), List.of(up.points(), down.points()), "not known yet");
        assertTrue(up.result("", 1));
        assertTrue(down.result("", 1));
        assertEquals(List.of(20, 0), List.of(up.points(), down.points()));
        assertTrue(up.result("bad", 2));
        assertTrue(down.result("bad", 2));
        assertEquals(List.of(0, -20), List.of(up.points(), down.points()));
        assertEquals("", up.fault() + down.fault());
    }

    private static Verdict verdict(int weight, int rise, int fall) {
        return new Verdict(
                new Check.Script("s", List.of("/x"), weight, 10, new Pace(10, rise, fall)), 0);
    }
}
