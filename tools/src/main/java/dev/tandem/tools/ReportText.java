package dev.tandem.tools;

import dev.tandem.tools.api.NodeView;
import dev.tandem.tools.api.Proof;
import dev.tandem.tools.api.Report;
import java.io.PrintWriter;

/** A failover's report for people. */
final class ReportText {
    private ReportText() {}

    private static void print(Proof proof, PrintWriter out) {
        out.printf(
                "  lost      %d, %s%n",
                proof.lost(),
                proof.compared()
                        ? "by comparing the tables"
                        : "by the numbers of entries; the tables were not compared");
        out.printf(
                "  gap       %.1f ms from the old master's silence to the new one's first word%n",
                proof.gapMs());
        out.printf("  late      %d packets forwarded by the old master%n", proof.forwardedLate());
        proof.before().forEach(view -> print("before", view, out));
        proof.after().forEach(view -> print("after", view, out));
    }

    private static void print(String when, NodeView view, PrintWriter out) {
        out.printf(
                "  %-9s %s (process %d) %s in epoch %d, %d connections, %d to send, services %s%n",
                when,
                view.node(),
                view.incarnation(),
                view.state(),
                view.epoch(),
                view.connections(),
                view.syncLag(),
                view.servicesDigest());
    }

    static void print(Report report, PrintWriter out) {
        double totalMs = report.phasesMs().values().stream().mapToDouble(Double::doubleValue).sum();
        out.printf(
                "%s  %s -> %s  epoch %d  %.1f ms%s%n",
                report.at(),
                report.from().isEmpty() ? "(nobody)" : report.from(),
                report.to().isEmpty() ? "(nobody)" : report.to(),
                report.epoch(),
                totalMs,
                report.connections() < 0 ? "" : "  " + report.connections() + " connections");
        report.phasesMs().forEach((phase, ms) -> out.printf("  %-9s %8.1f ms%n", phase, ms));
        if (!report.cluster().isEmpty()) {
            out.printf("  cluster   %s%n", report.cluster());
        }
        out.printf("  cause     %s%n", report.cause());
        out.printf("  evidence  %s%n", report.evidence());
        Proof proof = report.proof();
        if (proof != null) {
            print(proof, out);
        }
    }
}
