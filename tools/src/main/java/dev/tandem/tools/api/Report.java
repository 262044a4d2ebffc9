package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The account of one failover; also what the files in the reports directory hold.
 *
 * @param id unique in the cluster
 * @param at when it was over, ISO 8601 in UTC
 * @param cause in words
 * @param from the old master; empty when there was none
 * @param to the new master
 * @param epoch the new master's epoch
 * @param phasesMs what took how long in milliseconds, in the order it happened
 * @param connections entries in the new master's table when it took the addresses; -1 when they
 *     were not counted
 * @param evidence what the decision rested on
 * @param cluster whose addresses moved; empty in reports kept by older versions
 * @param proof what both nodes said before and after; null where it was not planned, or commanded
 *     on another node
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
        String id,
        String at,
        String cause,
        String from,
        String to,
        long epoch,
        Map<String, Double> phasesMs,
        int connections,
        String evidence,
        String cluster,
        @Nullable Proof proof) {
    @SuppressWarnings("NullAway") // it is not in files that older versions kept
    public Report {
        cluster = cluster == null ? "" : cluster;
    }

    /** This one with what both nodes said. */
    public Report proven(Proof both) {
        return new Report(
                id, at, cause, from, to, epoch, phasesMs, connections, evidence, cluster, both);
    }
}
