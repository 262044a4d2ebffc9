package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl.Vitals;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.track.Tracking;
import java.util.function.Consumer;

/**
 * Turns the director's vitals and what is tracked beside it into events: a fault, its end, another
 * priority, somebody else at our addresses, and a packet loop that stands still. All faults are one
 * to the machine, so that the end of one does not hide another. Confined to the failover thread.
 */
final class DirectorWatch {
    private final long stillLimitNs;
    private final Consumer<Event> events;
    private String fault = "";
    private long progress;
    private long progressNs;
    private long conflicts;
    private int priority;

    /**
     * @param stillLimitNs a packet loop that has not turned for so long hangs
     * @param priority what the machine knows
     */
    DirectorWatch(
            long stillLimitNs, Vitals vitals, int priority, Consumer<Event> events, long nowNs) {
        this.priority = priority;
        this.stillLimitNs = stillLimitNs;
        this.events = events;
        this.progress = vitals.progress();
        this.progressNs = nowNs;
        this.conflicts = vitals.addressConflicts();
    }

    /** This thread was away, and so may the packet loop have been, for no fault of its own. */
    void paused(long awayNs) {
        progressNs += awayNs;
    }

    void look(Vitals vitals, Tracking.Sum tracked, long nowNs) {
        if (vitals.progress() != progress) {
            progress = vitals.progress();
            progressNs = nowNs;
        }
        long stillNs = nowNs - progressNs;
        String now = vitals.fault();
        if (now.isEmpty() && stillNs > stillLimitNs) {
            now = "the packet loop stands still";
        }
        now = join(now, tracked.fault());
        if (!now.equals(fault)) {
            fault = now;
            events.accept(
                    now.isEmpty() ? new Event.DirectorCleared() : new Event.DirectorFault(now));
        }
        if (tracked.priority() != priority) {
            priority = tracked.priority();
            events.accept(new Event.Priority(priority));
        }
        if (vitals.addressConflicts() != conflicts) {
            conflicts = vitals.addressConflicts();
            events.accept(new Event.AddressConflict());
        }
    }

    private static String join(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }
}
