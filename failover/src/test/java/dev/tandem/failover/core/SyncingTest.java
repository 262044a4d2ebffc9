package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.SILENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** SYNCING: the gate for whoever joins. */
class SyncingTest {

    private static MachineDriver joiner() {
        return new MachineDriver(200, true).hears("a", State.MASTER, 5).tick();
    }

    @Test
    void shouldBeABackupWhenItHasAllConnections() {
        MachineDriver node = joiner();
        node.event(new Event.Table(false, "30 of 100 connections are missing")).tick();
        assertEquals(State.SYNCING, node.state());
        assertEquals(
                "a is master in epoch 5, and not all its connections are here:"
                        + " 30 of 100 connections are missing",
                node.whyNot());
        assertEquals(State.BACKUP, node.synced().state());
        assertEquals("has all connections of a", node.situation().reason());
    }

    @Test
    void shouldNotTakeWhatItIsGranted() {
        assertEquals(State.SYNCING, joiner().event(new Event.Granted("a", 6)).state());
    }

    @Test
    void shouldNotStandWhenTheMasterMayComeBackWithTheConnections() {
        MachineDriver node = joiner();
        node.passes(300).tick();
        assertEquals(State.SYNCING, node.passes(60_000).tick().state());
        String why = node.whyNot();
        assertTrue(why.endsWith("but a has the connections and may come back with them"), why);
        assertEquals("", node.situation().master());
        node.hears("a", State.MASTER, 5);
        assertEquals(State.BACKUP, node.synced().state(), "it came back");
    }

    @Test
    void shouldStandWhenTheConnectionsDiedWithTheMaster() {
        MachineDriver node = joiner();
        node.event(MachineDriver.heartbeat("a", 2, 1, State.INIT, 0, 100, 0)).tick();
        assertEquals(State.BACKUP, node.state());
        assertEquals(State.CANDIDATE, node.tick().state(), "what it has is the best there is");
    }

    @Test
    void shouldStandWhenTheMastersProcessIsProvenDead() {
        MachineDriver node = joiner().event(new Event.PeerDied("a", 1)).tick();
        assertEquals(State.CANDIDATE, node.tick().state());
    }

    @Test
    void shouldLetTheNodeWithTheConnectionsGoFirst() {
        MachineDriver node = joiner().hears("c", State.BACKUP, 5, 1, 0);
        node.event(MachineDriver.heartbeat("a", 2, 1, State.INIT, 0, 100, 0)).tick();
        assertEquals(State.SYNCING, node.passes(10_000).tick().state());
        node.hears("c", State.MASTER, 6);
        assertEquals("c", node.situation().master());
    }

    @Test
    void shouldPullWhatItNeverHadWhenItHadStoodForNothing() {
        MachineDriver node = new MachineDriver();
        node.passes(300).tick().tick();
        assertEquals(State.CANDIDATE, node.state());
        assertEquals(State.SYNCING, node.hears("a", State.MASTER, 1).state());
    }

    @Test
    void shouldNotAskForTheAddressesWhileConnectionsAreMissing() {
        MachineDriver node = joiner().synced();
        node.event(new Event.Table(false, "one of 100 connections is missing"));
        node.livesOn(120_000, "a", State.MASTER, 5);
        assertEquals(List.of(), node.kinds());
        assertEquals(State.BACKUP, node.state(), "it would still take over");
    }

    @Test
    void shouldStandWithoutTheConnectionsWhenToldToAndNobodyComesBack() {
        MachineDriver node = MachineDriver.promotingStaleAfter(1_000);
        node.hears("a", State.MASTER, 5).passes(300).tick();
        assertEquals(State.SYNCING, node.passes(999).tick().state());
        assertEquals(State.BACKUP, node.passes(1).tick().state());
        node.tick().passes(20).event(new Event.Probed(node.visit(), SILENT));
        assertEquals(State.MASTER, node.state());
    }
}
