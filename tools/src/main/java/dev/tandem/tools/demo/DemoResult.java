package dev.tandem.tools.demo;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo saw; this is the JSON that {@code --json} writes.
 *
 * @param fault as it is typed
 * @param arbiter none or witness
 * @param forwarding nat or dr
 * @param bytesVerified bytes found right by the client and by the servers together
 * @param bytesWrong messages of which a byte was wrong, at either end
 * @param gapMs over the connections that were kept, of each the longest time that a message which
 *     was under way at the fault, or sent later, waited for its echo; null when none was kept
 * @param calmMs the same waits before the fault, all messages
 * @param servers kept connections by server
 * @param phasesMs from the new master's report: what took how long
 * @param timeline what happened when, in milliseconds from the fault
 */
record DemoResult(
        String fault,
        String arbiter,
        boolean sync,
        String forwarding,
        boolean offloads,
        Connections connections,
        long bytesVerified,
        int bytesWrong,
        @Nullable Percentiles gapMs,
        Percentiles calmMs,
        Udp udp,
        Map<String, Integer> servers,
        Owner owner,
        String cause,
        String evidence,
        Map<String, Double> phasesMs,
        List<Moment> timeline) {

    /**
     * Connections.
     *
     * @param before established before the fault
     * @param kept every message answered with the right bytes, to the end
     * @param lostBy the others by reason
     */
    record Connections(int before, int kept, int lost, Map<String, Integer> lostBy) {}

    record Percentiles(double p50, double p99, double max) {}

    /**
     * The UDP flow, a datagram each 10 ms.
     *
     * @param late answered after more than 50 ms
     * @param longestSilenceMs longest time between two echoes, the second after the fault
     */
    record Udp(int sent, int lost, int late, long longestSilenceMs) {}

    /** Who had the address by the neighbour table of the client's host. */
    record Owner(String before, String after) {}

    record Moment(double ms, String what) {}
}
