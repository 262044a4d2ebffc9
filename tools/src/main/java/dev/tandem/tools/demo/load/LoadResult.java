package dev.tandem.tools.demo.load;

import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What a load saw.
 *
 * @param connections connections that were asked for
 * @param kept those on which every message was answered, every byte right
 * @param lost how many others there are, by reason
 * @param bytesVerified bytes of echoes that were as they should be
 * @param calm waits for an echo before the fault, in microseconds, all messages
 * @param gaps of each kept connection the longest wait for an echo that ended after the fault, in
 *     microseconds
 * @param firstEchoNs when the first echo came after the address had moved
 * @param longestEndNs when the longest of these waits ended
 * @param byServer kept connections by the number of their server
 * @param corrupt echoes that were not as they should be
 */
public record LoadResult(
        int connections,
        int kept,
        Map<Loss, Integer> lost,
        long bytesVerified,
        Histogram calm,
        Histogram gaps,
        OptionalLong firstEchoNs,
        OptionalLong longestEndNs,
        SortedMap<Integer, Integer> byServer,
        int corrupt,
        Datagrams datagrams) {

    /**
     * What became of the UDP flow.
     *
     * @param lost never answered
     * @param late answered after more than 50 ms
     * @param corrupt answers that were not as they should be
     * @param longestSilenceMs longest time between two echoes, the second after the fault
     */
    public record Datagrams(int sent, int lost, int late, int corrupt, long longestSilenceMs) {}

    public int lostConnections() {
        return connections - kept;
    }
}
