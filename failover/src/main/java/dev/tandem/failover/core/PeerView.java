package dev.tandem.failover.core;

/**
 * What a node knows of another by its heartbeats.
 *
 * @param node its name
 * @param incarnation when its process started, by the uptime of its machine
 * @param sequence number of the newest heartbeat within the incarnation
 * @param state what it said it was
 * @param epoch the epoch it said it lived in
 * @param priority its priority
 * @param syncLag records it had marked for sending and not yet sent
 * @param connections entries in its table
 * @param sentNs when it sent the newest heartbeat, by its own clock
 * @param vote for whom it votes
 * @param heardNs when the newest heartbeat came
 * @param died whether its process was proven dead since
 * @param diedNs when it was; meaningless while {@code died} is false
 */
public record PeerView(
        String node,
        long incarnation,
        long sequence,
        State state,
        long epoch,
        int priority,
        int syncLag,
        int connections,
        long sentNs,
        Vote vote,
        long heardNs,
        boolean died,
        long diedNs) {

    /** Whether it was heard within the detection time, did not die and has not said goodbye. */
    public boolean isAlive(Settings settings, long nowNs) {
        return state != State.STOPPED && !died && nowNs - heardNs < settings.detectionNs();
    }

    /**
     * Whether it goes before this node where two are equally fit: the higher priority, then the
     * lower name.
     */
    boolean outranks(Settings own) {
        return priority != own.priority()
                ? priority > own.priority()
                : node.compareTo(own.node()) < 0;
    }

    /**
     * Whether a heartbeat is a duplicate, was overtaken, was under way when its process died, or is
     * a straggler of a process before this one. The uptime of a machine that was booted anew is
     * lower: once a process is dead or has been silent for the detection time, any other is
     * believed. A heartbeat that still comes when the detection time is over since the death was
     * proven shows that the proof was none (somebody between the nodes refuses connections), and is
     * heard.
     */
    boolean isStale(Event.Heartbeat heartbeat, Settings settings, long nowNs) {
        if (heartbeat.incarnation() == incarnation) {
            return heartbeat.sequence() <= sequence
                    || (died && nowNs - diedNs < settings.detectionNs());
        }
        return heartbeat.incarnation() < incarnation && isAlive(settings, nowNs);
    }

    /** A peer as a heartbeat shows it. */
    static PeerView of(Event.Heartbeat heartbeat, long nowNs) {
        return new PeerView(
                heartbeat.node(),
                heartbeat.incarnation(),
                heartbeat.sequence(),
                heartbeat.state(),
                heartbeat.epoch(),
                heartbeat.priority(),
                heartbeat.syncLag(),
                heartbeat.connections(),
                heartbeat.sentNs(),
                heartbeat.vote(),
                nowNs,
                false,
                nowNs);
    }

    PeerView diedAt(long nowNs) {
        return new PeerView(
                node,
                incarnation,
                sequence,
                state,
                epoch,
                priority,
                syncLag,
                connections,
                sentNs,
                vote,
                heardNs,
                true,
                nowNs);
    }

    /** Heard later by the time that this node itself was away and could hear nobody. */
    PeerView heardLaterBy(long awayNs, long nowNs) {
        long later = heardNs + awayNs;
        return new PeerView(
                node,
                incarnation,
                sequence,
                state,
                epoch,
                priority,
                syncLag,
                connections,
                sentNs,
                vote,
                later - nowNs > 0 ? nowNs : later,
                died,
                diedNs);
    }
}
