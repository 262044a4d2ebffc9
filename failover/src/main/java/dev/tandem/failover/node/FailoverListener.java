package dev.tandem.failover.node;

/**
 * Told what a {@link FailoverNode} does. Called on a thread of the node's own that carries nothing
 * else, in order; a slow listener delays only the next call, never a failover.
 */
public interface FailoverListener {

    /** The node went into another state, or knows another master or epoch. */
    void stateChanged(NodeStatus status);

    /** A failover that this node took part in as the new or, by command, the old master is over. */
    void failedOver(FailoverReport report);

    /** Another node has come into the group, perhaps for another time; documents reach it. */
    default void joined(String node) {}

    /** A document of another node, see {@link FailoverNode#send}. */
    default void received(String from, String document) {}
}
