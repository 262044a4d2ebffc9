package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class DemoReportTest {
    private static final DemoResult.Percentiles CALM = new DemoResult.Percentiles(0.4, 2, 5);

    @Test
    void shouldSayWhatHappenedWhenAllWereKept() {
        String text =
                DemoReport.of(
                        result(true, 500, 0, new DemoResult.Percentiles(401, 612, 640)),
                        Fault.KILL,
                        Ansi.OFF);

        assertTrue(
                text.contains(
                        "The master was killed: 500 of 500 connections went on."
                                + " The longest wait for an echo was 640 ms."),
                text);
        assertTrue(text.contains("a, then b"), text);
        assertTrue(text.contains("301   b notices"), text);
        assertFalse(text.contains("control run"), text);
    }

    @Test
    void shouldSayWhyConnectionsWereLostWhenSomeWere() {
        String text = DemoReport.of(result(false, 0, 500, null), Fault.HANG, Ansi.OFF);

        assertTrue(text.contains("0 of 500 connections went on.\n"), text);
        assertTrue(text.contains("500  (silent 500)"), text);
        assertTrue(text.contains("control run"), text);
        assertFalse(text.contains("longest of each"), text);
    }

    private static DemoResult result(
            boolean sync, int kept, int lost, DemoResult.@Nullable Percentiles gap) {
        return new DemoResult(
                "kill",
                "none",
                sync,
                "nat",
                true,
                new DemoResult.Connections(
                        500, kept, lost, lost == 0 ? Map.of() : Map.of("silent", lost)),
                64_000,
                0,
                gap,
                CALM,
                new DemoResult.Udp(400, 31, 0, 312),
                Map.of("s1", kept),
                new DemoResult.Owner("a", "b"),
                "process of a died",
                "its socket closed and a heartbeat was missed",
                Map.of("detect", 301.0),
                List.of(
                        new DemoResult.Moment(0, "a is killed"),
                        new DemoResult.Moment(301.2, "b notices: process of a died")));
    }
}
