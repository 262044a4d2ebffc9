package dev.tandem.tools.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Holds rounds against what was promised. */
final class Verdicts {
    /**
     * When messages waited so long before any fault (99th percentile), something else had the
     * processors, and the round says nothing about gaps.
     */
    static final double BUSY_MS = 20;

    private Verdicts() {}

    static DemoResult.Verdict of(DemoOptions options, List<DemoResult.Round> rounds) {
        var problems = new ArrayList<String>();
        for (DemoResult.Round round : rounds) {
            int lost = round.connections().lost();
            if (lost > 0) {
                problems.add("round %d: %d connections were lost".formatted(round.round(), lost));
            }
            if (round.bytesWrong() > 0) {
                problems.add(
                        "round %d: %d messages were wrong"
                                .formatted(round.round(), round.bytesWrong()));
            }
            ownership(options.fault(), round, problems);
        }
        DemoResult.@Nullable Spread gap = timed(rounds, DemoResult.Round::gapMs);
        if (gap != null && gap.median() > options.barMs()) {
            problems.add(
                    String.format(
                            Locale.ROOT,
                            "the median of the gaps is %.1f ms, more than %.0f",
                            gap.median(),
                            options.barMs()));
        }
        return new DemoResult.Verdict(
                problems.isEmpty(),
                rounds.size(),
                rounds.stream().mapToInt(round -> round.connections().lost()).sum(),
                (int) rounds.stream().filter(round -> round.owner().two()).count(),
                (int) rounds.stream().filter(DemoResult.Round::busy).count(),
                options.barMs(),
                gap,
                timed(rounds, DemoResult.Round::laterGapMs),
                spread(
                        rounds.stream()
                                .map(DemoResult.Round::waitMs)
                                .filter(Objects::nonNull)
                                .mapToDouble(DemoResult.Percentiles::max)),
                problems);
    }

    private static void ownership(Fault fault, DemoResult.Round round, List<String> problems) {
        DemoResult.Owner owner = round.owner();
        String words = "round %d: ".formatted(round.round());
        if (owner.two()) {
            problems.add(
                    words
                            + "two owners at once: %d changes of who answers in %d new epochs, %d questions answered by both, %d quick returns"
                                    .formatted(
                                            owner.changes(),
                                            owner.epochs(),
                                            owner.doubles(),
                                            owner.returns()));
        }
        boolean elsewhere = !owner.before().equals(owner.after());
        if (elsewhere != (fault.moves() == 1)) {
            problems.add(
                    words
                            + (elsewhere
                                    ? "the address is not where it should be"
                                    : "the address did not move"));
        } else if (owner.changes() < fault.moves()) {
            problems.add(words + "the address was not seen to move");
        }
    }

    /** Over the rounds in which something could be timed. */
    private static DemoResult.@Nullable Spread timed(
            List<DemoResult.Round> rounds, ToDoubleFunction<DemoResult.Round> value) {
        return spread(rounds.stream().filter(round -> !round.busy()).mapToDouble(value));
    }

    private static DemoResult.@Nullable Spread spread(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int n = sorted.length;
        return n == 0
                ? null
                : new DemoResult.Spread(
                        sorted[0], (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[n - 1]);
    }
}
