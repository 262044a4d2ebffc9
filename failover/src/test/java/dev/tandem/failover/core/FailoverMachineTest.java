package dev.tandem.failover.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailoverMachineTest {

    /** The table of {@link FailoverMachine}'s Javadoc. */
    static Map<State, Set<State>> permitted() {
        Map<State, Set<State>> table = new EnumMap<>(State.class);
        table.put(State.INIT, withEnds(State.SYNCING, State.BACKUP));
        table.put(State.SYNCING, withEnds(State.BACKUP));
        table.put(State.BACKUP, withEnds(State.CANDIDATE, State.MASTER, State.SYNCING));
        table.put(State.CANDIDATE, withEnds(State.MASTER, State.BACKUP, State.SYNCING));
        table.put(
                State.MASTER,
                EnumSet.of(State.HANDOVER, State.BACKUP, State.FENCED, State.FAULT, State.STOPPED));
        table.put(State.HANDOVER, withEnds(State.BACKUP, State.MASTER, State.FENCED));
        table.put(State.FENCED, EnumSet.of(State.MASTER, State.BACKUP, State.FAULT, State.STOPPED));
        table.put(
                State.FAULT,
                EnumSet.of(State.INIT, State.WITNESS, State.MAINTENANCE, State.STOPPED));
        table.put(State.MAINTENANCE, EnumSet.of(State.INIT, State.FAULT, State.STOPPED));
        table.put(State.WITNESS, EnumSet.of(State.FAULT, State.STOPPED));
        return table;
    }

    private static Set<State> withEnds(State... states) {
        Set<State> next = EnumSet.of(State.MAINTENANCE, State.FAULT, State.STOPPED);
        next.addAll(List.of(states));
        return next;
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
