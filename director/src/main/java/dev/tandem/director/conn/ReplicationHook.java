package dev.tandem.director.conn;

/** Told by {@link Connections} what the peer may have to know. Called on the worker thread. */
public interface ReplicationHook {
    /** Nobody to tell. */
    ReplicationHook NONE = (_, _) -> {};

    /** A client's packet went through this entry; its state, timer and counters are up to date. */
    void clientPacket(long entry, long nowNs);
}
