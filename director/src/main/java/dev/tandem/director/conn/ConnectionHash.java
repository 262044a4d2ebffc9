package dev.tandem.director.conn;

import java.security.SecureRandom;

/**
 * The keyed hash of the connection table's index: 32 bits out of a protocol and two endpoints. Each
 * direction has a key space of its own.
 */
final class ConnectionHash {
    private static final long OUT_DIRECTION = 1L << 40;

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

    int in(int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        return mix(clientAddress, virtualAddress, words(protocol, clientPort, virtualPort));
    }

    int out(int protocol, int clientAddress, int clientPort, int realAddress, int realPort) {
        return mix(
                clientAddress, realAddress, words(protocol, clientPort, realPort) | OUT_DIRECTION);
    }

    private static long words(int protocol, int clientPort, int port) {
        return (long) protocol << 32 | (long) clientPort << 16 | port;
    }

    private int mix(int clientAddress, int address, long rest) {
        long addresses = (long) clientAddress << 32 | Integer.toUnsignedLong(address);
        return (int) fold(fold(addresses ^ key0, rest ^ key1) ^ key2, key3);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
