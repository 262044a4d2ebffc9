package dev.tandem.tools.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.failover.core.Forecast;
import dev.tandem.failover.core.State;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.failover.node.NodeStatus.Counters;
import dev.tandem.failover.node.NodeStatus.PeerStatus;
import dev.tandem.failover.node.NodeStatus.VoteStatus;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Transition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportKeeperTest {
    private static final Map<String, Double> PHASES = Map.of("take", 1.5);

    @TempDir private Path dir;
    private ReportStore<Transition> transitions;
    private ReportKeeper keeper;

    @BeforeEach
    void open() throws IOException {
        transitions = ReportStore.open(dir.resolve("t"), Transition.class, ReportStore.TRANSITIONS);
        keeper =
                new ReportKeeper(
                        "web",
                        new ReportKeeper.Reports(
                                ReportStore.open(dir, Report.class, ReportStore.FAILOVERS),
                                transitions),
                        null);
    }

    @Test
    void shouldKeepEveryChangeOfStateOnceWithWhatTheOthersWere() throws IOException {
        keeper.stateChanged(status(State.INIT, 0, "started"));
        keeper.stateChanged(status(State.BACKUP, 7, "b is master"));
        keeper.stateChanged(status(State.BACKUP, 7, "b is master still"));
        List<Transition> kept = transitions.list();
        assertEquals(
                List.of("INIT>BACKUP: b is master", ">INIT: started"),
                kept.stream().map(t -> t.from() + ">" + t.to() + ": " + t.cause()).toList());
        Transition last = kept.getFirst();
        assertEquals(List.of("web", "a"), List.of(last.cluster(), last.node()));
        assertEquals("not yet", last.whyNotReady());
        assertEquals(
                List.of("b", "w"), List.of(last.votesFor(), last.peers().getFirst().votesFor()));
        assertEquals(12, last.peers().getFirst().lastHeardMs());
    }

    @Test
    void shouldAddTheFailoverThatMadeItMaster() throws IOException {
        keeper.stateChanged(status(State.CANDIDATE, 7, "b is lost"));
        keeper.stateChanged(status(State.MASTER, 8, "the probe stayed silent"));
        assertEquals(Map.of(), transitions.list().getFirst().phasesMs());
        keeper.failedOver(report("b", "a", 8));
        List<Transition> kept = transitions.list();
        assertEquals(2, kept.size());
        assertEquals(PHASES, kept.getFirst().phasesMs());
        assertEquals("it was silent", kept.getFirst().evidence());
        assertEquals(Map.of(), kept.getLast().phasesMs());
    }

    @Test
    void shouldAddTheHandoverThatEndsWithIt() throws IOException {
        keeper.stateChanged(status(State.HANDOVER, 7, "hands over to b"));
        keeper.failedOver(report("a", "b", 8));
        keeper.stateChanged(status(State.BACKUP, 8, "handed over to b"));
        List<Transition> kept = transitions.list();
        assertEquals(PHASES, kept.getFirst().phasesMs());
        assertEquals(Map.of(), kept.getLast().phasesMs());
        keeper.stateChanged(status(State.MASTER, 9, "b died"));
        assertEquals(Map.of(), transitions.list().getFirst().phasesMs(), "of another epoch");
    }

    private static FailoverReport report(String from, String to, long epoch) {
        return new FailoverReport(
                epoch + "-" + to,
                Instant.parse("2026-03-04T12:00:00Z"),
                "command",
                from,
                to,
                epoch,
                PHASES,
                7,
                "it was silent");
    }

    private static NodeStatus status(State state, long epoch, String reason) {
        return new NodeStatus(
                "a",
                "web",
                state,
                epoch,
                "b",
                reason,
                "",
                "not yet",
                new Forecast("", ""),
                0,
                100,
                new VoteStatus("b", 7),
                List.of(),
                List.of(
                        new PeerStatus(
                                "b",
                                "MASTER",
                                true,
                                true,
                                7,
                                90,
                                5,
                                0,
                                new VoteStatus("w", 6),
                                false,
                                12)),
                new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
