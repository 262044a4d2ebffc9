package dev.tandem.tools.demo;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * The result for people. Of one round a page: a sentence, what happened when, a table; of several a
 * summary.
 */
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
        if (result.rounds().size() == 1) {
            report.page(result.rounds().getFirst());
        } else {
            report.summary();
        }
        report.verdict();
        return report.text.toString();
    }

    /** A round in a line. */
    static String line(DemoResult.Round round) {
        var wait = round.waitMs();
        var owner = round.owner();
        return "round %3d: gap %s ms (noise %s%s), longest wait %s ms, %d kept, %d lost, %s, then %s%s"
                .formatted(
                        round.round(),
                        ms(round.gapMs()),
                        ms(round.calmGapMs()),
                        round.busy() ? ", too busy to be timed" : "",
                        wait == null ? "-" : ms(wait.max()),
                        round.connections().kept(),
                        round.connections().lost(),
                        owner.before(),
                        owner.after(),
                        owner.two() ? ", TWO OWNERS" : "");
    }

    private void page(DemoResult.Round round) {
        sentence(round);
        timeline(round);
        table(round);
    }

    private void sentence(DemoResult.Round round) {
        var connections = round.connections();
        line("");
        styled(
                connections.lost() == 0 ? "bold,green" : "bold,red",
                "%s: %d of %d connections went on. For %s ms nobody was served."
                        .formatted(
                                fault.sentence(),
                                connections.kept(),
                                connections.before(),
                                ms(round.gapMs())));
        if (!result.sync()) {
            line("This was the control run, without replication: its point is to lose them.");
        }
        line("");
    }

    private void timeline(DemoResult.Round round) {
        styled("bold", "  ms from the fault");
        for (DemoResult.Moment moment : round.timeline()) {
            line("  %12s   %s".formatted(ms(moment.ms()), moment.what()));
        }
        if (!round.evidence().isEmpty()) {
            line("");
            line("  How it was decided: " + round.evidence());
        }
        line("");
    }

    private void table(DemoResult.Round round) {
        var connections = round.connections();
        styled("bold", "  connections");
        row("before", connections.before());
        row("kept", connections.kept());
        row("lost", connections.lost() + reasons(connections));
        row("kept by server", words(round.servers()));
        styled("bold", "  wait for an echo, ms");
        waits("", "p50", "p99", "max");
        waits("before the fault", round.calmMs());
        var wait = round.waitMs();
        if (wait != null) {
            waits("longest of each", wait);
        }
        styled("bold", "  probe, a datagram each ms");
        row("gap", ms(round.gapMs()) + " ms");
        row("later", ms(round.laterGapMs()) + " ms, from 500 ms after the last move on");
        row("noise before", ms(round.calmGapMs()) + " ms");
        row("sent, lost", round.probe().sent() + ", " + round.probe().lost());
        styled("bold", "  and");
        row("bytes verified", String.format(Locale.ROOT, "%,d", round.bytesVerified()));
        row("messages wrong", round.bytesWrong());
        var owner = round.owner();
        row(
                "address",
                "%s, then %s; %d changes seen in %d new epochs, %d questions answered twice"
                        .formatted(
                                owner.before(),
                                owner.after(),
                                owner.changes(),
                                owner.epochs(),
                                owner.doubles()));
        lab();
    }

    private void lab() {
        row(
                "lab",
                "%s, offloads %s, replication %s, arbiter %s"
                        .formatted(
                                result.forwarding(),
                                onOff(result.offloads()),
                                onOff(result.sync()),
                                result.arbiter()));
    }

    private void summary() {
        var verdict = result.verdict();
        line("");
        styled("bold", "  %d rounds, ms".formatted(verdict.rounds()));
        waits("", "min", "median", "max");
        spread("gap", verdict.gapMs());
        spread("later", verdict.laterGapMs());
        spread("longest wait", verdict.waitMs());
        row("too busy", verdict.roundsTooBusy() + " rounds, left out of the gaps");
        row("lost", verdict.lost() + " connections");
        row("two owners", "in " + verdict.roundsWithTwoOwners() + " rounds");
        lab();
        line("");
    }

    private void verdict() {
        var verdict = result.verdict();
        if (verdict.passed()) {
            styled(
                    "bold,green",
                    "Passed: nothing lost, never two owners, "
                            + (verdict.gapMs() == null
                                    ? "too busy to be timed."
                                    : "the gap's median within %s ms."
                                            .formatted(ms(verdict.barMs()))));
        } else {
            styled("bold,red", "Not passed:");
            verdict.problems().forEach(problem -> line("  " + problem));
        }
    }

    private static String reasons(DemoResult.Connections connections) {
        var lostBy = connections.lostBy();
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

    private void spread(String name, DemoResult.@Nullable Spread spread) {
        if (spread != null) {
            waits(name, ms(spread.min()), ms(spread.median()), ms(spread.max()));
        }
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
