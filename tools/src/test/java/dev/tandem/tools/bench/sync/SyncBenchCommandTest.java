package dev.tandem.tools.bench.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.bench.BenchCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SyncBenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            new CommandLine(new BenchCommand())
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate=99",
                "--rate=500001",
                "--seconds=0",
                "--seconds=121",
                "--warm-up=-1",
                "--rounds=0",
                "--hardening=maybe",
                "surplus"
            })
    void shouldRefuseBeforeItTouchesAnythingWhenAnOptionIsWrong(String option) {
        assertEquals(2, command.execute("sync", option));
        assertTrue(err.toString().contains("Usage: bench sync"), err::toString);
    }

    @Test
    void shouldRefuseMoreConnectionsThanThereAreClients() {
        assertEquals(2, command.execute("sync", "--rate=500000", "--seconds=10"));
        assertTrue(err.toString().contains("4194304 connections"), err::toString);
    }

    @Test
    void shouldExplainItselfWhenAskedForHelp() {
        assertEquals(0, command.execute("sync", "--help"));
        assertTrue(out.toString().contains("tandem bench sync --rate 50000"), out::toString);
        assertTrue(out.toString().contains("Exit codes:"), out::toString);
    }
}
