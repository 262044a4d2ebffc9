package dev.tandem.tools.demo;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** The result as a page for people: a sentence, what happened when, a table. */
final class DemoReport {
    private final DemoResult result;
    private final Fault fault;
    private final Ansi ansi;
    private final StringBuilder text = new StringBuilder();

    private DemoReport(DemoResult result, Fault fault, Ansi ansi) {
        this.result = result;
        this.fault = fault;
        this.ansi = ansi;
    }

    static String of(DemoResult result, Fault fault, Ansi ansi) {
        var report = new DemoReport(result, fault, ansi);
        report.sentence();
        report.timeline();
        report.table();
        return report.text.toString();
    }

    private void sentence() {
        var connections = result.connections();
        String style = connections.lost() == 0 ? "bold,green" : "bold,red";
        String outcome =
                "%s: %d of %d connections went on."
                        .formatted(fault.sentence(), connections.kept(), connections.before());
        var gap = result.gapMs();
        if (gap != null) {
            outcome += " The longest wait for an echo was %s ms.".formatted(ms(gap.max()));
        }
        line("");
        styled(style, outcome);
        if (!result.sync()) {
            line("This was the control run, without replication: its point is to lose them.");
        }
        line("");
    }

    private void timeline() {
        styled("bold", "  ms from the fault");
        for (DemoResult.Moment moment : result.timeline()) {
            line("  %12s   %s".formatted(ms(moment.ms()), moment.what()));
        }
        if (!result.evidence().isEmpty()) {
            line("");
            line("  How it was decided: " + result.evidence());
        }
        line("");
    }

    private void table() {
        var connections = result.connections();
        styled("bold", "  connections");
        row("before", connections.before());
        row("kept", connections.kept());
        row("lost", connections.lost() + reasons());
        row("kept by server", words(result.servers()));
        styled("bold", "  wait for an echo, ms");
        waits("", "p50", "p99", "max");
        waits("before the fault", result.calmMs());
        var gap = result.gapMs();
        if (gap != null) {
            waits("longest of each", gap);
        }
        var udp = result.udp();
        styled("bold", "  UDP, a datagram each 10 ms");
        row("sent", udp.sent());
        row("lost", udp.lost());
        row("late (> 50 ms)", udp.late());
        row("longest silence", udp.longestSilenceMs() + " ms");
        styled("bold", "  and");
        row("bytes verified", String.format(Locale.ROOT, "%,d", result.bytesVerified()));
        row("messages wrong", result.bytesWrong());
        row("address", result.owner().before() + ", then " + result.owner().after());
        row(
                "lab",
                "%s, offloads %s, replication %s, arbiter %s"
                        .formatted(
                                result.forwarding(),
                                onOff(result.offloads()),
                                onOff(result.sync()),
                                result.arbiter()));
    }

    private String reasons() {
        var lostBy = result.connections().lostBy();
        return lostBy.isEmpty() ? "" : "  (" + words(lostBy) + ")";
    }

    private static String words(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    private void waits(String name, DemoResult.Percentiles p) {
        waits(name, ms(p.p50()), ms(p.p99()), ms(p.max()));
    }

    private void waits(String name, String p50, String p99, String max) {
        line("    %-16s %10s %10s %10s".formatted(name, p50, p99, max));
    }

    private void row(String name, Object value) {
        line("    %-16s %s".formatted(name, value));
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.1f" : "%.0f", value);
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private void styled(String style, String words) {
        line(ansi.string("@|" + style + " " + words + "|@"));
    }

    private void line(String words) {
        text.append(words).append(System.lineSeparator());
    }
}
