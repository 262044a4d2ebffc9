package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl.Vitals;
import dev.tandem.failover.core.Event;
import java.util.function.Consumer;

/**
 * Turns the director's vitals into events: a fault, its end, somebody else at our addresses, and a
 * packet loop that stands still. Confined to the failover thread.
 */
final class DirectorWatch {
    private final long stillLimitNs;
    private final Consumer<Event> events;
    private String fault = "";
    private long progress;
    private long progressNs;
    private long conflicts;

    /**
     * @param stillLimitNs a packet loop that has not turned for so long hangs
     */
    DirectorWatch(long stillLimitNs, Vitals vitals, Consumer<Event> events, long nowNs) {
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

    void look(Vitals vitals, long nowNs) {
        if (vitals.progress() != progress) {
            progress = vitals.progress();
            progressNs = nowNs;
        }
        long stillNs = nowNs - progressNs;
        String now = vitals.fault();
        if (now.isEmpty() && stillNs > stillLimitNs) {
            now = "the packet loop stands still";
        }
        if (!now.equals(fault)) {
            fault = now;
            events.accept(
                    now.isEmpty() ? new Event.DirectorCleared() : new Event.DirectorFault(now));
        }
        if (vitals.addressConflicts() != conflicts) {
            conflicts = vitals.addressConflicts();
            events.accept(new Event.AddressConflict());
        }
    }
}
