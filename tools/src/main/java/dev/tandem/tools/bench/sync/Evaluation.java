package dev.tandem.tools.bench.sync;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the stamps and the counters say, once all is over. */
record Evaluation(SyncBenchOptions options, Stamps stamps, Generator generator) {

    /**
     * @param sent what the master counted while it was measured
     * @param taken what the backup counted
     * @param warmUpLosses what both had lost before
     */
    SyncBenchResult result(
            Counts sent,
            Counts taken,
            Map<String, Long> warmUpLosses,
            Map<String, Double> processors,
            double machineLoad) {
        int first = options.warmUpConnections();
        int count = options.connections();
        long[] lags = new long[count - first];
        long[] lates = new long[count - first];
        int arrived = 0;
        for (int i = first; i < count; i++) {
            lates[i - first] = Math.max(0, generator.lateNs(i));
            if (stamps.applied(i) != 0) {
                lags[arrived++] = stamps.applied(i) - stamps.sent(i);
            }
        }
        long[] lagsOfArrived = Arrays.copyOf(lags, arrived);
        double seconds =
                (double) (stamps.sent(count - 1) - stamps.sent(first))
                        / TimeUnit.SECONDS.toNanos(1);
        return new SyncBenchResult(
                Spread.of(lagsOfArrived),
                Spread.of(lates),
                (count - 1 - first) / seconds,
                count - first,
                count - first - arrived,
                warmUpLost(first),
                sent.records() / seconds,
                sent.datagrams() / seconds,
                losses(sent, taken),
                warmUpLosses,
                processors,
                machineLoad);
    }

    private int warmUpLost(int first) {
        int lost = 0;
        for (int i = 0; i < first; i++) {
            if (stamps.applied(i) == 0) {
                lost++;
            }
        }
        return lost;
    }

    private Map<String, Long> losses(Counts sent, Counts taken) {
        Map<String, Long> losses = lossesOf(sent, taken);
        if (generator.sendFailed() > 0) {
            losses.put("generator, sendFailed", generator.sendFailed());
        }
        return losses;
    }

    /** The losses of both directors. */
    static Map<String, Long> lossesOf(Counts sent, Counts taken) {
        Map<String, Long> losses = new TreeMap<>();
        sent.losses().forEach((loss, count) -> losses.put("master, " + loss, count));
        taken.losses().forEach((loss, count) -> losses.put("backup, " + loss, count));
        return losses;
    }
}
