package dev.tandem.tools.demo;

import dev.tandem.tools.api.Report;
import dev.tandem.tools.demo.lab.Owners;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What happened when, on one clock: milliseconds from the fault.
 *
 * <p>What the load saw is on this process's clock already. The new master's report says when the
 * failover was over, by the wall clock that all processes here share, and how long its phases took;
 * so they are laid backwards from its end.
 */
final class Timeline {
    private static final int CLAIMS = 10;
    private static final long SAME_TIME_NS = 100_000;
    private static final int MOST_TRIES = 20;

    private final long faultNs;
    private final Instant faultAt;
    private final List<DemoResult.Moment> moments = new ArrayList<>();

    /** Begins with the fault, now. */
    Timeline() {
        long beforeNs;
        Instant at;
        int tries = 0;
        do { // both clocks are read at one time, or a pause in between would shift the reports
            beforeNs = System.nanoTime();
            at = Instant.now();
        } while (System.nanoTime() - beforeNs > SAME_TIME_NS && ++tries < MOST_TRIES);
        faultNs = beforeNs;
        faultAt = at;
    }

    /** The fault by {@link System#nanoTime}. */
    long faultNs() {
        return faultNs;
    }

    void add(long atNs, String what) {
        moments.add(new DemoResult.Moment((atNs - faultNs) / 1e6, what));
    }

    void add(Report report) {
        double overMs = Duration.between(faultAt, Instant.parse(report.at())).toNanos() / 1e6;
        double ms =
                overMs - report.phasesMs().values().stream().mapToDouble(Double::doubleValue).sum();
        if (report.phasesMs().containsKey("detect")) {
            moments.add(new DemoResult.Moment(ms, "last sign of life of " + report.from()));
        }
        for (var phase : report.phasesMs().entrySet()) {
            ms += phase.getValue();
            moments.add(new DemoResult.Moment(ms, over(phase.getKey(), report)));
        }
    }

    /** What the clients' network saw of who has the address, the first ten moments. */
    void add(Owners owners) {
        owners.claims().stream()
                .filter(claim -> claim.atNs() - faultNs >= 0)
                .limit(CLAIMS)
                .forEach(claim ->
                        add(
                                claim.atNs(),
                                claim.second()
                                        ? claim.by() + " answers after somebody else has"
                                        : "clients are told that the address is at " + claim.by()));
    }

    private static String over(String phase, Report report) {
        return switch (phase) {
            case "detect" -> "%s notices: %s".formatted(report.to(), report.cause());
            case "decide" -> "%s decides to take over".formatted(report.to());
            case "probe" -> "nobody else answers for the address (ARP probe)";
            case "take" -> "%s owns the address".formatted(report.to());
            case "flush" -> "%s has sent all its connections".formatted(report.from());
            case "silence" -> "%s no longer answers for the address".formatted(report.from());
            case "grant" -> "%s has the grant".formatted(report.to());
            default -> "%s is over".formatted(phase);
        };
    }

    /** In the order in which things happened. */
    List<DemoResult.Moment> moments() {
        return moments.stream().sorted(Comparator.comparingDouble(DemoResult.Moment::ms)).toList();
    }
}
