package dev.tandem.tools.demo;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo saw; this is the JSON that {@code --json} writes.
 *
 * @param fault as it is typed
 * @param arbiter none, witness or gateway
 * @param forwarding nat or dr
 */
record DemoResult(
        String fault,
        String arbiter,
        boolean sync,
        String forwarding,
        boolean offloads,
        List<Round> rounds,
        Verdict verdict) {
    /**
     * A fault, and what came of it until the pair was ready again.
     *
     * @param gapMs the longest time from a question of the probe, a client that asks each
     *     millisecond, until it or a later one was answered: nobody was served meanwhile; from the
     *     fault until half a second after the clients' network saw the addresses move
     * @param laterGapMs the same from then on, two seconds at least
     * @param calmGapMs the same in two seconds before the fault: noise
     * @param waitMs over the connections that were kept, of each the longest time that a message
     *     which was under way at the fault, or sent later, waited for its echo; null when none was
     *     kept
     * @param calmMs the same waits before the fault, all messages
     * @param busy whether messages waited so long before the fault that nothing can be timed
     * @param bytesVerified bytes found right by the client and by the servers together
     * @param bytesWrong messages of which a byte was wrong, at either end
     * @param servers kept connections by server
     * @param cause by the new master's report, as evidence and phases: what took how long
     * @param timeline what happened when, in milliseconds from the fault
     */
    record Round(
            int round,
            Connections connections,
            double gapMs,
            double laterGapMs,
            double calmGapMs,
            @Nullable Percentiles waitMs,
            Percentiles calmMs,
            boolean busy,
            Probe probe,
            Owner owner,
            long bytesVerified,
            int bytesWrong,
            Map<String, Integer> servers,
            String cause,
            String evidence,
            Map<String, Double> phasesMs,
            List<Moment> timeline) {}

    /**
     * Connections.
     *
     * @param before established before the fault
     * @param kept every message answered with the right bytes, to the end
     * @param lostBy the others by reason
     */
    record Connections(int before, int kept, int lost, Map<String, Integer> lostBy) {}

    record Percentiles(double p50, double p99, double max) {}

    /** The probe's datagrams, one each millisecond. */
    record Probe(int sent, int lost) {}

    /**
     * Who had the address.
     *
     * @param before by the neighbour table of the client's host
     * @param after the same, after the fault
     * @param changes how often somebody else answered the clients' network than before
     * @param epochs new epochs meanwhile: each change needs one
     * @param doubles questions that two answered
     * @param returns how often one answered again within 150 ms after another one did
     * @param two whether two had it at once
     */
    record Owner(
            String before,
            String after,
            int changes,
            long epochs,
            int doubles,
            int returns,
            boolean two) {}

    record Moment(double ms, String what) {}

    /**
     * What all rounds come to.
     *
     * @param lost connections in all rounds
     * @param gapMs over the rounds that were not too busy; null when all were
     * @param laterGapMs over the same rounds
     * @param waitMs the longest wait of each round
     * @param problems why it did not pass, in words; empty when it did
     */
    record Verdict(
            boolean passed,
            int rounds,
            int lost,
            int roundsWithTwoOwners,
            int roundsTooBusy,
            double barMs,
            @Nullable Spread gapMs,
            @Nullable Spread laterGapMs,
            @Nullable Spread waitMs,
            List<String> problems) {}

    record Spread(double min, double median, double max) {}
}
