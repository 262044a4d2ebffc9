package dev.tandem.director.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a server is overloaded, against what a kernel does. */
class ThresholdsTest {
    private final ConnectionCounts counts = new ConnectionCounts();

    @ParameterizedTest
    @CsvSource({
        // upper, lower, overloaded at, free again at
        "4, 0, 4, 2",
        "4, 1, 4, 0",
        "4, 4, 4, 3",
        "1, 0, 1, 0",
        "5, 0, 5, 3",
        "10, 0, 10, 7",
        "100, 75, 100, 74",
    })
    void shouldBeOverloadedWithHysteresis(int upper, int lower, int setAt, int clearedAt) {
        counts.thresholds(upper, lower);
        int connections = 0;
        while (!counts.overloaded()) {
            counts.bind(connections % 2 == 0 ? ConnectionCounts.ACTIVE : ConnectionCounts.INACTIVE);
            connections++;
        }
        assertEquals(setAt, connections);
        while (counts.overloaded()) {
            connections--;
            counts.unbind(
                    connections % 2 == 0 ? ConnectionCounts.ACTIVE : ConnectionCounts.INACTIVE);
        }
        assertEquals(clearedAt, connections);
    }

    @Test
    void shouldNeverBeOverloadedWithoutAnUpperThreshold() {
        counts.thresholds(0, 0);
        bind(1000);
        assertFalse(counts.overloaded());
    }

    @Test
    void shouldNotCountTemplates() {
        counts.thresholds(1, 0);
        counts.bind(ConnectionCounts.TEMPLATES);
        assertFalse(counts.overloaded());
        bind(1);
        counts.unbind(ConnectionCounts.TEMPLATES);
        assertTrue(counts.overloaded());
    }

    @Test
    void shouldNotChangeWhenAConnectionBecomesInactive() {
        counts.thresholds(2, 0);
        bind(2);
        counts.move(ConnectionCounts.ACTIVE, ConnectionCounts.INACTIVE);
        assertTrue(counts.overloaded());
        assertEquals(1, counts.get(ConnectionCounts.INACTIVE));
    }

    @ParameterizedTest
    @CsvSource({
        // connections, overloaded before, new upper, new lower, overloaded after
        "5, false, 5, 0, true", // at the new limit
        "5, false, 6, 0, false",
        "5, true, 0, 0, false", // no limit any more
        "5, true, 6, 0, true", // between 5 and 6: as before
        "5, true, 8, 0, false", // below 6
        "5, true, 8, 5, true", // not below 5
        "5, true, 8, 6, false",
    })
    void shouldBeJudgedAnewWhenTheThresholdsAreEdited(
            int connections, boolean before, int upper, int lower, boolean after) {
        counts.thresholds(before ? connections : 0, 0);
        bind(connections);
        assertEquals(before, counts.overloaded());

        counts.thresholds(upper, lower);

        assertEquals(after, counts.overloaded());
    }

    private void bind(int connections) {
        for (int i = 0; i < connections; i++) {
            counts.bind(ConnectionCounts.ACTIVE);
        }
    }
}
