package dev.tandem.tools.demo;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Arbiter;
import java.util.List;
import java.util.Map;

/** Rounds as they could have been. */
final class DemoRounds {
    static final int CONNECTIONS = 500;

    private DemoRounds() {}

    static DemoOptions options(Fault fault, boolean sync) {
        return new DemoOptions(
                fault,
                CONNECTIONS,
                1,
                fault.barMs(),
                Forwarding.NAT,
                sync,
                Mode.ENFORCE,
                Arbiter.NONE,
                true,
                false);
    }

    static DemoResult result(Fault fault, boolean sync, DemoResult.Round... rounds) {
        return Results.of(options(fault, sync), List.of(rounds));
    }

    static DemoResult.Owner moved(int changes, long epochs, int doubles) {
        boolean two = doubles > 0 || changes > epochs;
        return new DemoResult.Owner("a", "b", changes, epochs, doubles, 0, two);
    }

    static DemoResult.Round round(int number, double gapMs, int lost) {
        return round(number, gapMs, lost, 2, moved(1, 1, 0));
    }

    static DemoResult.Round round(
            int number, double gapMs, int lost, double calmP99Ms, DemoResult.Owner owner) {
        int kept = CONNECTIONS - lost;
        return new DemoResult.Round(
                number,
                new DemoResult.Connections(
                        CONNECTIONS, kept, lost, lost == 0 ? Map.of() : Map.of("silent", lost)),
                gapMs,
                2.5,
                1.5,
                kept == 0 ? null : new DemoResult.Percentiles(gapMs, gapMs + 100, gapMs + 200),
                new DemoResult.Percentiles(0.4, calmP99Ms, calmP99Ms + 3),
                calmP99Ms > Verdicts.BUSY_MS,
                new DemoResult.Probe(2000, (int) gapMs),
                owner,
                64_000,
                0,
                Map.of("s1", kept),
                "process of a died",
                "its socket closed and a heartbeat was missed",
                Map.of("detect", 301.0),
                List.of(
                        new DemoResult.Moment(0, "a is killed"),
                        new DemoResult.Moment(301.2, "b notices: process of a died")));
    }
}
