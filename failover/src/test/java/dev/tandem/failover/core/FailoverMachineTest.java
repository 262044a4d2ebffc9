package dev.tandem.failover.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailoverMachineTest {

    /** The table of {@link FailoverMachine}'s Javadoc. */
    static Map<State, Set<State>> permitted() {
        Map<State, Set<State>> table = new EnumMap<>(State.class);
        table.put(State.INIT, EnumSet.of(State.BACKUP, State.FAULT, State.STOPPED));
        table.put(
                State.BACKUP,
                EnumSet.of(State.CANDIDATE, State.MASTER, State.FAULT, State.STOPPED));
        table.put(
                State.CANDIDATE,
                EnumSet.of(State.MASTER, State.BACKUP, State.FAULT, State.STOPPED));
        table.put(
                State.MASTER,
                EnumSet.of(State.HANDOVER, State.BACKUP, State.FENCED, State.FAULT, State.STOPPED));
        table.put(
                State.HANDOVER,
                EnumSet.of(State.BACKUP, State.MASTER, State.FENCED, State.FAULT, State.STOPPED));
        table.put(State.FENCED, EnumSet.of(State.MASTER, State.BACKUP, State.FAULT, State.STOPPED));
        table.put(State.FAULT, EnumSet.of(State.INIT, State.WITNESS, State.STOPPED));
        table.put(State.WITNESS, EnumSet.of(State.FAULT, State.STOPPED));
        return table;
    }

    @Test
    void shouldPermitTheTransitionsOfTheTableAndNoOther() {
        for (State from : State.values()) {
            for (State to : State.values()) {
                assertEquals(
                        permitted().getOrDefault(from, Set.of()).contains(to),
                        from.mayBecome(to),
                        from + " to " + to);
            }
        }
    }
}
