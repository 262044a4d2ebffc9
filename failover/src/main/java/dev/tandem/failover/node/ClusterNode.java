package dev.tandem.failover.node;

import java.io.IOException;

/**
 * Who decides whether a director owns its addresses: a state machine among peers, or an operator.
 * Methods may be called from any thread.
 */
public sealed interface ClusterNode extends AutoCloseable permits FailoverNode, ManualNode {

    /**
     * Begins to decide; once.
     *
     * @throws IOException when a socket cannot be opened
     */
    void start() throws IOException;

    /** The node as it is now. */
    NodeStatus status();

    /** Gives the addresses up in order, and waits for it. */
    @Override
    void close();
}
