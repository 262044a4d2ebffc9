package dev.tandem.tools.bench.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void shouldNameTheSampleThatSoManyDoNotExceed() {
        long[] downwards =
                LongStream.rangeClosed(1, 1000).map(i -> (1001 - i) * 1_000_000).toArray();

        assertEquals(new Spread(500, 990, 999, 1000), Spread.of(downwards));
    }

    @Test
    void shouldBeTheOnlySampleWhenThereIsOne() {
        assertEquals(new Spread(7, 7, 7, 7), Spread.of(new long[] {7_000_000}));
    }

    @Test
    void shouldBeZeroWhenNothingArrived() {
        assertEquals(new Spread(0, 0, 0, 0), Spread.of(new long[0]));
    }
}
