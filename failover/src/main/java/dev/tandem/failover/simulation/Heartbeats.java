package dev.tandem.failover.simulation;

import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.Vote;

/** Heartbeats that differ from others in one thing. */
public final class Heartbeats {
    private Heartbeats() {}

    /** The same heartbeat, as if the voter had heard this one of its holder. */
    public static Event.Heartbeat withEcho(Event.Heartbeat heard, long echoNs) {
        return new Event.Heartbeat(
                heard.node(),
                heard.incarnation(),
                heard.sequence(),
                heard.state(),
                heard.epoch(),
                heard.priority(),
                heard.holdsTable(),
                heard.seesGateway(),
                heard.syncLag(),
                heard.connections(),
                heard.sentNs(),
                new Vote(heard.vote().epoch(), heard.vote().holder(), echoNs));
    }
}
