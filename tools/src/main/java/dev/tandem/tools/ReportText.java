package dev.tandem.tools;

import dev.tandem.tools.api.Report;
import java.io.PrintWriter;

/** A failover's report for people. */
final class ReportText {
    private ReportText() {}

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
    }
}
