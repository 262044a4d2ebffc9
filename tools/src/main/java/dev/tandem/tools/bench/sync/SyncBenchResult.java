package dev.tandem.tools.bench.sync;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What one round has measured, the warm-up left out.
 *
 * @param lagMs from just before the packet was sent with which a connection became worth a record,
 *     to its entry being in the backup's table
 * @param paceMs how late the generator sent these packets
 * @param rate connections a second that the generator made
 * @param connections that it made
 * @param lost of them, those that never came to the backup
 * @param warmUpLost the same of the connections before
 * @param recordsPerSecond sent by the master
 * @param datagramsPerSecond sent by the master
 * @param losses drops and refusals at every stage, by place and reason; only those that occurred
 * @param warmUpLosses the same of the time before, when the code is not compiled yet
 * @param processors processors that were busy, by who kept them so
 * @param machineLoad the machine's load average before the round, from others or from earlier
 */
public record SyncBenchResult(
        Spread lagMs,
        Spread paceMs,
        double rate,
        int connections,
        int lost,
        int warmUpLost,
        double recordsPerSecond,
        double datagramsPerSecond,
        Map<String, Long> losses,
        Map<String, Long> warmUpLosses,
        Map<String, Double> processors,
        double machineLoad) {

    /** Whether nothing was dropped anywhere and no connection lost. */
    public boolean isWhole() {
        return lost == 0 && losses.isEmpty();
    }

    /** Medians of the measures; sums of what was lost. */
    public static SyncBenchResult median(List<SyncBenchResult> rounds) {
        Map<String, Long> losses = new TreeMap<>();
        Map<String, Long> warmUpLosses = new TreeMap<>();
        Map<String, Double> processors = new TreeMap<>();
        for (SyncBenchResult round : rounds) {
            round.losses.forEach((loss, count) -> losses.merge(loss, count, Long::sum));
            round.warmUpLosses.forEach((loss, count) -> warmUpLosses.merge(loss, count, Long::sum));
        }
        for (String who : rounds.getFirst().processors.keySet()) {
            processors.put(who, middle(rounds, round -> round.processors.getOrDefault(who, 0.0)));
        }
        return new SyncBenchResult(
                spread(rounds.stream().map(SyncBenchResult::lagMs).toList()),
                spread(rounds.stream().map(SyncBenchResult::paceMs).toList()),
                middle(rounds, SyncBenchResult::rate),
                rounds.stream().mapToInt(SyncBenchResult::connections).sum(),
                rounds.stream().mapToInt(SyncBenchResult::lost).sum(),
                rounds.stream().mapToInt(SyncBenchResult::warmUpLost).sum(),
                middle(rounds, SyncBenchResult::recordsPerSecond),
                middle(rounds, SyncBenchResult::datagramsPerSecond),
                losses,
                warmUpLosses,
                processors,
                middle(rounds, SyncBenchResult::machineLoad));
    }

    private static Spread spread(List<Spread> spreads) {
        return new Spread(
                middle(spreads, Spread::p50),
                middle(spreads, Spread::p99),
                middle(spreads, Spread::p999),
                middle(spreads, Spread::max));
    }

    private static <T> double middle(List<T> rounds, ToDoubleFunction<T> value) {
        List<Double> sorted =
                rounds.stream()
                        .map(value::applyAsDouble)
                        .sorted(Comparator.naturalOrder())
                        .toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
