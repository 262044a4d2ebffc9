package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.MS;
import static dev.tandem.failover.core.MachineDriver.SILENT;
import static dev.tandem.failover.core.MachineDriver.backupOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** INIT, BACKUP and CANDIDATE. */
class FollowingTest {

    @Test
    void shouldListenForTheDetectionTimeBeforeItStands() {
        MachineDriver node = new MachineDriver();
        assertEquals(State.INIT, node.passes(299).tick().state());
        assertEquals(State.BACKUP, node.passes(1).tick().state());
        assertEquals(State.CANDIDATE, node.tick().state());
        assertEquals(List.of("SendHeartbeat", "Probe"), node.kinds());
    }

    @Test
    void shouldFollowAtOnceWhenAMasterIsHeard() {
        MachineDriver node = backupOf("a", 5);
        assertEquals(State.BACKUP, node.state());
        assertEquals(5, node.situation().epoch());
        assertEquals("a is master in epoch 5", node.whyNot());
    }

    @Test
    void shouldWaitForTheFitterNodeWhenBothHaveJustStarted() {
        MachineDriver node = new MachineDriver();
        node.livesOn(400, "a", State.INIT, 0);
        assertEquals(State.BACKUP, node.state());
        assertEquals("waits for a, which goes first", node.whyNot());
        node.livesOn(600, "a", State.INIT, 0);
        assertEquals(State.CANDIDATE, node.state(), "but not for ever");
    }

    @Test
    void shouldStandWhenTheMasterWasSilentForTheDetectionTime() {
        MachineDriver node = backupOf("a", 5);
        assertEquals(State.BACKUP, node.passes(299).tick().state());
        assertEquals(State.CANDIDATE, node.passes(1).tick().state());
        assertEquals("no heartbeat of a for 300 ms (limit 300 ms)", node.situation().reason());
        assertEquals(5, node.situation().epoch(), "an epoch is used when it is won");
    }

    @Test
    void shouldBeMasterInTheNextEpochWhenTheProbeIsSilent() {
        MachineDriver node = backupOf("a", 5);
        node.passes(300).tick().passes(20).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.MASTER, node.state());
        assertEquals(6, node.situation().epoch());
        assertEquals(List.of("Lease", "Take", "SendHeartbeat"), node.kinds());
        node.passes(2).event(new Event.Taken(node.visit(), 7));
        Action.Report report = node.said(Action.Report.class);
        assertEquals("a hangs or is cut off", report.cause());
        assertEquals(
                List.of(
                        new Action.Phase("detect", 300 * MS),
                        new Action.Phase("decide", 0),
                        new Action.Phase("probe", 20 * MS),
                        new Action.Phase("take", 2 * MS)),
                report.phases());
    }

    @Test
    void shouldStandAtOnceWhenTheMastersProcessDied() {
        MachineDriver node = backupOf("a", 5);
        node.passes(3).event(new Event.PeerDied("a", 1)).tick();
        assertEquals(State.CANDIDATE, node.state());
        assertTrue(node.situation().reason().contains("kernel of a"), node.situation().reason());
    }

    @Test
    void shouldNotMindTheDeathOfAProcessThatAnotherHasFollowed() {
        MachineDriver node = backupOf("a", 5);
        node.event(MachineDriver.heartbeat("a", 2, 1, State.MASTER, 5, 100, 0));
        node.event(new Event.PeerDied("a", 1)).tick();
        assertEquals(State.BACKUP, node.state());
        assertEquals("a", node.situation().master());
    }

    @Test
    void shouldBeDeafToADeadProcessUntilNothingOfItCanBeUnderWay() {
        MachineDriver node = backupOf("a", 5);
        node.event(new Event.PeerDied("a", 1)).tick();
        node.passes(299).hears("a", State.MASTER, 5);
        assertTrue(node.situation().peers().getFirst().died());
        assertEquals(State.CANDIDATE, node.state());
        node.passes(1).hears("a", State.MASTER, 5);
        assertFalse(node.situation().peers().getFirst().died(), "the proof was none");
        assertEquals(State.BACKUP, node.state());
    }

    @ParameterizedTest
    @EnumSource(names = {"STOPPED", "FAULT", "INIT"})
    void shouldStandAtOnceWhenTheMasterSaysThatItIsNone(State state) {
        MachineDriver node = backupOf("a", 5);
        assertEquals(State.CANDIDATE, node.hears("a", state, 5).tick().state());
    }

    @Test
    void shouldGiveTheNewMasterTimeWhenTheOldOneSteppedDown() {
        MachineDriver node = backupOf("a", 5);
        assertEquals(State.BACKUP, node.hears("a", State.BACKUP, 5).tick().state());
        assertEquals("c", node.hears("c", State.MASTER, 6).situation().master());
    }

    @Test
    void shouldStandBackWhenSomebodyAnswersTheProbe() {
        MachineDriver node = backupOf("a", 5);
        node.passes(300)
                .tick()
                .event(new Event.Probed(node.visit(), "10.0.0.9 at 02:00:00:00:00:09"));
        assertEquals(State.BACKUP, node.state());
        assertTrue(node.whyNot().startsWith("vip-in-use: 10.0.0.9"), node.whyNot());
        assertEquals(State.BACKUP, node.passes(249).tick().state(), "a lease and 50 ms");
        assertEquals(State.CANDIDATE, node.passes(102).tick().state(), "a lease and 150 ms");
    }

    @Test
    void shouldFollowAgainWhenTheMasterIsHeardDuringTheProbe() {
        MachineDriver node = backupOf("a", 5);
        node.passes(300).tick();
        long visit = node.visit();
        assertEquals(State.BACKUP, node.hears("a", State.MASTER, 5).state());
        assertEquals(State.BACKUP, node.event(new Event.Probed(visit, SILENT)).state(), "too late");
    }

    @Test
    void shouldStandBackWhenAFitterCandidateStands() {
        MachineDriver node = new MachineDriver();
        node.passes(300).tick().passes(1).tick();
        assertEquals(State.CANDIDATE, node.state());
        assertEquals(State.BACKUP, node.hears("a", State.CANDIDATE, 0).state());
    }

    @Test
    void shouldHoldDownWhenAMasterFallsSilentAgain() {
        MachineDriver node = backupOf("a", 5);
        node.passes(300).tick().event(new Event.Probed(node.visit(), SILENT));
        node.hears("a", State.MASTER, 7).passes(300).tick();
        assertEquals(State.BACKUP, node.state());
        assertTrue(node.whyNot().contains("holds down for another 9700 ms"), node.whyNot());
        assertEquals(State.CANDIDATE, node.passes(9_700).tick().state());
    }

    @Test
    void shouldNotHoldDownWhenTheProcessDied() {
        MachineDriver node = backupOf("a", 5);
        node.passes(300).tick().event(new Event.Probed(node.visit(), SILENT));
        node.hears("a", State.MASTER, 7).event(new Event.PeerDied("a", 1)).tick();
        assertEquals(State.CANDIDATE, node.state());
    }

    @Test
    void shouldGiveThePeersTheTimeBackWhenItWasAway() {
        MachineDriver node = backupOf("a", 5);
        node.passes(2_000).event(new Event.Paused(2_000 * MS)).tick();
        assertEquals(State.BACKUP, node.state());
        assertEquals(State.BACKUP, node.passes(299).tick().state());
        assertEquals(State.CANDIDATE, node.passes(1).tick().state());
    }

    @Test
    void shouldIgnoreDuplicatesAndStragglers() {
        MachineDriver node = backupOf("a", 5);
        node.event(MachineDriver.heartbeat("a", 2, 9, State.MASTER, 5, 100, 0));
        PeerView before = node.situation().peers().getFirst();
        node.passes(10);
        node.event(MachineDriver.heartbeat("a", 2, 9, State.FAULT, 5, 100, 0));
        node.event(MachineDriver.heartbeat("a", 2, 8, State.FAULT, 5, 100, 0));
        node.event(MachineDriver.heartbeat("a", 1, 99, State.FAULT, 5, 100, 0));
        assertEquals(List.of(before), node.situation().peers());
        node.passes(300).event(MachineDriver.heartbeat("a", 1, 1, State.INIT, 0, 100, 0));
        assertEquals(
                State.INIT,
                node.situation().peers().getFirst().state(),
                "a process of a machine that was booted anew");
    }

    @Test
    void shouldAskForTheAddressesWhenItPreempts() {
        MachineDriver node = new MachineDriver(200, true);
        node.hears("a", State.MASTER, 5).synced();
        node.livesOn(59_950, "a", State.MASTER, 5);
        assertEquals(List.of(), node.kinds());
        node.livesOn(50, "a", State.MASTER, 5);
        assertEquals(
                new Action.ForwardCommand("", "a", "b", false),
                node.said(Action.ForwardCommand.class));
        assertEquals(State.BACKUP, node.state(), "it asks, it does not fight");
    }

    @Test
    void shouldTakeWithoutAProbeWhenGranted() {
        MachineDriver node = backupOf("a", 5);
        node.event(new Event.Granted("a", 6));
        assertEquals(State.MASTER, node.state());
        assertEquals(List.of("Lease", "Take", "SendHeartbeat"), node.kinds());
        node.passes(3).event(new Event.Taken(node.visit(), 7));
        assertEquals(
                new Action.Acknowledge("a", 6, 7, 3 * MS), node.said(Action.Acknowledge.class));
    }

    @Test
    void shouldNotTakeAGrantThatIsOutOfDate() {
        MachineDriver node = backupOf("a", 5);
        assertEquals(State.BACKUP, node.event(new Event.Granted("a", 5)).state(), "its epoch");
        node.passes(200);
        assertEquals(State.BACKUP, node.event(new Event.Granted("a", 6)).state(), "its giver");
        node.hears("a", State.MASTER, 5).passes(200).event(new Event.Paused(200 * MS));
        node.hears("a", State.HANDOVER, 5);
        assertEquals(State.BACKUP, node.event(new Event.Granted("a", 6)).state(), "its reader");
    }
}
