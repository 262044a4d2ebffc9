package dev.tandem.tools;

import dev.tandem.tools.api.Status;
import dev.tandem.tools.api.Transition;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** A change of a node's state for people. */
final class TransitionText {
    private TransitionText() {}

    /**
     * Prints it.
     *
     * @param withCluster whether it has to be told from those of other clusters
     */
    static void print(Transition each, boolean withCluster, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s  %s%s %s -> %s  epoch %d%s%n",
                each.at(),
                withCluster ? each.cluster() + " " : "",
                each.node(),
                each.from().isEmpty() ? "(started)" : each.from(),
                each.to(),
                each.epoch(),
                each.from().isEmpty() ? "" : "  after " + lasted(each.lastedMs()));
        line(out, "cause", each.cause());
        line(out, "evidence", each.evidence());
        if (!each.phasesMs().isEmpty()) {
            double totalMs = each.phasesMs().values().stream().mapToDouble(v -> v).sum();
            String phases =
                    each.phasesMs().entrySet().stream()
                            .map(e ->
                                    String.format(Locale.ROOT, "%s %.1f", e.getKey(), e.getValue()))
                            .collect(Collectors.joining(", "));
            line(out, "phases", String.format(Locale.ROOT, "%.1f ms: %s", totalMs, phases));
        }
        line(out, "entries", each.connections() < 0 ? "" : "" + each.connections());
        line(
                out,
                "master",
                each.master().isEmpty()
                        ? "none known"
                        : each.master().equals(each.node()) ? "itself" : each.master());
        line(out, "not ready", each.whyNotReady());
        line(
                out,
                "votes for",
                each.votesFor().isEmpty() ? "" : each.votesFor() + " in epoch " + each.voteEpoch());
        each.peers().forEach(peer -> line(out, "saw " + peer.node(), peer(peer)));
    }

    private static String peer(Status.Peer peer) {
        return peer.lastHeardMs() < 0
                ? "nothing yet"
                : "%s in epoch %d, %d ms before, priority %d, %d entries, %d to send%s"
                        .formatted(
                                peer.state(),
                                peer.epoch(),
                                peer.lastHeardMs(),
                                peer.priority(),
                                peer.connections(),
                                peer.syncLag(),
                                peer.votesFor().isEmpty() ? "" : ", votes for " + peer.votesFor());
    }

    private static String lasted(long ms) {
        return ms < 10_000 ? ms + " ms" : StatusText.duration(ms);
    }

    private static void line(PrintWriter out, String title, String text) {
        if (!text.isEmpty()) {
            out.printf("  %-9s %s%n", title, text);
        }
    }
}
