package dev.tandem.tools.daemon;

import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Checks;
import dev.tandem.tools.api.Checks.Check;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.NodeView;
import dev.tandem.tools.api.Proof;
import dev.tandem.tools.api.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A planned move of the addresses between two nodes: looks first, has it done, and looks again.
 * Called by the API's threads, which may wait.
 */
final class Switchover {
    private static final int HANDOVER_SECONDS = 150;

    /** The old master compares its table with the new one's in the background. */
    private static final int COMPARISON_MS = 2_000;

    private static final int CATCH_UP_MS = 1_000;
    private static final int POLL_MS = 50;

    private final String cluster;
    private final FailoverNode node;
    private final Desk desk;
    private final ReportKeeper keeper;
    private final int drainMs;

    Switchover(String cluster, FailoverNode node, Desk desk, ReportKeeper keeper, int drainMs) {
        this.cluster = cluster;
        this.node = node;
        this.desk = desk;
        this.keeper = keeper;
        this.drainMs = drainMs;
    }

    /** What was found before. */
    private record Findings(Checks checks, List<NodeView> views) {}

    /** What would be looked at, and what is found; nothing is done. */
    Checks check(FailoverRequest request) throws ApiException {
        return look(request).checks();
    }

    /**
     * Moves the addresses, and waits until that is over and was looked at.
     *
     * @throws ApiException 409 with everything that stands in the way
     */
    Report move(FailoverRequest request) throws ApiException {
        Findings before = lookPatiently(request);
        Checks checks = before.checks();
        if (!checks.passed()) {
            throw new ApiException(409, why(checks, request.force()));
        }
        FailoverReport done = await(node.handover(checks.to(), request.force()), HANDOVER_SECONDS);
        Report report = Views.report(cluster, done);
        List<NodeView> after = lookAgain(checks, before.views());
        if (before.views().size() < 2 || after.size() < 2) {
            return report;
        }
        Report proven = report.proven(proof(report, before.views(), after));
        keeper.prove(proven);
        return proven;
    }

    /** Everything that stands in the way. */
    private static String why(Checks checks, boolean forced) {
        List<String> words =
                checks.checks().stream()
                        .filter(check -> !check.passed() && !(forced && check.forcible()))
                        .map(Check::found)
                        .toList();
        return String.join("; ", words);
    }

    /** What is only behind, as after a change of services just now, gets a moment to catch up. */
    private Findings lookPatiently(FailoverRequest request) {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CATCH_UP_MS);
        Findings found = look(request);
        try {
            while (!found.checks().passed()
                    && found.checks().checks().stream()
                            .allMatch(each -> each.passed() || each.forcible())
                    && System.nanoTime() - deadlineNs < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
                found = look(request);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    private Findings look(FailoverRequest request) {
        NodeStatus status = node.status();
        String from = status.master();
        List<Check> checks = new ArrayList<>();
        checks.add(
                new Check(
                        "master",
                        !from.isEmpty(),
                        false,
                        from.isEmpty()
                                ? status.node() + " knows no master"
                                : "%s is master in epoch %d".formatted(from, status.epoch())));
        String heir = status.ifMasterDied().heir();
        String to = Objects.requireNonNullElse(request.to(), heir);
        if (to.isEmpty()) {
            checks.add(new Check("target", false, false, status.ifMasterDied().inWords()));
        }
        List<NodeView> views = new ArrayList<>();
        if (!from.isEmpty() && !to.isEmpty()) {
            NodeView master = view(from, checks);
            NodeView target = view(to, checks);
            if (target != null) {
                ofTarget(target, checks);
            }
            if (master != null && target != null) {
                ofBoth(master, target, checks);
                views.addAll(List.of(master, target));
            }
        }
        boolean passed =
                checks.stream()
                        .allMatch(each -> each.passed() || (request.force() && each.forcible()));
        return new Findings(new Checks(from, to, passed, checks), views);
    }

    private @Nullable NodeView view(String whom, List<Check> checks) {
        boolean known =
                whom.equals(node.status().node())
                        || node.status().peers().stream().anyMatch(p -> p.node().equals(whom));
        if (!known) {
            checks.add(new Check("target", false, false, "there is no node " + whom));
            return null;
        }
        if (!whom.equals(node.status().node()) && !node.present().contains(whom)) {
            checks.add(new Check("group", false, false, whom + " is not in the group"));
            return null;
        }
        try {
            return desk.ask(whom).get();
        } catch (ExecutionException _) {
            checks.add(new Check("group", false, false, whom + " does not answer"));
            return null;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void ofTarget(NodeView target, List<Check> checks) {
        String name = target.node();
        checks.add(
                new Check(
                        "state",
                        target.state().equals("BACKUP"),
                        false,
                        target.state().equals("MASTER")
                                ? name + " is already master"
                                : target.state().equals("BACKUP")
                                        ? name + " is BACKUP"
                                        : name + " is " + target.state() + ", not BACKUP"));
        boolean ready = target.whyNotReady().isEmpty();
        checks.add(
                new Check(
                        "synced",
                        ready,
                        true,
                        ready
                                ? name + " has the connections"
                                : name + " is not ready: " + target.whyNotReady()));
        checks.add(
                new Check(
                        "lag",
                        target.syncLag() == 0,
                        true,
                        "%s is %d records behind".formatted(name, target.syncLag())));
    }

    private static void ofBoth(NodeView master, NodeView target, List<Check> checks) {
        boolean same = master.servicesDigest().equals(target.servicesDigest());
        checks.add(
                new Check(
                        "services",
                        same,
                        true,
                        "%s and %s have %s"
                                .formatted(
                                        master.node(),
                                        target.node(),
                                        same
                                                ? "the same services and settings"
                                                : "other services or settings: "
                                                        + digests(master, target))));
    }

    private static String digests(NodeView master, NodeView target) {
        return master.servicesDigest() + " and " + target.servicesDigest();
    }

    /** The same two, when nothing is forwarded late any more; empty when one does not answer. */
    private List<NodeView> lookAgain(Checks checks, List<NodeView> before) {
        try {
            TimeUnit.MILLISECONDS.sleep(drainMs + POLL_MS);
            NodeView old = desk.ask(checks.from()).get();
            // where tables are not compared at all there is nothing to wait for
            boolean compares = before.getLast().compared();
            long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COMPARISON_MS);
            while (compares && !isCompared(old) && System.nanoTime() - deadlineNs < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
                old = desk.ask(checks.from()).get();
            }
            return List.of(old, desk.ask(checks.to()).get());
        } catch (ExecutionException _) {
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static boolean isCompared(NodeView old) {
        return old.compared() && old.missing() == 0;
    }

    private static Proof proof(Report report, List<NodeView> before, List<NodeView> after) {
        NodeView old = after.getFirst();
        int difference = before.getFirst().connections() - after.getLast().connections();
        double gapMs = 0;
        for (String phase : List.of("silence", "grant", "take")) {
            gapMs += report.phasesMs().getOrDefault(phase, 0.0);
        }
        return new Proof(
                before,
                after,
                isCompared(old) ? 0 : Math.max(0, difference),
                isCompared(old),
                gapMs,
                old.forwardedLate());
    }

    private static FailoverReport await(CompletableFuture<FailoverReport> handover, int seconds)
            throws ApiException {
        return Backend.await(handover, seconds, "the failover");
    }
}
