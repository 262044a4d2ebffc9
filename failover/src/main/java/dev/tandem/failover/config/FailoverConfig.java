package dev.tandem.failover.config;

import java.net.InetAddress;
import java.util.List;

/**
 * What a failover node is told.
 *
 * @param cluster name of the pair; nodes of another cluster on the same wire are ignored
 * @param node this node's name, unique in the cluster
 * @param bind own address on the link to the peers; nothing listens anywhere else
 * @param heartbeatPort UDP port of the heartbeat, on every node the same
 * @param groupPort port of the JGroups transport, on every node the same
 * @param priority 1 to 254; the higher of two eligible nodes becomes master
 * @param preempt whether a node of higher priority takes the addresses back from a healthy master
 * @param preemptDelayMs how long it must have been ready before it does
 * @param heartbeatIntervalMs time between two heartbeats, default 50
 * @param heartbeatCount so many intervals without a heartbeat mean that the peer is lost, default 6
 * @param leaseMs for so long a master may own the addresses without a sign of life from its own
 *     failover thread, default 200
 * @param drainMs for so long a master that handed over still forwards what is under way, default
 *     200
 * @param peers the other nodes
 */
public record FailoverConfig(
        String cluster,
        String node,
        InetAddress bind,
        int heartbeatPort,
        int groupPort,
        int priority,
        boolean preempt,
        int preemptDelayMs,
        int heartbeatIntervalMs,
        int heartbeatCount,
        int leaseMs,
        int drainMs,
        List<Peer> peers) {
    public FailoverConfig {
        peers = List.copyOf(peers);
    }

    /** Another node of the cluster: its name and its address on the link between the nodes. */
    public record Peer(String node, InetAddress address) {}
}
