package dev.tandem.tools.chaos;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** A run for people: a line a round, and a summary. */
final class ChaosReport {
    private ChaosReport() {}

    static String line(ChaosResult.Round round) {
        String apart =
                round.troubles().size() > 1 ? " (%d ms apart)".formatted(round.apartMs()) : "";
        return String.format(
                Locale.ROOT,
                "%4d  %s%s, %d ms: gap %.0f ms, %s%s, %d lost, ready %.1f s after mending%s%s",
                round.round(),
                String.join(" + ", round.troubles()),
                apart,
                round.holdMs(),
                round.gapMs(),
                round.from(),
                round.changes() == 0 ? " stays" : " to " + round.to(),
                round.lost(),
                round.readyMs() / 1e3,
                round.two() ? ", TWO OWNERS" : "",
                round.refused().isEmpty() ? "" : "; refused: " + round.refused());
    }

    static String summary(ChaosResult result, Ansi ansi) {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%nseed %d: %d rounds in %.0f s, %d connections, %d lost%n%n",
                        result.seed(),
                        result.rounds().size(),
                        result.seconds(),
                        result.connections(),
                        result.rounds().stream().mapToInt(ChaosResult.Round::lost).sum()));
        text.append(line("", "rounds", "gap: median", "max, ms"));
        byTrouble(result).forEach((trouble, rounds) -> text.append(gaps(trouble, rounds)));
        text.append(String.format("%n"));
        for (ChaosResult.Memory life : result.memory()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  memory of %s (%d) over %d rounds: heap %d KiB, then %d (%+.1f a round);"
                                    + " resident %d KiB, then %d%n",
                            life.node(),
                            life.pid(),
                            life.rounds(),
                            life.heapKiBFirst(),
                            life.heapKiBLast(),
                            life.heapSlope(),
                            life.residentKiBFirst(),
                            life.residentKiBLast()));
        }
        text.append(String.format("%n"));
        if (result.problems().isEmpty()) {
            text.append(ansi.string("@|bold,green Passed: everything held in every round.|@"));
        } else {
            text.append(ansi.string("@|bold,red Not passed:|@"));
            result.problems().forEach(problem -> text.append("%n  %s".formatted(problem)));
        }
        return text.toString();
    }

    private static Map<String, double[]> byTrouble(ChaosResult result) {
        return result.rounds().stream()
                .collect(
                        Collectors.groupingBy(
                                round -> String.join(" + ", round.troubles()),
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        rounds ->
                                                rounds.stream()
                                                        .mapToDouble(ChaosResult.Round::gapMs)
                                                        .sorted()
                                                        .toArray())));
    }

    private static String gaps(String trouble, double[] gaps) {
        double median = (gaps[(gaps.length - 1) / 2] + gaps[gaps.length / 2]) / 2;
        return line(
                trouble,
                Integer.toString(gaps.length),
                String.format(Locale.ROOT, "%.0f", median),
                String.format(Locale.ROOT, "%.0f", Arrays.stream(gaps).max().orElse(0)));
    }

    private static String line(String trouble, String rounds, String median, String max) {
        return "  %-28s %8s %12s %10s%n".formatted(trouble, rounds, median, max);
    }
}
