package dev.tandem.director.conn;

import java.security.SecureRandom;

/**
 * The keyed hash of the connection table's index: 32 bits out of a protocol, a kind and two
 * endpoints. Each direction and each {@link EntryKind} has a key space of its own.
 *
 * <p>Rounds of a 64 by 64 bit multiplication whose halves are folded together, keyed with 256 bits
 * drawn anew by every table. Clients choose their addresses and ports; without the key they cannot
 * choose colliding ones.
 */
final class ConnectionHash {
    private static final long OUT_DIRECTION = 1L << 40;
    private static final int KIND_SHIFT = 41;

    private final long key0;
    private final long key1;
    private final long key2;
    private final long key3;

    ConnectionHash(long key0, long key1, long key2, long key3) {
        this.key0 = key0;
        this.key1 = key1;
        this.key2 = key2;
        this.key3 = key3 | 1;
    }

    /** A hash with a key that nobody knows. */
    static ConnectionHash random() {
        SecureRandom random = new SecureRandom();
        return new ConnectionHash(
                random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** An IPv4 entry's client side. */
    int in(
            int protocol,
            int kind,
            int clientAddress,
            int clientPort,
            int virtualAddress,
            int virtualPort) {
        return mix(
                clientAddress,
                virtualAddress,
                words(protocol, clientPort, virtualPort) | (long) kind << KIND_SHIFT);
    }

    /** An IPv4 connection's server side. */
    int out(int protocol, int clientAddress, int clientPort, int realAddress, int realPort) {
        return mix(
                clientAddress, realAddress, words(protocol, clientPort, realPort) | OUT_DIRECTION);
    }

    /** An IPv6 entry's client side. */
    int in(
            int protocol,
            int kind,
            long clientHigh,
            long clientLow,
            int clientPort,
            long virtualHigh,
            long virtualLow,
            int virtualPort) {
        return mix(
                clientHigh,
                clientLow,
                virtualHigh,
                virtualLow,
                words(protocol, clientPort, virtualPort) | (long) kind << KIND_SHIFT);
    }

    /** An IPv6 connection's server side. */
    int out(
            int protocol,
            long clientHigh,
            long clientLow,
            int clientPort,
            long realHigh,
            long realLow,
            int realPort) {
        return mix(
                clientHigh,
                clientLow,
                realHigh,
                realLow,
                words(protocol, clientPort, realPort) | OUT_DIRECTION);
    }

    /** The tag of a template with a persistence engine's data, from the tag it would have had. */
    int withEngine(int tag, EngineData engine) {
        long hash = fold(tag ^ key0, engine.dataLength() ^ key1);
        for (int i = 0; i < engine.dataLength(); i += Long.BYTES) {
            hash = fold(hash ^ engine.word(i) ^ key2, key3);
        }
        return (int) hash;
    }

    private static long words(int protocol, int clientPort, int port) {
        return (long) protocol << 32 | (long) clientPort << 16 | port;
    }

    private int mix(int clientAddress, int address, long rest) {
        long addresses = (long) clientAddress << 32 | Integer.toUnsignedLong(address);
        return (int) fold(fold(addresses ^ key0, rest ^ key1) ^ key2, key3);
    }

    private int mix(long clientHigh, long clientLow, long high, long low, long rest) {
        long client = fold(clientHigh ^ key0, clientLow ^ key1);
        long both = fold(client ^ high ^ key2, low ^ key3);
        return (int) fold(fold(both ^ key0, rest ^ key1) ^ key2, key3);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
