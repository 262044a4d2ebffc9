package dev.tandem.director.control;

/**
 * Whether a backup's table is its master's, so that it could take over. A master, and a node that
 * has no master to ask, is synced by definition.
 *
 * @param synced whether the addresses may be taken with this table
 * @param compared whether that was found out by comparing with a master's table since this node
 *     became a backup; false where there was none to ask
 * @param entries connections in the master's table that it has announced, or will announce to
 *     whoever joins
 * @param missing how many of them this node has not, or has otherwise
 * @param lagMs for so long the two tables have been known to differ; 0 when they are equal
 * @param whyNot empty when synced, else the reason in words for an operator
 */
public record Readiness(
        boolean synced, boolean compared, long entries, long missing, long lagMs, String whyNot) {
    /** Of a node without replication: its table is as good as any other's. */
    public static final Readiness NOT_REPLICATED = new Readiness(true, true, 0, 0, 0, "");

    /** Of a master, and of a node that has nobody to ask. */
    public static final Readiness NOBODY_TO_ASK = new Readiness(true, false, 0, 0, 0, "");

    /** The part of the master's connections that this node has, 0 to 1. */
    public double coverage() {
        return entries <= 0 ? 1.0 : 1.0 - (double) Math.min(missing, entries) / entries;
    }
}
