package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Checks;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Json;
import dev.tandem.tools.api.Maintenance;
import dev.tandem.tools.api.MaintenanceRequest;
import dev.tandem.tools.api.NodeView;
import dev.tandem.tools.api.Proof;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Transition;
import dev.tandem.tools.api.Why;
import dev.tandem.tools.demo.lab.DirectorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an operator sees and does with a real pair: moves with proof, reasons, maintenance, hooks.
 */
@Tag("netns")
class OperatorIT {
    @Test
    void shouldProveMovesAndGiveReasons() throws Exception {
        try (var running = RunningPair.start(Forwarding.NAT, true)) {
            DirectorProcess a = running.pair.directors().getFirst();
            DirectorProcess b = running.pair.directors().getLast();
            if (is(b, "MASTER")) { // it was the first to be ready
                running.await(
                        "a is in the group", () -> b.api().check(FailoverRequest.to("a")).passed());
                var _ = b.api().failover(FailoverRequest.to("a"));
            }
            running.await("a is master, b its backup", () -> is(a, "MASTER") && is(b, "BACKUP"));

            running.await("all is well", () -> a.api().check(FailoverRequest.to("b")).passed());
            Checks nobody = a.api().check(FailoverRequest.to("z"));
            assertFalse(nobody.passed());
            assertTrue(nobody.toString().contains("there is no node z"), nobody::toString);
            assertTrue(is(a, "MASTER"), "nothing was done");

            Report report = b.api().failover(FailoverRequest.to("b"));
            Proof proof = report.proof();
            assertNotNull(proof, report::toString);
            assertEquals(
                    List.of("a MASTER", "b BACKUP", "a BACKUP", "b MASTER"),
                    states(proof),
                    report::toString);
            assertEquals(
                    proof.before().getFirst().incarnation(),
                    proof.after().getFirst().incarnation(),
                    "the same process");
            assertEquals(report.epoch(), proof.after().getLast().epoch());
            assertEquals(0, proof.lost());
            assertEquals(report, b.api().reports("").reports().getFirst(), "kept");

            Transition taken = b.api().history("", 1).transitions().getFirst();
            assertEquals("MASTER", taken.to());
            assertEquals(report.phasesMs().get("take"), taken.phasesMs().get("take"));
            assertEquals("a", taken.peers().getFirst().node());
            Why why = a.api().why("");
            running.await("a would be next", () -> a.api().why("").heir().equals("a"));
            assertEquals("b", why.master());

            Maintenance on = b.api().maintenance(new MaintenanceRequest(null, true));
            assertNotNull(on.handover());
            running.await("a is master", () -> is(a, "MASTER"));
            running.await("it is known", () -> b.api().why("").master().equals("a"));
            ApiException refused =
                    assertThrows(
                            ApiException.class, () -> a.api().failover(FailoverRequest.to("b")));
            String reasons = String.valueOf(refused.getMessage());
            assertTrue(reasons.contains("b is MAINTENANCE, not BACKUP"), reasons);
            b.api().maintenance(new MaintenanceRequest(null, false));
            running.await("b is back", () -> is(b, "BACKUP"));

            hooks(running, b);
        }
    }

    /** Node b once more, with a script that fails at first and a program that is told. */
    private static void hooks(RunningPair running, DirectorProcess b) throws Exception {
        Path dir = running.lab.directory();
        Path told = dir.resolve("told");
        Path flag = dir.resolve("flag");
        String text =
                Files.readString(dir.resolve("b.yaml"))
                        .replace(
                                "failover:\n",
                                """
                                failover:
                                  track:
                                    interfaces:
                                      - {interface: outside, fault: true}
                                    scripts:
                                      - {name: flag, command: [/usr/bin/test, -e, %s], interval-ms: 100}
                                  notify:
                                    - {command: [/bin/sh, -c, "cat >> %s; echo >> %s"]}
                                """
                                        .formatted(flag, told, told));
        b.close();
        try (DirectorProcess again = DirectorProcess.start(running.lab, 1, "b", text)) {
            running.await(
                    "the script fails",
                    () ->
                            again.status()
                                    .filter(s ->
                                            s.whyNotMaster().equals("script flag ended with 1"))
                                    .isPresent());
            Files.createFile(flag);
            running.await("it is a backup", () -> is(again, "BACKUP"));
            running.await(
                    "the program was told",
                    () -> Files.exists(told) && told(told).contains("BACKUP"));
            List<String> states = told(told);
            assertTrue(states.indexOf("FAULT") < states.indexOf("BACKUP"), states::toString);
        }
    }

    private static List<String> told(Path file) throws IOException {
        List<String> states = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            states.add(Json.read(line, Transition.class).to());
        }
        return states;
    }

    private static List<String> states(Proof proof) {
        List<NodeView> all = new ArrayList<>(proof.before());
        all.addAll(proof.after());
        return all.stream().map(view -> view.node() + " " + view.state()).toList();
    }

    private static boolean is(DirectorProcess director, String state) {
        return director.status().filter(status -> status.state().equals(state)).isPresent();
    }
}
