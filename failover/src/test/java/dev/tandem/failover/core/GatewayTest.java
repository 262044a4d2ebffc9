package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.MS;
import static dev.tandem.failover.core.MachineDriver.SILENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway as the arbiter of two nodes, of which b is under test. */
class GatewayTest {
    private static final String SILENCE = "the gateway 10.0.0.1 does not answer";

    private static MachineDriver backup() {
        MachineDriver node = MachineDriver.besideGateway();
        return node.hears("a", State.MASTER, 3).synced();
    }

    /** In epoch 1, with a as its backup; the gateway has just answered. */
    private static MachineDriver master() {
        MachineDriver node = MachineDriver.besideGateway().passes(300).tick().answered().tick();
        node.passes(20).event(new Event.Probed(node.visit(), SILENT));
        node.event(new Event.Taken(node.visit(), 7));
        assertEquals(State.MASTER, node.state());
        return node.heardBy(State.BACKUP, 1, true, 10).answered().tick();
    }

    @Test
    void shouldTakeAtOnceWhenTheMasterDiedAndTheGatewayHasJustAnswered() {
        MachineDriver node = backup().answered().passes(100);
        node.event(new Event.PeerDied("a", 1)).tick();
        assertEquals(State.CANDIDATE, node.state());
        node.passes(20).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.MASTER, node.state());
        assertEquals(
                new Action.Lease(node.nowNs() + 80 * MS),
                node.said(Action.Lease.class),
                "from the question that was answered");
    }

    @Test
    void shouldNotStandWhenTheGatewayAnsweredBeforeTheMasterFellSilent() {
        MachineDriver node = backup().answered().passes(300).tick();
        assertEquals(State.BACKUP, node.state());
        assertEquals("no heartbeat of a for 300 ms (limit 300 ms), but " + SILENCE, node.whyNot());
        node.passes(5_000).tick();
        assertEquals(State.BACKUP, node.state(), "however long");
        assertEquals(State.CANDIDATE, node.answered().tick().state());
    }

    @Test
    void shouldStandBackWhenTheGatewayFallsSilentDuringTheProbe() {
        MachineDriver node = backup().passes(300).answered().tick();
        assertEquals(State.CANDIDATE, node.state());
        node.passes(150).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.BACKUP, node.state());
        assertEquals(SILENCE, node.situation().reason());
    }

    @Test
    void shouldOwnAsLongAsTheGatewayAnswersWhenThePeerIsLost() {
        MachineDriver node = master();
        for (int i = 0; i < 100; i++) {
            node.passes(100).answered().tick();
            assertEquals(State.MASTER, node.state());
        }
    }

    @Test
    void shouldOwnAsLongAsItsPeerHearsItWhenTheGatewayIsSilentForBoth() {
        MachineDriver node = master();
        for (int i = 0; i < 100; i++) {
            node.passes(50).heardBy(State.BACKUP, 1, false, 60).tick();
            assertEquals(State.MASTER, node.state());
        }
        assertFalse(node.situation().seesGateway(node.settings, node.nowNs()));
    }

    @Test
    void shouldNotTakeItForHeardWhenThePeerIsHeardButDoesNotHearIt() {
        MachineDriver node = master();
        for (int ms = 50; ms < 200; ms += 50) {
            node.passes(50).heardBy(State.BACKUP, 1, false, 10 + ms).tick();
            assertEquals(State.MASTER, node.state());
        }
        node.passes(50).heardBy(State.BACKUP, 1, false, 210).tick();
        assertEquals(State.FENCED, node.state());
    }

    @Test
    void shouldBeAFaultWhenNeitherPeerNorGatewayIsThere() {
        MachineDriver node = master().passes(199).tick();
        assertEquals(State.MASTER, node.state());
        node.passes(1).tick();
        assertEquals(State.FENCED, node.state(), "silent from the end of its lease");
        node.passes(50).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.FAULT, node.state());
        assertEquals("neither the gateway 10.0.0.1 nor all its peers answer", node.whyNot());
        assertTrue(node.kinds().containsAll(List.of("EndLease", "Release", "SendHeartbeat")));

        node.passes(5_000).tick();
        assertEquals(State.FAULT, node.state(), "as long as nobody answers");
        node.answered().tick().passes(250).tick().passes(100).answered().tick();
        node.passes(200).tick();
        assertEquals(State.FAULT, node.state(), "it was away once more in between");
        for (int i = 0; i < 20 && node.state() == State.FAULT; i++) {
            node.passes(100).answered().tick();
        }
        assertEquals(State.INIT, node.state());
    }

    /** When the first probe was sent the other may have been cut off, and the gateway with it. */
    @Test
    void shouldBeMasterAgainWhenTheGatewayAnswersWhileItLooksRoundTwice() {
        MachineDriver node = master().passes(200).tick();
        assertEquals(State.FENCED, node.state());
        node.passes(40).answered().passes(10).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.FENCED, node.state());
        assertEquals(List.of("SendHeartbeat", "Probe"), node.kinds());
        node.passes(40).answered().passes(10).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.MASTER, node.state());
    }

    @Test
    void shouldFollowWhoAnswersTheSecondProbe() {
        MachineDriver node = master().passes(200).tick();
        node.passes(40).answered().passes(10).event(new Event.Probed(node.visit(), SILENT));
        node.passes(40).answered().passes(10).event(new Event.Probed(node.visit(), "a"));
        assertEquals(State.BACKUP, node.state());
    }

    @Test
    void shouldGiveWayToWhoStandsWhileItLooksRound() {
        MachineDriver node = master().passes(200).tick();
        assertEquals(State.FENCED, node.state());
        node.heardBy(State.BACKUP, 1, true, 60);
        assertEquals(State.FENCED, node.state());
        node.heardBy(State.CANDIDATE, 1, true, 60);
        assertEquals(State.BACKUP, node.state());
    }

    @Test
    void shouldPassOnWhenOnlyTheBackupSeesTheGateway() {
        MachineDriver node = master();
        for (int i = 0; i < 40; i++) {
            node.passes(50).heardBy(State.BACKUP, 1, false, 60).tick();
        }
        assertEquals(State.MASTER, node.state(), "nobody sees it");
        node.passes(50).heardBy(State.BACKUP, 1, true, 60).tick();
        assertEquals(State.HANDOVER, node.state());
        node.event(new Event.Failed(node.visit(), "no"));
        assertEquals(State.MASTER, node.state());
        node.passes(50).heardBy(State.BACKUP, 1, true, 60).tick();
        assertEquals(State.MASTER, node.state(), "not at once again");
    }

    @Test
    void shouldRefuseToHandOverToWhomTheGatewayDoesNotAnswer() {
        MachineDriver node = master().heardBy(State.BACKUP, 1, false, 10);
        node.event(new Event.HandoverCommand("1", "a", false, false));
        assertEquals(new Action.Refuse("1", SILENCE + " a"), node.said(Action.Refuse.class));
        assertEquals("nobody would take over: " + SILENCE + " a", node.forecast().inWords());
        node.event(new Event.HandoverCommand("2", "a", true, false));
        assertEquals(
                new Action.Refuse("2", SILENCE + " a"), node.said(Action.Refuse.class), "by force");
    }

    @Test
    void shouldTakeNoGrantWhenTheGatewayDoesNotAnswer() {
        MachineDriver node = backup().event(new Event.Granted("a", 4));
        assertEquals(State.BACKUP, node.state());
        node.answered().passes(100).hears("a", State.HANDOVER, 3);
        node.event(new Event.Granted("a", 4));
        assertEquals(State.MASTER, node.state());
        assertEquals(new Action.Lease(node.nowNs() + 100 * MS), node.said(Action.Lease.class));
    }

    @Test
    void shouldNotTakeBackWhatItGrantedWhenNothingSpeaksForIt() {
        MachineDriver node = master();
        node.event(new Event.HandoverCommand("1", "a", false, false));
        node.event(new Event.Flushed(node.visit())).event(new Event.Released(node.visit()));
        for (int i = 0; i < 11; i++) {
            node.passes(100).tick();
        }
        assertEquals(State.BACKUP, node.state());
    }
}
