package dev.tandem.failover.core;

import java.util.List;

/** What a node has to do after a step, in the order of the list. */
public sealed interface Action {

    /** Let the director own and forward until then. */
    record Lease(long untilNs) implements Action {}

    /** Let it own and forward no more. */
    record EndLease() implements Action {}

    /** Keep this vote on disk; what comes after in the list waits for it. */
    record Persist(long epoch, String holder) implements Action {}

    /** Ask the wire who lives at the addresses, and answer with {@link Event.Probed}. */
    record Probe(long visit, long waitNs) implements Action {}

    /** Take the addresses, and answer with {@link Event.Taken}. */
    record Take(long visit) implements Action {}

    /** Say once more to the wire that the addresses live here. */
    record Announce() implements Action {}

    /** Be silent for the addresses, forward stragglers for so long; {@link Event.Released}. */
    record Release(long visit, long drainNs) implements Action {}

    /** Send what the peer has not yet of the connections; {@link Event.Flushed}. */
    record FlushSync(long visit) implements Action {}

    /** Tell every peer now, not at the next interval, what this node is. */
    record SendHeartbeat() implements Action {}

    /** Give the addresses to a peer. */
    record SendGrant(String to, long epoch) implements Action {}

    /** Tell the node that gave the addresses that they were taken. */
    record Acknowledge(String to, long epoch, int connections, long tookNs) implements Action {}

    /** Ask the master to do what this node cannot; {@code id} is empty when nobody waits. */
    record ForwardCommand(String id, String to, String target, boolean forced) implements Action {}

    /** Tell who gave the command that it is done; one that moves the addresses has a report. */
    record Settled(String id) implements Action {}

    /** Tell who gave the command why it is not done. */
    record Refuse(String id, String reason) implements Action {}

    /**
     * A failover is over: tell whoever listens, and who gave the command if there was one.
     *
     * @param id of the command; empty when there was none or its giver is answered elsewhere
     */
    record Report(
            String id,
            String cause,
            String from,
            String to,
            long epoch,
            List<Phase> phases,
            int connections,
            String evidence)
            implements Action {
        public Report {
            phases = List.copyOf(phases);
        }
    }

    /** A part of a failover and how long it took. */
    record Phase(String name, long durationNs) {}
}
