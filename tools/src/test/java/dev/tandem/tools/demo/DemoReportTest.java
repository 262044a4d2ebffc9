package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class DemoReportTest {
    @Test
    void shouldSayWhatHappenedWhenAllWereKept() {
        String text = text(Fault.KILL, true, DemoRounds.round(1, 64, 0));

        assertTrue(
                text.contains(
                        "The master was killed: 500 of 500 connections went on."
                                + " For 64 ms nobody was served."),
                text);
        assertTrue(text.contains("a, then b"), text);
        assertTrue(text.contains("301   b notices"), text);
        assertTrue(text.contains("Passed: nothing lost"), text);
        assertFalse(text.contains("control run"), text);
    }

    @Test
    void shouldSayWhyConnectionsWereLostWhenSomeWere() {
        String text = text(Fault.HANG, false, DemoRounds.round(1, 64, 500));

        assertTrue(text.contains("0 of 500 connections went on."), text);
        assertTrue(text.contains("500  (silent 500)"), text);
        assertTrue(text.contains("control run"), text);
        assertTrue(text.contains("round 1: 500 connections were lost"), text);
        assertFalse(text.contains("longest of each"), text);
    }

    @Test
    void shouldGiveMediansWhenThereAreSeveralRounds() {
        String text =
                text(
                        Fault.KILL,
                        true,
                        DemoRounds.round(1, 70, 0),
                        DemoRounds.round(2, 61, 0),
                        DemoRounds.round(3, 90, 0));

        assertTrue(text.contains("3 rounds"), text);
        assertTrue(text.matches("(?s).*gap +61 +70 +90\\R.*"), text);
        assertTrue(text.matches("(?s).*later +2.5 +2.5 +2.5\\R.*"), text);
        assertTrue(text.matches("(?s).*longest wait +261 +270 +290\\R.*"), text);
    }

    private static String text(Fault fault, boolean sync, DemoResult.Round... rounds) {
        return DemoReport.of(DemoRounds.result(fault, sync, rounds), fault, Ansi.OFF);
    }
}
