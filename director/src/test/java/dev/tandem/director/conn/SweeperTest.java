package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.IpProtocol;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private static final long MILLI = 1_000_000L;
    private static final int ENTRIES = 100_000;

    private int visits;

    @Test
    void shouldVisitTheWholeTableOnceASecondWhateverTheTurnsAre() {
        for (long turnNs : new long[] {10_000, 300_000, MILLI, 7 * MILLI}) {
            try (ConnectionTable table = expiredEntries()) {
                Sweeper sweeper = new Sweeper(table, (_, _) -> visits++);
                visits = 0;
                sweeper.doWork(0);
                for (long now = 0; now <= 1000 * MILLI; now += turnNs) {
                    sweeper.doWork(now);
                }
                assertEquals(ENTRIES, visits, ENTRIES / 100.0, "turns of " + turnNs + " ns");
            }
        }
    }

    @Test
    void shouldAskToBeCalledAgainWhenMoreIsDueThanOneTurnMayVisit() {
        try (ConnectionTable table = expiredEntries()) {
            Sweeper sweeper = new Sweeper(table, (_, _) -> visits++);
            sweeper.doWork(0);

            long now = 5000 * MILLI; // the worker was away
            int turns = 1;
            for (; sweeper.doWork(now) > 0; turns++) {
                assertEquals(turns * Sweeper.MAX_SLOTS_PER_TURN, visits);
            }

            assertEquals(ENTRIES / Sweeper.MAX_SLOTS_PER_TURN + 1, turns);
            assertTrue(visits <= ENTRIES, "one round, not five");
        }
    }

    @Test
    void shouldDoNothingWhenTheTableIsEmpty() {
        try (ConnectionTable table = new ConnectionTable(16)) {
            Sweeper sweeper = new Sweeper(table, (_, _) -> visits++);

            assertEquals(0, sweeper.doWork(0));
            assertEquals(0, sweeper.doWork(1000 * MILLI));
            assertEquals(0, visits);
        }
    }

    /** Entries without a timer: their deadline, 0, has always passed. */
    private static ConnectionTable expiredEntries() {
        ConnectionTable table = new ConnectionTable(ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            table.add(IpProtocol.TCP, i, 1, 2, 3, 4, 5, 0);
        }
        return table;
    }
}
