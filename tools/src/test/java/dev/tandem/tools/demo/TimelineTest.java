package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.tools.api.Report;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    @Test
    void shouldLayTheReportsPhasesBackwardsFromItsEnd() {
        Instant before = Instant.now();
        var timeline = new Timeline();
        var phases = new LinkedHashMap<String, Double>();
        phases.put("detect", 300.0);
        phases.put("decide", 0.0);
        phases.put("probe", 20.0);
        phases.put("take", 1.0);
        timeline.add(
                new Report(
                        "2-b",
                        before.plusMillis(310).toString(),
                        "a was silent",
                        "a",
                        "b",
                        2,
                        phases,
                        500,
                        "",
                        "demo",
                        null));
        timeline.add(timeline.faultNs(), "the fault");

        List<DemoResult.Moment> moments = timeline.moments();

        assertEquals(
                List.of(
                        "last sign of life of a",
                        "the fault",
                        "b notices: a was silent",
                        "b decides to take over",
                        "nobody else answers for the address (ARP probe)",
                        "b owns the address"),
                moments.stream().map(DemoResult.Moment::what).toList());
        assertEquals(321, moments.getLast().ms() - moments.getFirst().ms(), 0.001);
        assertEquals(310, moments.getLast().ms(), 5);
    }
}
