package dev.tandem.tools.bench.join;

import java.util.List;

/**
 * What was measured.
 *
 * @param connections in the master's table that were announced
 * @param medianMs of all joins
 * @param joins one for each round
 * @param restUs round trips through the master before, in microseconds
 * @param joiningUs round trips while a joiner took the table
 * @param machineLoad the machine's load average before the joins
 */
public record JoinResult(
        long connections,
        long medianMs,
        List<Join> joins,
        RoundTrips.Spread restUs,
        RoundTrips.Spread joiningUs,
        double machineLoad) {
    public JoinResult {
        joins = List.copyOf(joins);
    }

    /**
     * A process that joined.
     *
     * @param ms from finding the master to having each part of its table
     * @param startedMs from the start of its process to that
     * @param records taken
     * @param bytes of their messages
     * @param missing connections after the join; 0 when it was good
     */
    public record Join(long ms, long startedMs, long records, long bytes, long missing) {}

    /** Whether every joiner got the whole table. */
    public boolean isWhole() {
        return joins.stream().allMatch(join -> join.missing() == 0);
    }
}
