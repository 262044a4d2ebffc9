package dev.tandem.failover.core;

/**
 * What a node knows of another by its heartbeats.
 *
 * @param said its newest heartbeat
 * @param heardNs when that came
 * @param died whether its process was proven dead since
 * @param diedNs when it was; meaningless while {@code died} is false
 */
public record PeerView(Event.Heartbeat said, long heardNs, boolean died, long diedNs) {

    /** A peer as a heartbeat shows it. */
    static PeerView of(Event.Heartbeat heartbeat, long nowNs) {
        return new PeerView(heartbeat, nowNs, false, nowNs);
    }

    /** Its name. */
    public String node() {
        return said.node();
    }

    /** What it said it was. */
    public State state() {
        return said.state();
    }

    /** The epoch it said it lived in. */
    public long epoch() {
        return said.epoch();
    }

    /** For whom it votes. */
    public Vote vote() {
        return said.vote();
    }

    /** Whether it was heard within the detection time, did not die and has not said goodbye. */
    public boolean isAlive(Settings settings, long nowNs) {
        return state() != State.STOPPED && !died && nowNs - heardNs < settings.detectionNs();
    }

    /**
     * Whether it goes before this node where two could own the addresses: who has the connections,
     * then the higher priority, then the lower name.
     */
    boolean outranks(Settings settings, Condition own) {
        if (said.holdsTable() != own.holdsTable()) {
            return said.holdsTable();
        }
        return said.priority() != own.priority()
                ? said.priority() > own.priority()
                : node().compareTo(settings.node()) < 0;
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
        if (heartbeat.incarnation() == said.incarnation()) {
            return heartbeat.sequence() <= said.sequence()
                    || (died && nowNs - diedNs < settings.detectionNs());
        }
        return heartbeat.incarnation() < said.incarnation() && isAlive(settings, nowNs);
    }

    PeerView diedAt(long nowNs) {
        return new PeerView(said, heardNs, true, nowNs);
    }

    /** Heard later by the time that this node itself was away and could hear nobody. */
    PeerView heardLaterBy(long awayNs, long nowNs) {
        long later = heardNs + awayNs;
        return new PeerView(said, later - nowNs > 0 ? nowNs : later, died, diedNs);
    }
}
