package dev.tandem.tools.interop;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A kernel and Tandem are given the same rules and the same packets, one after the other, and then
 * have the same tables and counters, as ipvsadm prints them. Every scenario has a service of its
 * own.
 */
@Tag("interop")
@ExtendWith(InteropExtension.class)
class SideBySideIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A play is not exactly as long as the other, but far shorter than any two timeouts differ. */
    private static final TableRow.Times AS_OLD =
            (one, other) -> Math.abs(one.expiresSeconds() - other.expiresSeconds()) <= 50;

    private static final String COUNTERS = "-Ln --stats --exact";

    /** Listings that must be the same text. */
    private static final List<String> LISTINGS =
            List.of("-Ln", "-Ln --nosort", COUNTERS, "-Ln --thresholds", "-Ln --persistent-conn");

    @Test
    void shouldDoAsTheKernelDoes(Interop interop) throws Exception {
        Outcome kernel = play(interop, interop.a());
        interop.forgetNeighbours();
        Outcome tandem = play(interop, TandemDaemon.prepare(interop, 3));

        assertAll(
                Arrays.stream(Scenario.values())
                        .map(scenario -> () -> compare(scenario, kernel, tandem)));
    }

    private static void compare(Scenario scenario, Outcome kernel, Outcome tandem) {
        assertEquals(
                kernel.seen().get(scenario),
                tandem.seen().get(scenario),
                scenario + ": what the clients saw");
        String entries =
                TableRow.difference(
                        "kernel",
                        kernel.connections(scenario),
                        "tandem",
                        tandem.connections(scenario),
                        AS_OLD);
        assertEquals("", entries, scenario + ": connections");
        for (String listing : LISTINGS) {
            assertEquals(
                    kernel.listing(scenario, listing),
                    tandem.listing(scenario, listing),
                    scenario + ": " + listing);
        }
    }

    /** What is known when the packets have gone through. */
    private record Outcome(
            Map<Scenario, List<String>> seen,
            List<TableRow> connections,
            Map<String, String> listings) {

        List<TableRow> connections(Scenario scenario) {
            return connections.stream()
                    .filter(row -> row.virtual().equals(scenario.service()))
                    .toList();
        }

        /** The lines of the scenario's service. */
        String listing(Scenario scenario, String listing) {
            var lines = new StringBuilder();
            boolean within = false;
            for (String line : listings.getOrDefault(listing, "").lines().toList()) {
                if (!line.startsWith("  ->")) {
                    within = line.contains(" " + scenario.service() + " ");
                }
                if (within) {
                    lines.append(line.stripTrailing()).append('\n');
                }
            }
            return lines.toString();
        }
    }

    private static Outcome play(Interop interop, Ipvs director) throws Exception {
        director.takeAddresses();
        var seen = new LinkedHashMap<Scenario, List<String>>();
        try (var script = new Script(interop, director)) {
            for (Scenario scenario : Scenario.values()) {
                director.services(scenario.rules());
                scenario.play(script);
                seen.put(scenario, script.seen());
            }
            settle(director);
            List<TableRow> connections = TableRow.parse(director.ipvsadm("-Lnc"));
            var listings = new LinkedHashMap<String, String>();
            for (String listing : LISTINGS) {
                listings.put(listing, director.ipvsadm(listing));
            }
            return new Outcome(seen, connections, listings);
        } finally {
            director.releaseAddresses();
        }
    }

    /** What was reset is gone after ten seconds; a kernel copies its counters every two. */
    private static void settle(Ipvs director) throws Exception {
        Await.none(
                "no entry that is about to end",
                PATIENCE,
                () ->
                        TableRow.parse(director.ipvsadm("-Lnc")).stream()
                                .filter(row -> row.state().equals("CLOSE"))
                                .map(TableRow::toString)
                                .collect(Collectors.joining("\n")));
        var before = new String[] {""};
        Await.none(
                "counters at rest",
                PATIENCE,
                () -> {
                    Thread.sleep(2100);
                    String now = director.ipvsadm(COUNTERS);
                    boolean same = now.equals(before[0]);
                    before[0] = now;
                    return same ? "" : now;
                });
    }
}
