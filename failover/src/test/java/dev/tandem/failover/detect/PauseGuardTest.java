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

    @Test
    void shouldNotTakeAWaitForTheDiskForAPauseUnlessItIsLong() {
        guard.turn(0);
        guard.waitedForDisk(500_000_000);
        assertEquals(0, guard.turn(500_000_100));
        guard.waitedForDisk(500_000_001);
        assertEquals(500_000_101, guard.turn(1_000_000_201));
    }
}
