package dev.tandem.failover.core;

/**
 * What can happen to a node. Answers of the director carry the {@code visit} of the action they
 * answer ({@link Situation#visit}), so that an answer that comes after the state it was meant for
 * is recognised and ignored.
 */
public sealed interface Event {

    /**
     * Time has passed; comes several times per heartbeat interval, after the socket was drained.
     */
    record Tick() implements Event {}

    /**
     * A heartbeat of a peer.
     *
     * @param node who sent it
     * @param incarnation when its process started, in ms of its machine's uptime
     * @param sequence grows by one with each heartbeat of a process
     * @param state what it is; {@code STOPPED} is a goodbye
     * @param epoch the highest epoch it knows; a master's own
     * @param priority 1 to 254
     * @param holdsTable {@link Condition#holdsTable}
     * @param seesGateway whether the gateway that is the arbiter answers the sender
     * @param syncLag records that keep a backup from having what the master has: a master's that it
     *     has not sent, a backup's that it misses
     * @param connections entries in its table
     * @param sentNs when it was sent, by the sender's own {@link System#nanoTime()}
     * @param vote for whom the sender votes
     */
    record Heartbeat(
            String node,
            long incarnation,
            long sequence,
            State state,
            long epoch,
            int priority,
            boolean holdsTable,
            boolean seesGateway,
            int syncLag,
            int connections,
            long sentNs,
            Vote vote)
            implements Event {}

    /**
     * A peer's process is proven dead, and with it its packet path: its kernel has closed what the
     * process had and refuses what it listened for, or another process listens there by now.
     * Silence, a timeout, a closed connection alone are no such proof.
     *
     * @param incarnation which process it was
     */
    record PeerDied(String node, long incarnation) implements Event {}

    /**
     * This node's own thread was away for so long: nobody could be heard, nothing could be said.
     */
    record Paused(long awayNs) implements Event {}

    /** The probe is over; {@code answeredBy} is empty when nobody lives at the addresses. */
    record Probed(long visit, String answeredBy) implements Event {}

    /** The director has the addresses and the first gratuitous ARP has left. */
    record Taken(long visit, int connections) implements Event {}

    /** Every connection the peer had not yet was sent. */
    record Flushed(long visit) implements Event {}

    /** The director is silent for the addresses. */
    record Released(long visit) implements Event {}

    /** The director did not do what it was asked; {@code what} says what and why. */
    record Failed(long visit, String what) implements Event {}

    /**
     * An operator, or a peer on its behalf, wants the addresses moved.
     *
     * @param id by which the answer finds the asker
     * @param target who shall be master; empty for any that is ready
     * @param forced though the target has never had all the connections, or lags
     * @param forwarded whether another node passed it on; it is not passed on again
     */
    record HandoverCommand(String id, String target, boolean forced, boolean forwarded)
            implements Event {}

    /** A master that hands over gives this node the addresses, in this epoch. */
    record Granted(String from, long epoch) implements Event {}

    /** The node that was granted the addresses has them, after {@code tookNs}. */
    record Acknowledged(String from, long epoch, int connections, long tookNs) implements Event {}

    /** The grant of this epoch could not be sent: its receiver is not in the group. */
    record GrantLost(long epoch) implements Event {}

    /** The director cannot work. */
    record DirectorFault(String cause) implements Event {}

    /**
     * The vote of the last step could not be kept on disk, and nothing that was to follow it was
     * done.
     */
    record VoteLost(String why) implements Event {}

    /**
     * The operator keeps this node from owning the addresses, or does not any more.
     *
     * @param id by which the answer finds the asker
     */
    record Maintenance(String id, boolean on) implements Event {}

    /** What is tracked has changed the node's priority, 1 to 254. */
    record Priority(int priority) implements Event {}

    /**
     * The director's table equals the master's, or does not any more.
     *
     * @param whyNot in words; empty when it does
     */
    record Table(boolean synced, String whyNot) implements Event {}

    /** The director can work again. */
    record DirectorCleared() implements Event {}

    /**
     * The gateway has answered a question.
     *
     * @param sentNs when this node had sent its newest heartbeat as it asked: nobody who may take
     *     its place has found it silent for longer than that
     */
    record GatewayAnswered(long sentNs) implements Event {}

    /** Somebody else was heard claiming an address that this node owns. */
    record AddressConflict() implements Event {}

    /** The node shall leave. */
    record Stop() implements Event {}
}
