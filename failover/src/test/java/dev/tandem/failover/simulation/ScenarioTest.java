package dev.tandem.failover.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.FailoverMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioTest {
    private static final String PAIR = "witness\n0 start a\n0 start b\n0 start w\n";

    private static List<String> run(String text, long seed) throws ScenarioException {
        List<String> timeline = new ArrayList<>();
        Scenario.parse(text.lines().toList())
                .run(seed, settings -> new FailoverMachine(settings)::step, timeline::add);
        return timeline;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1500 isolate a\n3000 expect b\n3000 heal\n5000 expect b\n5000 end",
                "1500 hang a 2000\n3000 expect b\n6000 expect b\n6000 end",
                "1500 kill a\n1950 expect b\n2000 start a\n4000 expect b\n4000 end",
                "1500 kill w\n3000 expect a\n3000 kill b\n4000 expect-nobody\n4000 end",
                "1500 cut a b\n3000 expect a # b cannot hear it, w can\n3000 end",
                "1500 cut b a\n1500 cut w a\n1850 expect b # a hears nobody\n4000 expect b\n4000 end",
                "1500 maintenance a\n2000 expect b\n2000 kill b\n5000 expect-nobody\n5000 end",
                "1500 disk-full w 1000\n1600 kill a\n2400 expect-nobody\n9000 expect b\n9000 end",
                // who was cut off votes for the master again, so that it may lose another
                "1500 isolate b\n4000 heal\n5000 hang w 900\n5300 expect a\n5300 end",
                "1500 hang b 900\n4000 kill w\n4300 expect a\n4300 end",
                "1500 kill b\n3000 hang w 200 # for a lease\n3450 expect a\n3450 end",
                "1500 fault a 300\n2000 expect b\n2000 end",
                "1500 stop a\n1800 expect b\n1800 end",
                "1500 degrade 0 30 5\n1600 handover a\n2000 heal\n4000 expect b\n4000 end",
            })
    void shouldKeepWhatItPromises(String events) throws ScenarioException {
        for (long seed = 1; seed <= 20; seed++) {
            run(PAIR + events, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1500 cut-off a\n1710 expect-nobody\n2000 expect b\n2000 heal\n5000 expect b\n5000 end",
                "1500 cut-off b\n3000 expect a\n3000 heal\n5000 expect a\n5000 end",
                "1500 kill a\n1950 expect b\n1950 end",
                "1500 cut-gateway a\n3000 expect b\n4000 expect b\n4000 end",
                "1500 cut-gateway b\n1700 kill a\n4000 expect-nobody\n4000 heal\n4200 expect b\n4200 end",
                "1500 cut-gateway a\n1500 cut-gateway b\n4000 expect a\n4000 end",
                "1500 cut-off a\n1500 cut-gateway b\n4000 expect-nobody\n4000 heal\n7000 end",
            })
    void shouldKeepWhatItPromisesWithAGateway(String events) throws ScenarioException {
        for (long seed = 1; seed <= 20; seed++) {
            run("gateway\n0 start a\n0 start b\n" + events, seed);
        }
    }

    @Test
    void shouldFailWhenAnotherOwnsThanExpected() {
        Violation violation =
                assertThrows(Violation.class, () -> run(PAIR + "1500 expect b\n1500 end", 1));
        assertEquals("expected owner", violation.invariant());
        assertTrue(violation.toString().contains("'a', not 'b'"), violation.toString());
    }

    @Test
    void shouldBeTheSameRunForTheSameSeed() throws ScenarioException {
        String text = PAIR + "1500 degrade 30 10 40\n6000 end";
        assertEquals(run(text, 5), run(text, 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 start z            | line 1: 'z' is no node, there are a, b",
                "0 begin a            | line 1: 'begin' is none of end, start,",
                "0 start              | line 1: start takes: node",
                "x start a            | line 1: 'x' must be a number from 0 to 3600000",
                "9 start a;8 start b  | line 2: 8 ms is before the line above",
                "0 start a;witness    | line 2: witness must come first",
                "0 start a;gateway    | line 2: gateway must come first",
                "witness;gateway      | line 2: the witness is the arbiter",
                "directors 6          | line 1: '6' must be a number from 2 to 5",
                "0 degrade 1 2        | line 1: degrade takes: number number ms",
                "0 start a            | line 1: the last line must be '<ms> end'",
                "0 end;1 start a      | line 2: nothing comes after 'end'",
            })
    void shouldSayWhereAScenarioIsWrong(String text, String message) {
        List<String> lines = List.of(text.split(";"));
        ScenarioException e = assertThrows(ScenarioException.class, () -> Scenario.parse(lines));
        assertTrue(e.toString().contains(": " + message), e.toString());
    }
}
