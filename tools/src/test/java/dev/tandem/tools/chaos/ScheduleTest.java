package dev.tandem.tools.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int STEPS = 2000;

    @Test
    void shouldBeTheSameWhenTheSeedIs() {
        assertEquals(steps(7), steps(7));
        assertNotEquals(steps(7), steps(8));
    }

    @Test
    void shouldUseEveryTrouble() {
        var seen = EnumSet.noneOf(Trouble.class);
        steps(1).forEach(step -> seen.addAll(step.troubles()));

        assertEquals(EnumSet.allOf(Trouble.class), seen);
    }

    @Test
    void shouldLeaveAMajorityAtWork() {
        for (Step step : steps(2)) {
            long nodes =
                    step.troubles().stream()
                            .filter(trouble ->
                                    trouble != Trouble.LOSE && trouble != Trouble.PLANNED)
                            .count();
            assertTrue(nodes <= 1, step::words);
        }
    }

    private static List<Step> steps(long seed) {
        var schedule = new Schedule(seed);
        return Stream.generate(schedule::next).limit(STEPS).toList();
    }
}
