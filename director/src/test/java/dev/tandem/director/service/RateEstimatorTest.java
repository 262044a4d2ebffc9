package dev.tandem.director.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimates and rates that a kernel shows for the same counts. */
class RateEstimatorTest {
    private final TrafficCounters counters = new TrafficCounters();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    200 | true  | 25600 44800 59200 70000 78100 84175 88731 92148 94711 96633 | 25 44 58 68 76 82 87 90 92 94
                    10  | false | 1280 960 720 540 405 303 227                                | 1 1 1 1 0 0 0
                    1   | false | 128 96 72 54                                                | 0 0 0 0
                    """)
    void shouldEstimateConnectionsLikeTheKernel(
            int connections, boolean constant, String estimates, String shown) {
        long[] expected = numbers(estimates);
        long[] expectedShown = numbers(shown);
        for (int sample = 0; sample < expected.length; sample++) {
            if (sample == 0 || constant) {
                for (int i = 0; i < connections; i++) {
                    counters.connection();
                }
            }
            counters.sample();
            assertEquals(expected[sample], counters.rates().estimate(TrafficCounters.CONNECTIONS));
            assertEquals(expectedShown[sample], counters.rates().connections());
        }
    }

    @Test
    void shouldEstimateBytesLikeTheKernel() {
        long[] estimates = numbers("8000 14000 18500 21875 24406 26304 27728");
        long[] shown = numbers("250 437 578 684 763 822 866");
        for (int sample = 0; sample < estimates.length; sample++) {
            counters.in(2000);
            counters.sample();
            assertEquals(estimates[sample], counters.rates().estimate(TrafficCounters.IN_BYTES));
            assertEquals(shown[sample], counters.rates().inBytes());
        }
        assertEquals(0, counters.rates().outBytes());
        assertEquals(0, counters.rates().outPackets());
    }

    @Test
    void shouldCountPacketsOfEachDirection() {
        for (int i = 0; i < 200; i++) {
            counters.in(1);
        }
        for (int i = 0; i < 400; i++) {
            counters.out(1);
        }
        counters.sample();
        assertEquals(25, counters.rates().inPackets());
        assertEquals(50, counters.rates().outPackets());
    }

    @Test
    void shouldBeginAgainWhenZeroed() {
        Consumer<Integer> connect =
                count -> {
                    for (int i = 0; i < count; i++) {
                        counters.connection();
                    }
                };
        connect.accept(200);
        counters.sample();
        connect.accept(100);
        counters.zero();
        assertEquals(0, counters.connections());
        assertEquals(0, counters.rates().connections());

        connect.accept(200);
        counters.sample();

        assertEquals(200, counters.connections());
        assertEquals(25600, counters.rates().estimate(TrafficCounters.CONNECTIONS));
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.strip().split(" +", -1)).mapToLong(Long::parseLong).toArray();
    }
}
