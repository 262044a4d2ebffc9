package dev.tandem.director.conn;

/** Told by {@link Connections} what the peer may have to know. Called on the worker thread. */
public interface ReplicationHook {
    /** Nobody to tell. */
    ReplicationHook NONE =
            new ReplicationHook() {
                @Override
                public void clientPacket(long entry, long nowNs) {}

                @Override
                public void serverPacket(long entry, long nowNs) {}

                @Override
                public void kept(long entry, long nowNs) {}
            };

    /** A client's packet went through this entry; its state, timer and counters are up to date. */
    void clientPacket(long entry, long nowNs);

    /** A server's packet has changed this entry's state, which is up to date. */
    void serverPacket(long entry, long nowNs);

    /** This entry's time was over, but it lives on, for others stand under it. */
    void kept(long entry, long nowNs);
}
