package dev.tandem.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that do their work themselves: demo, chaos, bench, simulate. */
class LocalCommandsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    demo --fault=explode                 | 'explode' is none of kill, planned, hang, cable
                    demo --forwarding=tunnel             | 'tunnel' is none of nat, dr
                    demo --hardening=maybe               | 'maybe' is none of off, permissive, enforce
                    demo --arbiter=maybe                 | 'maybe' is none of none, witness, gateway
                    demo --offloads=maybe                | 'maybe' is none of on, off
                    demo --connections=0                 | --connections is 0, allowed are 1 to 20000
                    demo --connections=20001             | --connections is 20001, allowed
                    demo --connections=many              | 'many' is not an int
                    demo --rounds=0                      | --rounds is 0, allowed are 1 to 1000
                    demo --rounds=1001                   | --rounds is 1001, allowed
                    demo --bar=0                         | --bar is 0.0, allowed are 0.1 to 60000.0
                    demo --bar=60001                     | --bar is 60001.0, allowed
                    demo --bar=NaN                       | --bar is NaN, allowed
                    demo --fault=witness-loss --bar=0    | --bar is 0.0, allowed
                    demo surplus                         | 'surplus'
                    chaos --seed=seven                   | 'seven' is not a long
                    chaos --rounds=0                     | --rounds is 0, allowed are 1 to 100000
                    chaos --minutes=0                    | --minutes is 0, allowed are 1 to 10000
                    chaos --connections=20001            | --connections is 20001, allowed are 1 to 20000
                    chaos --within=60001                 | --within is 60001, allowed are 1 to 60000
                    chaos surplus                        | 'surplus'
                    bench --rounds=-1                    | --rounds is -1, allowed are 0 to 100
                    bench --seconds=61                   | --seconds is 61, allowed are 1 to 60
                    bench sync --rate=99                 | --rate is 99, allowed are 100 to 500000
                    bench sync --rate=500001             | --rate is 500001, allowed
                    bench sync --seconds=0               | --seconds is 0, allowed are 1 to 120
                    bench sync --seconds=121             | --seconds is 121, allowed
                    bench sync --warm-up=-1              | --warm-up is -1, allowed are 0 to 60
                    bench sync --rounds=0                | --rounds is 0, allowed are 1 to 20
                    bench sync --hardening=maybe         | 'maybe' is none of off
                    bench sync --rate=500000             | more than 4194304 connections
                    bench sync surplus                   | 'surplus'
                    bench join --connections=999         | --connections is 999, allowed are 1000 to 4000000
                    bench join --rounds=101              | --rounds is 101, allowed are 1 to 100
                    bench join --hardening=maybe         | 'maybe' is none of off
                    bench table --connections=9999       | --connections is 9999, allowed are 10000 to 16777216
                    simulate --runs=0                    | --runs is 0, allowed are 1 to 10000000
                    simulate --directors=6               | --directors is 6, allowed are 2 to 5
                    """)
    void shouldRefuseBeforeItTouchesAnythingWhenAnOptionIsWrong(String line, String reason) {
        String[] words = line.split(" ", -1);
        CommandRun run = CommandRun.of((Object[]) words);

        assertEquals(2, run.code());
        assertTrue(run.err().contains(reason), run::err);
        assertTrue(run.err().contains("Usage: tandem " + words[0]), run::err);
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "chaos",
                "bench",
                "bench sync",
                "bench join",
                "bench table",
                "simulate"
            })
    void shouldExplainItselfWhenAskedForHelp(String command) {
        CommandRun run = CommandRun.of((Object[]) (command + " --help").split(" ", -1));

        assertEquals(0, run.code());
        assertTrue(run.out().matches("(?s).*Examples:\n.* tandem " + command + ".*"), run::out);
        assertTrue(run.out().contains("Exit codes:"), run::out);
    }
}
