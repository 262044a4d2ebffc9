package dev.tandem.failover.core;

/**
 * What a node is fit for, as its director, its trackers and its operator say.
 *
 * @param priority 1 to 254, of the configuration until something tracked changes it
 * @param holdsTable whether it has, or has had since it started, all the connections of a master:
 *     it was one, or was synced with one
 * @param synced whether its table equals the master's now
 * @param whyNotSynced in words; empty when it is
 * @param maintenance whether the operator keeps it from owning the addresses
 */
public record Condition(
        int priority,
        boolean holdsTable,
        boolean synced,
        String whyNotSynced,
        boolean maintenance) {

    static Condition start(Settings settings) {
        return new Condition(
                settings.priority(), false, false, "was never synced with a master", false);
    }

    Condition prioritised(int nextPriority) {
        return new Condition(nextPriority, holdsTable, synced, whyNotSynced, maintenance);
    }

    /** Equal to the master's table, or not. */
    Condition synced(boolean nowSynced, String whyNot) {
        return new Condition(priority, holdsTable || nowSynced, nowSynced, whyNot, maintenance);
    }

    /** The master's table is this node's. */
    Condition owning() {
        return new Condition(priority, true, true, "", maintenance);
    }

    Condition inMaintenance(boolean on) {
        return new Condition(priority, holdsTable, synced, whyNotSynced, on);
    }
}
