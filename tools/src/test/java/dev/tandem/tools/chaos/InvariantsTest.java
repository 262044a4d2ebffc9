package dev.tandem.tools.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvariantsTest {
    private static final ChaosOptions OPTIONS =
            new ChaosOptions(7, 200, 20, Duration.ofMinutes(3), 2000);

    @Test
    void shouldHoldWhenNothingIsLostAndSomebodyAlwaysOwns() {
        assertEquals(List.of(), broken(round(2000, 2000, 0, false), memory(8 * 1024)));
    }

    @Test
    void shouldBreakWhenAConnectionIsLost() {
        assertBroken("1 connections were lost", round(10, 10, 1, false));
    }

    @Test
    void shouldBreakWhenTwoOwn() {
        assertBroken("two owners at once", round(10, 10, 0, true));
    }

    @Test
    void shouldBreakWhenNobodyServesOrOwnsForTooLong() {
        assertBroken("nobody served for 2001 ms", round(2001, 10, 0, false));
        assertBroken("nobody served for 2001 ms", round(10, 2001, 0, false));
    }

    @Test
    void shouldBreakWhenTheHeapGrows() {
        List<String> broken = broken(round(10, 10, 0, false), memory(8 * 1024 + 1));

        assertTrue(broken.getFirst().contains("grew by 8193 KiB in 30 rounds"), broken::toString);
    }

    private static void assertBroken(String words, ChaosResult.Round round) {
        List<String> broken = broken(round, memory(0));

        assertEquals(1, broken.size());
        assertTrue(broken.getFirst().contains(words), broken::toString);
    }

    private static List<String> broken(ChaosResult.Round round, ChaosResult.Memory memory) {
        return Invariants.broken(OPTIONS, List.of(round), List.of(memory));
    }

    private static ChaosResult.Round round(double gapMs, double unownedMs, int lost, boolean two) {
        return new ChaosResult.Round(
                1,
                12.5,
                List.of("kill-master"),
                0,
                700,
                "a",
                "b",
                gapMs,
                unownedMs,
                lost,
                "",
                1,
                1,
                0,
                0,
                two,
                3000,
                "");
    }

    private static ChaosResult.Memory memory(long grownKiB) {
        return new ChaosResult.Memory("a", 42, 7, 30, 9000, 9000 + grownKiB, 0.5, 90_000, 91_000);
    }
}
