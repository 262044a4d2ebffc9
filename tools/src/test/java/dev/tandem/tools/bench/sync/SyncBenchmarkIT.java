package dev.tandem.tools.bench.sync;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short round of little load, so that the benchmark itself stays true. */
@Tag("netns")
class SyncBenchmarkIT {
    private static final int RATE = 2000;
    private static final int SECONDS = 2;

    /** For a machine that has other things to do; the bar of the benchmark proper is 20 ms. */
    private static final double P50_MS = 100;

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"OFF", "ENFORCE"})
    void shouldFollowEveryConnectionToTheBackup(Mode hardening) throws Exception {
        var options = new SyncBenchOptions(RATE, SECONDS, 1, hardening);
        SyncBenchResult result;
        try (var benchmark = new SyncBenchmark(options, _ -> {})) {
            result = benchmark.run();
        }

        assertAll(
                () -> assertEquals(RATE * SECONDS, result.connections()),
                () -> assertEquals(0, result.lost(), "lost"),
                () -> assertEquals(Map.of(), result.losses()),
                () -> assertTrue(result.isWhole()),
                () -> assertTrue(result.lagMs().p50() > 0, () -> "lag " + result.lagMs()),
                () -> assertTrue(result.lagMs().p50() <= P50_MS, () -> "lag " + result.lagMs()),
                () -> assertTrue(result.lagMs().max() >= result.lagMs().p999()),
                () -> assertTrue(result.datagramsPerSecond() > 0),
                () -> assertTrue(result.recordsPerSecond() >= result.datagramsPerSecond()));
    }
}
