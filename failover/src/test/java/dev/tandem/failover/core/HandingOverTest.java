package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.MS;
import static dev.tandem.failover.core.MachineDriver.master;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** HANDOVER, and the commands that lead to it. */
class HandingOverTest {

    private static MachineDriver commanded() {
        return master().event(new Event.HandoverCommand("id", "a", false, false));
    }

    private static MachineDriver granted() {
        MachineDriver node = commanded();
        node.passes(3).event(new Event.Flushed(node.visit()));
        return node.passes(2).event(new Event.Released(node.visit()));
    }

    private static String refusal(MachineDriver node, String target) {
        return node.event(new Event.HandoverCommand("id", target, false, false))
                .said(Action.Refuse.class)
                .reason();
    }

    @Test
    void shouldHandOverToABackupThatLagsOnlyWhenForced() {
        MachineDriver node = master().hears("a", State.BACKUP, 1, 100, 3);
        node.event(new Event.HandoverCommand("id", "a", false, false));
        assertEquals(
                new Action.Refuse("id", "a is 3 records behind"), node.said(Action.Refuse.class));
        node.hears("a", State.FAULT, 1, 100, 3);
        node.event(new Event.HandoverCommand("id", "a", true, false));
        assertEquals(
                new Action.Refuse("id", "a is FAULT, not BACKUP"), node.said(Action.Refuse.class));
        node.hears("a", State.BACKUP, 1, 100, 3);
        node.event(new Event.HandoverCommand("id", "a", true, false));
        assertEquals(State.HANDOVER, node.state());
    }

    @Test
    void shouldFlushThenFallSilentThenGrant() {
        MachineDriver node = commanded();
        assertEquals(State.HANDOVER, node.state());
        assertEquals(List.of("FlushSync", "SendHeartbeat"), node.kinds());
        node.event(new Event.Flushed(node.visit()));
        assertEquals(new Action.Release(node.visit(), 200 * MS), node.said(Action.Release.class));
        node.event(new Event.Released(node.visit()));
        assertEquals(new Action.SendGrant("a", 2), node.said(Action.SendGrant.class));
    }

    @Test
    void shouldReportWhenTheTargetHasTaken() {
        MachineDriver node = granted();
        node.passes(5).event(new Event.Acknowledged("a", 2, 7, MS));
        assertEquals(State.BACKUP, node.state());
        assertEquals("a", node.situation().master());
        assertEquals(
                node.nowNs() + 200 * MS,
                node.said(Action.Lease.class).untilNs(),
                "stragglers are forwarded");
        Action.Report report = node.said(Action.Report.class);
        assertEquals("id", report.id());
        assertEquals(
                List.of(
                        new Action.Phase("flush", 3 * MS),
                        new Action.Phase("silence", 2 * MS),
                        new Action.Phase("grant", 4 * MS),
                        new Action.Phase("take", MS)),
                report.phases());
    }

    @Test
    void shouldBeDoneInTimeWhenOnlyAHeartbeatTellsThatTheTargetTook() {
        MachineDriver node = granted();
        node.livesOn(1_000, "a", State.MASTER, 2);
        assertEquals(State.BACKUP, node.state());
        assertEquals("a", node.said(Action.Report.class).to());
    }

    @Test
    void shouldTakeBackAboveTheGrantedEpochWhenTheTargetDoesNotTake() {
        MachineDriver node = granted();
        node.livesOn(1_000, "a", State.BACKUP, 1);
        assertEquals(State.MASTER, node.state());
        assertEquals(3, node.situation().epoch());
        assertEquals(
                "a did not take the addresses in time", node.said(Action.Refuse.class).reason());
    }

    @Test
    void shouldTakeBackAtOnceWhenTheTargetFails() {
        MachineDriver node = granted();
        node.hears("a", State.MASTER, 2).hears("a", State.FAULT, 2);
        assertEquals(State.MASTER, node.state());
        assertEquals(3, node.situation().epoch());
    }

    @Test
    void shouldTakeBackAtOnceWhenTheTargetDies() {
        MachineDriver node = granted();
        assertEquals(State.HANDOVER, node.event(new Event.PeerDied("c", 1)).state());
        node.event(new Event.PeerDied("a", 1));
        assertEquals(State.MASTER, node.state());
        assertEquals("a died", node.said(Action.Refuse.class).reason());
    }

    @Test
    void shouldTakeBackAtOnceWhenTheGrantCannotBeSent() {
        MachineDriver node = granted();
        node.event(new Event.GrantLost(2));
        assertEquals(State.MASTER, node.state());
        assertEquals("a is not in the group", node.said(Action.Refuse.class).reason());
    }

    @Test
    void shouldStayMasterInItsEpochWhenTheFlushDoesNotEnd() {
        MachineDriver node = commanded();
        node.livesOn(1_000, "a", State.BACKUP, 1);
        assertEquals(State.MASTER, node.state());
        assertEquals(1, node.situation().epoch());
    }

    @Test
    void shouldNotComeBackAsMasterWhenItSleptWithTheGrantOut() {
        MachineDriver node = granted();
        node.passes(2_000).event(new Event.Paused(2_000 * MS));
        assertEquals(State.BACKUP, node.state());
        assertTrue(node.kinds().contains("Refuse"));
    }

    @Test
    void shouldYieldToAMasterOfItsEpochWhenItGivesTheAddressesAwayAnyway() {
        MachineDriver node = master(200).event(new Event.HandoverCommand("id", "a", false, false));
        node.hears("c", State.MASTER, 1);
        assertEquals(State.BACKUP, node.state());
        assertEquals("c is MASTER in epoch 1", node.said(Action.Refuse.class).reason());
        assertTrue(node.kinds().contains("Release"));
    }

    @Test
    void shouldRefuseWithTheReasonWhenTheTargetIsNotReady() {
        assertEquals("there is no node z", refusal(master(), "z"));
        assertEquals("b is already master", refusal(master(), "b"));
        assertEquals("c was never heard", refusal(master(), "c"));
        assertEquals(
                "a was last heard 300 ms ago",
                refusal(master().passes(150).tick().passes(150), "a"));
        assertEquals("a is FAULT, not BACKUP", refusal(master().hears("a", State.FAULT, 1), "a"));
        assertEquals(
                "a is 4 records behind",
                refusal(master().hears("a", State.BACKUP, 1, 100, 4), "a"));
        assertEquals(
                "no backup is ready: a is INIT, not BACKUP, c was never heard",
                refusal(master().hears("a", State.INIT, 1), ""));
        assertEquals("a handover to a is under way", refusal(commanded(), "a"));
    }

    @Test
    void shouldPassTheCommandOnWhenItIsNotMaster() {
        MachineDriver node = MachineDriver.backupOf("a", 5);
        node.event(new Event.HandoverCommand("id", "b", false, false));
        assertEquals(
                new Action.ForwardCommand("id", "a", "b", false),
                node.said(Action.ForwardCommand.class));
        node.event(new Event.HandoverCommand("id", "b", false, true));
        assertEquals("b is not the master", node.said(Action.Refuse.class).reason());
        assertEquals("b knows no master", refusal(new MachineDriver(), "b"));
    }
}
