package dev.tandem.failover.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PauseGuardTest {
    private static final long INTERVAL = 50;

    private final PauseGuard guard = new PauseGuard(INTERVAL, Long.MAX_VALUE - 10);

    @Test
    void shouldNoticeAPauseOfMoreThanTwoIntervals() {
        assertEquals(0, guard.turn(Long.MAX_VALUE));
        assertEquals(0, guard.turn(Long.MAX_VALUE + 100));
        assertEquals(101, guard.turn(Long.MAX_VALUE + 201));
        assertEquals(0, guard.turn(Long.MAX_VALUE + 202));
        assertEquals(1, guard.pauses());
    }
}
