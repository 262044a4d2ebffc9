package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Arbiter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The demo itself, as a test: what it promises is what is asserted. What {@code tools/bin/verify}
 * shows by the demo's command, with more rounds, is not repeated here.
 */
@Tag("netns")
class FailoverIT {
    private static final int CONNECTIONS = 150;

    /** Budgets for two shared cores that run five hosts and the tests. */
    private static final double UNPLANNED_P99_MS = 1500;

    private static final double PLANNED_P99_MS = 250;

    @ParameterizedTest(name = "{0}, {1}, offloads {2}")
    @CsvSource({
        "KILL,    NAT, true",
        "PLANNED, DR,  false",
        "HANG,    DR,  true",
        "CABLE,   NAT, true",
        "PARTITION, NAT, true",
        "PARTITION, DR, true",
        "CUT_OFF, NAT, true",
        "DEAF,    NAT, true",
        "WITNESS_LOSS, NAT, true",
        "RESTART, NAT, true",
    })
    void shouldKeepEveryConnection(Fault fault, Forwarding forwarding, boolean offloads)
            throws Exception {
        DemoResult.Round round = run(fault, forwarding, fault.arbiter(), offloads);

        double budgetMs = fault == Fault.PLANNED ? PLANNED_P99_MS : UNPLANNED_P99_MS;
        assertAll(
                () -> assertEquals(0, round.connections().lost(), "lost"),
                () -> assertEquals(CONNECTIONS, round.connections().kept(), "kept"),
                () -> assertEquals(0, round.bytesWrong(), "wrong"),
                () -> assertEquals(3, round.servers().size(), "servers in use"),
                () -> assertFalse(round.owner().two(), () -> "owners: " + round.owner()),
                () -> assertEquals(fault.moves(), round.owner().changes(), "owners seen"),
                () ->
                        assertEquals(
                                fault.moves() == 1,
                                !round.owner().before().equals(round.owner().after()),
                                () -> "owners: " + round.owner()),
                () ->
                        assertTrue(
                                Objects.requireNonNull(round.waitMs()).p99() <= budgetMs,
                                () -> "waits: " + round.waitMs()));
    }

    /** What a pair without a third voter cannot prevent; and that the observer would see it. */
    @Test
    void shouldSeeTwoOwnersWhenNobodyDecidesBetweenTwoThatAreCutOff() throws Exception {
        DemoResult.Round round = run(Fault.PARTITION, Forwarding.NAT, Arbiter.NONE, true);

        assertTrue(round.owner().two(), () -> "owners: " + round.owner());
    }

    private static DemoResult.Round run(
            Fault fault, Forwarding forwarding, Arbiter arbiter, boolean offloads)
            throws Exception {
        var options =
                new DemoOptions(
                        fault,
                        CONNECTIONS,
                        1,
                        fault.barMs(),
                        forwarding,
                        true,
                        Mode.ENFORCE,
                        arbiter,
                        offloads,
                        false);
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (var demo = new Demo(options, new Progress(out))) {
            return demo.run().rounds().getFirst();
        }
    }
}
