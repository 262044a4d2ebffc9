package dev.tandem.failover.core;

import java.util.List;

/**
 * What the state machine of one node is told. All times in nanoseconds.
 *
 * @param node this node's name
 * @param priority 1 to 254; the higher of two eligible nodes becomes master
 * @param preempt whether to ask a healthy master of lower priority to hand over
 * @param preemptDelayNs for so long this node must have been ready before it asks
 * @param intervalNs time between two heartbeats of a node
 * @param detectionNs silence of a node after which it counts as lost
 * @param leaseNs for so long a master may own the addresses without a turn of its own machine;
 *     shorter than {@code detectionNs}, so that a master that hangs has lost its lease before
 *     anybody takes its place
 * @param drainNs for so long a master that handed over forwards what is under way
 * @param probeNs for so long a candidate listens for an answer to its ARP probe
 * @param holdDownNs for so long after a failover a master that merely fell silent is not replaced
 *     again; a process that died is
 * @param handoverNs for so long each step of a handover may take before the master takes back
 * @param promoteStaleNs for so long nobody owns the addresses while the node that has the
 *     connections may come back, before one without them stands; {@link Long#MAX_VALUE}: for ever
 * @param faultClearNs for so long a director's fault must be gone before the node takes part again
 * @param peers names of the other nodes
 * @param voters names of all nodes that vote, this one included; owning takes the votes of more
 *     than half of them. Empty: no arbiter
 * @param witness whether this node votes and does nothing else
 * @param gateway whose answers decide where there are no voters, as people write its address.
 *     Empty: no gateway does
 */
public record Settings(
        String node,
        int priority,
        boolean preempt,
        long preemptDelayNs,
        long intervalNs,
        long detectionNs,
        long leaseNs,
        long drainNs,
        long probeNs,
        long holdDownNs,
        long handoverNs,
        long promoteStaleNs,
        long faultClearNs,
        List<String> peers,
        List<String> voters,
        boolean witness,
        String gateway) {
    public Settings {
        peers = List.copyOf(peers);
        voters = List.copyOf(voters);
    }

    /** Whether owning the addresses takes a majority of votes. */
    public boolean hasArbiter() {
        return !voters.isEmpty();
    }

    /** Whether owning the addresses takes the answers of a gateway. */
    public boolean hasGateway() {
        return !gateway.isEmpty();
    }

    /** So many votes, this node's own included, are more than half. */
    int majority() {
        return voters.size() / 2 + 1;
    }
}
