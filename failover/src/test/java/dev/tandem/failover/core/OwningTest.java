package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.MS;
import static dev.tandem.failover.core.MachineDriver.SILENT;
import static dev.tandem.failover.core.MachineDriver.master;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** MASTER, FENCED, FAULT and STOPPED. */
class OwningTest {

    @Test
    void shouldRenewTheLeaseAtEachTick() {
        MachineDriver node = master();
        node.passes(10).tick();
        assertEquals(new Action.Lease(node.nowNs() + 200 * MS), node.said(Action.Lease.class));
    }

    @Test
    void shouldStayMasterWhenTheBackupIsLost() {
        MachineDriver node = master();
        for (int i = 0; i < 100; i++) {
            node.passes(100).tick();
        }
        assertEquals(State.MASTER, node.state());
        assertEquals("", node.whyNot());
    }

    @Test
    void shouldStepDownAtThePacketWhenAHigherEpochIsSeen() {
        MachineDriver node = master();
        node.hears("a", State.MASTER, 2);
        assertEquals(State.BACKUP, node.state());
        assertEquals(List.of("EndLease", "Release", "SendHeartbeat"), node.kinds());
        assertEquals("a", node.situation().master());
    }

    @Test
    void shouldYieldToTheFitterMasterOfTheSameEpoch() {
        assertEquals(State.BACKUP, master(90).hears("a", State.MASTER, 1).state(), "priority");
        assertEquals(State.BACKUP, master(100).hears("a", State.MASTER, 1).state(), "name");
        assertEquals(State.MASTER, master(100).hears("c", State.MASTER, 1).state(), "name");
        assertEquals(State.MASTER, master(101).hears("a", State.MASTER, 1).state(), "priority");
    }

    @Test
    void shouldAnswerAndAnnounceWhenALesserMasterIsHeard() {
        MachineDriver node = master(200);
        node.livesOn(1_000, "a", State.BACKUP, 1);
        assertEquals(
                List.of("SendHeartbeat", "Announce"), node.hears("a", State.MASTER, 1).kinds());
        assertEquals(
                List.of("SendHeartbeat"),
                node.hears("a", State.MASTER, 1).kinds(),
                "announced once a second at most");
        node.livesOn(1_000, "c", State.BACKUP, 1);
        assertEquals(List.of("Announce"), node.hears("a", State.BACKUP, 1).kinds(), "it has gone");
    }

    @Test
    void shouldAnnounceWhenSomebodyElseClaimsAnAddress() {
        MachineDriver node = master();
        node.livesOn(1_000, "a", State.BACKUP, 1);
        assertEquals(List.of("Announce"), node.event(new Event.AddressConflict()).kinds());
    }

    @Test
    void shouldBeFencedWhenItSleptPastItsLease() {
        MachineDriver node = master();
        node.passes(200).tick();
        assertEquals(State.FENCED, node.state());
        assertEquals(List.of("SendHeartbeat", "Probe"), node.kinds());
        assertTrue(node.whyNot().startsWith("slept 0 ms past its lease"), node.whyNot());
    }

    @Test
    void shouldBeMasterAgainWhenNobodyTookItsPlace() {
        MachineDriver node = master();
        node.passes(2_000).event(new Event.Paused(2_000 * MS)).tick();
        node.hears("a", State.BACKUP, 1).passes(50).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.MASTER, node.state());
        assertEquals(List.of("Lease", "Take", "SendHeartbeat"), node.kinds());
        assertEquals(1, node.situation().epoch());
    }

    @Test
    void shouldFollowWhenAnotherTookItsPlace() {
        MachineDriver node = master();
        node.passes(2_000).event(new Event.Paused(2_000 * MS));
        node.hears("a", State.BACKUP, 1).hears("a", State.CANDIDATE, 1);
        assertEquals(State.FENCED, node.state());
        node.hears("a", State.MASTER, 2);
        assertEquals(State.BACKUP, node.state());
        assertTrue(node.kinds().contains("Release"));
    }

    @Test
    void shouldGiveUpWhenItSleepsAgainWhileItLooksRound() {
        MachineDriver node = master();
        node.passes(2_000).event(new Event.Paused(2_000 * MS)).tick();
        assertEquals(State.FENCED, node.state(), "the first time");
        long visit = node.visit();
        node.passes(800).event(new Event.Paused(800 * MS));
        assertEquals(State.BACKUP, node.state());
        assertEquals(State.BACKUP, node.event(new Event.Probed(visit, SILENT)).state());
    }

    @Test
    void shouldGiveUpWhenAForgetfulMasterIsHeardWhileItIsFenced() {
        MachineDriver node = master();
        node.hears("a", State.MASTER, 7).hears("a", State.STOPPED, 7);
        node.passes(300).tick().event(new Event.Probed(node.visit(), SILENT));
        assertEquals(8, node.situation().epoch());
        node.passes(900).event(new Event.Paused(900 * MS));
        node.event(MachineDriver.heartbeat("a", 2, 1, State.MASTER, 1, 100, 0));
        assertEquals(State.BACKUP, node.state());
        assertEquals(State.BACKUP, node.passes(200).tick().state(), "its lease may still run");
    }

    @Test
    void shouldGiveUpWhenTheAddressesLiveElsewhere() {
        MachineDriver node = master();
        node.passes(2_000).tick().event(new Event.Probed(node.visit(), "somebody"));
        assertEquals(State.BACKUP, node.state());
        assertTrue(node.kinds().contains("Release"));
        assertTrue(node.whyNot().startsWith("vip-in-use: somebody"), node.whyNot());
    }

    @Test
    void shouldLetGoAtOnceWhenTheDirectorFails() {
        MachineDriver node = master();
        node.event(new Event.DirectorFault("outside: link down"));
        assertEquals(State.FAULT, node.state());
        assertEquals(List.of("EndLease", "Release", "SendHeartbeat"), node.kinds());
        assertEquals("", node.situation().master());
        assertEquals("outside: link down", node.whyNot());
    }

    @Test
    void shouldListenAgainWhenTheFaultHasBeenGoneForAWhile() {
        MachineDriver node = master();
        node.event(new Event.DirectorFault("outside: link down"));
        node.event(new Event.DirectorCleared());
        assertEquals(State.FAULT, node.passes(999).tick().state());
        assertEquals(State.INIT, node.passes(1).tick().state());
    }

    @Test
    void shouldTryAgainLaterWhenTakingFailed() {
        MachineDriver node = master();
        node.event(new Event.Failed(node.visit(), "taking the addresses failed: ENETDOWN"));
        assertEquals(State.FAULT, node.state());
        assertEquals(State.INIT, node.passes(1_000).tick().state());
    }

    @Test
    void shouldSayGoodbyeWhenItStopsAndNobodyIsReady() {
        MachineDriver node = master();
        node.hears("a", State.BACKUP, 1, 100, 3).event(new Event.Stop());
        assertEquals(State.STOPPED, node.state());
        assertEquals(List.of("EndLease", "Release", "SendHeartbeat"), node.kinds());
        assertEquals(
                "b has stopped",
                node.event(new Event.HandoverCommand("id", "", false, false))
                        .said(Action.Refuse.class)
                        .reason());
    }

    @Test
    void shouldHandOverFirstWhenItStopsAndABackupIsReady() {
        MachineDriver node = master();
        node.event(new Event.Stop());
        assertEquals(State.HANDOVER, node.state());
        node.event(new Event.Flushed(node.visit())).event(new Event.Released(node.visit()));
        node.event(new Event.Acknowledged("a", 2, 7, MS));
        assertEquals(State.STOPPED, node.state());
        assertEquals("a", node.situation().master());
        assertFalse(node.kinds().contains("Release"), "it has been let go");
    }
}
