package dev.tandem.failover.core;

import static dev.tandem.failover.core.MachineDriver.backupOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ForecastTest {
    @Test
    void shouldNameThisNodeWhenItIsTheReadyBackup() {
        assertEquals(
                new Forecast(
                        "b",
                        "b would take over, at once if the process of a ended, after 300 ms if it"
                                + " hung"),
                backupOf("a", 5).forecast());
    }

    @Test
    void shouldNameTheFitterOfTwoBackups() {
        MachineDriver node = backupOf("a", 5).hears("c", State.BACKUP, 5, 120, 0);
        assertEquals("c", node.forecast().heir());
        node.hears("c", State.BACKUP, 5, 80, 0);
        assertEquals("b", node.forecast().heir());
    }

    @Test
    void shouldSayWhyNobodyWould() {
        MachineDriver node = MachineDriver.master().hears("a", State.FAULT, 1);
        assertEquals(
                new Forecast("", "nobody would take over: a is FAULT, c is not heard"),
                node.forecast());
        node.passes(300);
        assertEquals(
                "nobody would take over: a is not heard, c is not heard",
                node.forecast().inWords());
    }

    @Test
    void shouldKnowNothingWithoutAMaster() {
        assertEquals(new Forecast("", "nobody is master"), new MachineDriver().forecast());
    }
}
