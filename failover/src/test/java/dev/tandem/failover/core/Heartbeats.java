package dev.tandem.failover.core;

/** Heartbeats that differ from others in one thing. */
final class Heartbeats {
    private Heartbeats() {}

    static Event.Heartbeat withEcho(Event.Heartbeat heard, long echoNs) {
        return new Event.Heartbeat(
                heard.node(),
                heard.incarnation(),
                heard.sequence(),
                heard.state(),
                heard.epoch(),
                heard.priority(),
                heard.holdsTable(),
                heard.syncLag(),
                heard.connections(),
                heard.sentNs(),
                new Vote(heard.vote().epoch(), heard.vote().holder(), echoNs));
    }
}
