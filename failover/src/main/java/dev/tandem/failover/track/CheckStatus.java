package dev.tandem.failover.track;

/**
 * How a check stands.
 *
 * @param name what is looked at
 * @param state UNKNOWN, GOOD or FAILED
 * @param weight 0: its failure is a fault of the node
 * @param points what it adds to the priority at present
 * @param reason why it fails; empty when it does not
 * @param sinceMs for so long it has stood so
 * @param failures results that were bad, since the start
 */
public record CheckStatus(
        String name,
        String state,
        int weight,
        int points,
        String reason,
        long sinceMs,
        long failures) {}
