package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemoCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            new CommandLine(new DemoCommand())
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--fault=explode",
                "--forwarding=tunnel",
                "--offloads=maybe",
                "--connections=0",
                "--connections=20001",
                "--connections=many",
                "--rounds=0",
                "--rounds=1001",
                "--bar=0",
                "--bar=60001",
                "--bar=NaN",
                "surplus"
            })
    void shouldRefuseBeforeItTouchesAnythingWhenAnOptionIsWrong(String option) {
        assertEquals(2, command.execute(option));
        assertTrue(err.toString().contains("Usage:"), err::toString);
    }

    @Test
    void shouldExplainItselfWhenAskedForHelp() {
        assertEquals(0, command.execute("--help"));
        assertTrue(out.toString().contains("tandem demo --fault planned"), out::toString);
        assertTrue(out.toString().contains("Exit codes:"), out::toString);
    }
}
