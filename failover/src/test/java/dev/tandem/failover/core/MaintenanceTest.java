package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.backupOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** MAINTENANCE: the operator keeps a node from owning the addresses. */
class MaintenanceTest {
    private static final Event ON = new Event.Maintenance("c1", true);
    private static final Event OFF = new Event.Maintenance("c2", false);

    @Test
    void shouldNotStandWhenItIsInMaintenance() {
        MachineDriver node = backupOf("a", 5).event(ON);
        assertEquals(State.MAINTENANCE, node.state());
        assertEquals(new Action.Settled("c1"), node.said(Action.Settled.class));
        node.passes(60_000).tick();
        assertEquals(State.MAINTENANCE, node.state());
        assertEquals("is in maintenance", node.whyNot());
    }

    @Test
    void shouldListenAgainWhenMaintenanceIsOver() {
        MachineDriver node = backupOf("a", 5).event(ON).event(OFF);
        assertEquals(State.INIT, node.state());
        assertEquals(new Action.Settled("c2"), node.said(Action.Settled.class));
    }

    @Test
    void shouldHandOverFirstWhenItIsMaster() {
        MachineDriver node = MachineDriver.master().event(ON);
        assertEquals(State.HANDOVER, node.state());
        node.event(new Event.Flushed(node.visit())).event(new Event.Released(node.visit()));
        node.event(new Event.Acknowledged("a", 2, 7, 0));
        assertEquals(State.MAINTENANCE, node.state());
        Action.Report report = node.said(Action.Report.class);
        assertEquals(List.of("c1", "maintenance of b"), List.of(report.id(), report.cause()));
    }

    @Test
    void shouldStayMasterWhenNobodyIsReady() {
        MachineDriver node = MachineDriver.master().hears("a", State.SYNCING, 1).event(ON);
        assertEquals(State.MASTER, node.state());
        assertEquals(
                new Action.Refuse(
                        "c1", "no backup is ready: a is SYNCING, not BACKUP, c was never heard"),
                node.said(Action.Refuse.class));
    }

    @Test
    void shouldStayMasterWhenTheTargetDoesNotTake() {
        MachineDriver node = MachineDriver.master().event(ON);
        node.event(new Event.Failed(node.visit(), "the director is busy"));
        assertEquals(State.MASTER, node.state());
        assertEquals("the director is busy", node.said(Action.Refuse.class).reason());
        node.event(new Event.DirectorFault("gone")).event(new Event.DirectorCleared());
        assertEquals(State.INIT, node.passes(1_000).tick().state(), "it was refused");
    }

    @Test
    void shouldBeInMaintenanceAgainAfterAFault() {
        MachineDriver node = backupOf("a", 5).event(ON).event(new Event.DirectorFault("gone"));
        node.event(new Event.DirectorCleared());
        assertEquals(State.MAINTENANCE, node.passes(1_000).tick().state());
    }
}
