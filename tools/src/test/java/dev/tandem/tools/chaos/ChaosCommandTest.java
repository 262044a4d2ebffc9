package dev.tandem.tools.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ChaosCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            new CommandLine(new ChaosCommand())
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seed=seven",
                "--rounds=0",
                "--minutes=0",
                "--connections=20001",
                "--within=60001",
                "surplus"
            })
    void shouldRefuseBeforeItTouchesAnythingWhenAnOptionIsWrong(String option) {
        assertEquals(2, command.execute(option));
        assertTrue(err.toString().contains("Usage:"), err::toString);
    }

    @Test
    void shouldExplainItselfWhenAskedForHelp() {
        assertEquals(0, command.execute("--help"));
        assertTrue(out.toString().contains("tandem chaos --seed 7"), out::toString);
        assertTrue(out.toString().contains("Exit codes:"), out::toString);
    }
}
