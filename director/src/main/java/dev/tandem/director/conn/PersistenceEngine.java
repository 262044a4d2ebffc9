package dev.tandem.director.conn;

import dev.tandem.director.packet.Packet;

/**
 * Finds in a packet what makes clients one to persistence, beyond their addresses. Called on the
 * worker thread; allocates nothing.
 */
public interface PersistenceEngine {
    /** The name by which services ask for it, 1 to 16 bytes. */
    String name();

    /**
     * Fills the engine's name and data from the packet's payload.
     *
     * @param data cleared before
     */
    Result fill(Packet packet, EngineData data);

    /** What became of it. */
    enum Result {
        /** The data are there. */
        FOUND,
        /** None there; persistence is by the client's address alone. */
        BY_ADDRESS,
        /** None there; the packet is to be dropped. */
        REFUSED
    }
}
