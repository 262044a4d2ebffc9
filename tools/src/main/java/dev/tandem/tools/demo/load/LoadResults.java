package dev.tandem.tools.demo.load;

import java.util.EnumMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Sums connections up. */
final class LoadResults {
    private LoadResults() {}

    /**
     * Of those that were not lost in a result before.
     *
     * @param opened how many of the connections there are so far
     * @param calm waits for an echo while nothing disturbed, in microseconds
     */
    static LoadResult of(Connection[] connections, int opened, Histogram calm) {
        var lost = new EnumMap<Loss, Integer>(Loss.class);
        var byServer = new TreeMap<Integer, Integer>();
        var waits = new Histogram(3);
        int kept = 0;
        long bytes = 0;
        long longestNs = 0;
        long longestEndNs = 0;
        for (int i = 0; i < opened; i++) {
            Connection connection = connections[i];
            bytes += connection.takeAnswered() * Message.LENGTH;
            Loss loss = connection.established() ? connection.loss() : Loss.REFUSED;
            if (loss == null) {
                kept++;
                byServer.merge(connection.server(), 1, Integer::sum);
                waits.recordValue(connection.longestWaitNs / 1_000);
                if (connection.longestWaitNs > longestNs) {
                    longestNs = connection.longestWaitNs;
                    longestEndNs = connection.longestWaitEndNs;
                }
            } else if (!connection.countLoss()) {
                lost.merge(loss, 1, Integer::sum);
            }
        }
        if (opened < connections.length) {
            lost.merge(Loss.REFUSED, connections.length - opened, Integer::sum);
        }
        return new LoadResult(kept, lost, bytes, calm, waits, longestEndNs, byServer);
    }
}
