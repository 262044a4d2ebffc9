package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo itself, as a test: what it promises is what is asserted. */
@Tag("netns")
class FailoverIT {
    private static final int CONNECTIONS = 150;

    /** Budgets for two shared cores that run five hosts and the tests. */
    private static final double UNPLANNED_P99_MS = 1500;

    private static final double PLANNED_P99_MS = 250;

    @ParameterizedTest(name = "{0}, {1}, offloads {2}")
    @CsvSource({
        "KILL,    NAT, true",
        "KILL,    NAT, false",
        "KILL,    DR,  true",
        "PLANNED, NAT, true",
        "PLANNED, DR,  true",
        "PLANNED, DR,  false",
        "HANG,    NAT, true",
        "HANG,    DR,  true",
        "CABLE,   NAT, true",
        "PARTITION, NAT, true",
        "PARTITION, DR, true",
        "DEAF,    NAT, true",
        "WITNESS_LOSS, NAT, true",
    })
    void shouldKeepEveryConnection(Fault fault, Forwarding forwarding, boolean offloads)
            throws Exception {
        DemoResult result = run(fault, forwarding, true, offloads);

        double budgetMs = fault == Fault.PLANNED ? PLANNED_P99_MS : UNPLANNED_P99_MS;
        assertAll(
                () -> assertEquals(0, result.connections().lost(), "lost"),
                () -> assertEquals(CONNECTIONS, result.connections().kept(), "kept"),
                () -> assertEquals(0, result.bytesWrong(), "wrong"),
                () -> assertEquals(3, result.servers().size(), "servers in use"),
                () ->
                        assertEquals(
                                fault.moves(),
                                !result.owner().before().equals(result.owner().after()),
                                () -> "owners: " + result.owner()),
                () ->
                        assertTrue(
                                Objects.requireNonNull(result.gapMs()).p99() <= budgetMs,
                                () -> "gap: " + result.gapMs()));
    }

    @Test
    void shouldLoseConnectionsWhenThereIsNoReplication() throws Exception {
        DemoResult result = run(Fault.KILL, Forwarding.NAT, false, true);

        assertNotEquals(result.owner().before(), result.owner().after());
        assertEquals(CONNECTIONS, result.connections().lost(), "lost");
    }

    private static DemoResult run(
            Fault fault, Forwarding forwarding, boolean sync, boolean offloads) throws Exception {
        var options =
                new DemoOptions(
                        fault,
                        CONNECTIONS,
                        forwarding,
                        sync,
                        Mode.ENFORCE,
                        fault.needsWitness(),
                        offloads,
                        false);
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (var demo = new Demo(options, new Progress(out))) {
            return demo.run();
        }
    }
}
