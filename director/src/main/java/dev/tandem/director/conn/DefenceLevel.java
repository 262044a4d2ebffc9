package dev.tandem.director.conn;

/**
 * Which defences are on: modes as the kernel shows them, 2 and 3 being on.
 *
 * @param memoryLow whether few cells of the connection table are free
 * @param dropEntry 0 to 3
 * @param dropPacket 0 to 3
 * @param secureTcp 0 to 3
 * @param dropRate one of so many new connections is dropped; 0: none
 */
public record DefenceLevel(
        boolean memoryLow, int dropEntry, int dropPacket, int secureTcp, int dropRate) {
    /** None, as at the beginning. */
    static final DefenceLevel OFF = new DefenceLevel(false, 0, 0, 0, 0);
}
