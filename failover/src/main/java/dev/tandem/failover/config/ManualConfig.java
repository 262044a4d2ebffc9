package dev.tandem.failover.config;

/**
 * What a node is told that takes and releases the addresses by command.
 *
 * @param cluster name of the pair, for status and reports
 * @param node this node's name, for status and reports
 * @param leaseMs for so long an owner may own the addresses without a sign of life from its own
 *     thread, 10 to 60000, default 200
 * @param drainMs for so long a node that released still forwards what is under way, 0 to 60000,
 *     default 200
 * @param standalone whether there is nobody beside it: it takes the addresses when it starts and
 *     after a fault, without asking the wire, until it is told to release them
 */
public record ManualConfig(
        String cluster, String node, int leaseMs, int drainMs, boolean standalone) {
    public static final int DEFAULT_LEASE_MS = 200;
    public static final int DEFAULT_DRAIN_MS = 200;
}
