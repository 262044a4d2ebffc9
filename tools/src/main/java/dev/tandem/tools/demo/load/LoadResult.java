package dev.tandem.tools.demo.load;

import java.util.Map;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What became of the connections that were not lost at the last result.
 *
 * @param kept those on which every message was answered, every byte right
 * @param lost how many others there are, by reason
 * @param bytesVerified bytes of echoes that were as they should be, since the last result
 * @param calm waits for an echo before the fault, in microseconds, all messages
 * @param waits of each kept connection the longest wait for an echo that ended after the fault, in
 *     microseconds
 * @param longestEndNs when the longest of these ended, by {@link System#nanoTime}
 * @param byServer kept connections by the number of their server
 */
public record LoadResult(
        int kept,
        Map<Loss, Integer> lost,
        long bytesVerified,
        Histogram calm,
        Histogram waits,
        long longestEndNs,
        SortedMap<Integer, Integer> byServer) {

    public int lostConnections() {
        return lost.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int corrupt() {
        return lost.getOrDefault(Loss.CORRUPT, 0);
    }
}
