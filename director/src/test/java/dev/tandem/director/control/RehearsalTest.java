package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is rehearsed must be what happens: frames that are forwarded, records that are applied. */
class RehearsalTest {
    private static final int ROUNDS = 12;

    @Test
    void shouldForwardEverythingAndReplicateIt() {
        try (var rehearsal = new Rehearsal(0)) {
            for (int round = 0; round < ROUNDS; round++) {
                rehearsal.perform(round);
            }
            DirectorStatus status = rehearsal.master().status();
            var sync = status.sync().orElseThrow();
            assertEquals(Map.of(), status.dropped());
            assertEquals(0, status.failedTurns());
            assertEquals(0, sync.droppedRecords());
            assertEquals(Map.of(), sync.refused());
            assertTrue(sync.outcomes().getOrDefault("CREATED", 0L) > 0, sync.toString());
            assertTrue(sync.hardening().orElseThrow().verified() > 0, sync.toString());
            assertTrue(status.path().toClient() > 0, status.toString());
        }
    }

    @Test
    void shouldTakeTheWholeTableInEachRound() {
        try (var rehearsal = new TableRehearsal(0)) {
            long records = 0;
            for (int round = 0; round < 3; round++) {
                rehearsal.perform();
                long taken = rehearsal.taker().records() - records;
                assertTrue(taken >= 960 && taken <= 1024, taken + " records");
                records += taken;
            }
            assertEquals(0, rehearsal.taker().progress().differing());
        }
    }
}
