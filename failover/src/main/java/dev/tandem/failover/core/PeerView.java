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
 * @param left whether the group has reported its process gone since
 * @param leftNs when it did; meaningless while {@code left} is false
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
        boolean left,
        long leftNs) {

    /** Whether it was heard within the detection time and has not said goodbye. */
    public boolean isAlive(Settings settings, long nowNs) {
        return state != State.STOPPED && nowNs - heardNs < settings.detectionNs();
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
     * Whether a heartbeat is a duplicate, was overtaken, or is a straggler of a process before this
     * one. The uptime of a machine that was booted anew is lower: once a process has been silent
     * for the detection time, any other is believed.
     */
    boolean isStale(Event.Heartbeat heartbeat, Settings settings, long nowNs) {
        if (heartbeat.incarnation() == incarnation) {
            return heartbeat.sequence() <= sequence;
        }
        return heartbeat.incarnation() < incarnation && isAlive(settings, nowNs);
    }

    static PeerView first(Event.Heartbeat heartbeat, long nowNs) {
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

    /**
     * This view after another heartbeat. One that comes within an interval after the group lost the
     * process may have been under way when it died, and does not revive it; a later one does.
     */
    PeerView next(Event.Heartbeat heartbeat, Settings settings, long nowNs) {
        boolean sameProcess = heartbeat.incarnation() == incarnation;
        return new PeerView(
                node,
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
                left && sameProcess && nowNs - leftNs < settings.intervalNs(),
                leftNs);
    }

    PeerView left(boolean nowLeft, long nowNs) {
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
                nowLeft,
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
                left,
                leftNs);
    }
}
