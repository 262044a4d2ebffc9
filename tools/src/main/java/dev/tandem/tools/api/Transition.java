package dev.tandem.tools.api;

import java.util.List;
import java.util.Map;

/**
 * The account of one change of a node's state; also what the files in the directory {@code
 * transitions} of the reports hold.
 *
 * @param at when it happened, ISO 8601 in UTC
 * @param from the former state; empty for the first one of a process
 * @param to the new state
 * @param lastedMs for so long the former state lasted; 0 for the first one of a process
 * @param epoch the epoch that the node lives in after it
 * @param master whom it knows as master after it; empty when it knows none
 * @param cause why, in words
 * @param evidence what a failover rested on that ended in this state; else empty
 * @param phasesMs what took how long in that failover, in milliseconds; else empty
 * @param connections entries in the new master's table after that failover; else -1
 * @param priority of the node at that moment
 * @param votesFor for whom it votes; empty: for nobody
 * @param voteEpoch of its last vote
 * @param whyNotReady why it could not take over; empty when it could
 * @param peers what it had last heard of each other node
 */
public record Transition(
        String at,
        String cluster,
        String node,
        String from,
        String to,
        long lastedMs,
        long epoch,
        String master,
        String cause,
        String evidence,
        Map<String, Double> phasesMs,
        int connections,
        int priority,
        String votesFor,
        long voteEpoch,
        String whyNotReady,
        List<Status.Peer> peers) {

    /** This one as what began or ended the failover of a report. */
    public Transition partOf(Report report) {
        return new Transition(
                at,
                cluster,
                node,
                from,
                to,
                lastedMs,
                epoch,
                master,
                cause,
                report.evidence(),
                report.phasesMs(),
                report.connections(),
                priority,
                votesFor,
                voteEpoch,
                whyNotReady,
                peers);
    }
}
