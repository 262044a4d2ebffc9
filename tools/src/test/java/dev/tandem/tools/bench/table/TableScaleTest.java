package dev.tandem.tools.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TableScaleTest {
    @Test
    void shouldFillLookUpAndExpire() {
        TableScale.Result result = TableScale.run(200_000, _ -> {});
        assertEquals(200_000, result.connections());
        assertEquals(96, result.arithmeticBytes());
        assertTrue(result.residentBytes() < 128, result.toString());
        assertTrue(result.lookUpNs() > 0);
        assertTrue(result.longestTurnCpuNs() < 20_000_000, result.toString());
    }
}
