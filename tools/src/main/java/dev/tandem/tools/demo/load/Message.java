package dev.tandem.tools.demo.load;

import java.nio.ByteBuffer;

/**
 * The 64 bytes that travel: who sends on which connection, the number in the stream, and filler
 * that follows from these, so that a lost, repeated, mixed-up or altered byte is noticed by whoever
 * receives it.
 *
 * <pre>
 *    0        4        8                16                                  64
 *   ├────────┼────────┼────────────────┼──────────────── … ────────────────┤
 *   │ flow   │ sender │ sequence       │ six words of filler               │
 *   └────────┴────────┴────────────────┴────────────────────────────────────┘
 * </pre>
 *
 * The sender is {@link #CLIENT} in a request and the server's number in its echo.
 */
final class Message {
    static final int LENGTH = 64;
    static final int CLIENT = 0;

    private static final int FLOW_OFFSET = 0;
    private static final int SENDER_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int FILLER_OFFSET = 16;

    private Message() {}

    /** Appends a message at the buffer's position. */
    static void put(ByteBuffer buffer, int flow, int sender, long sequence) {
        buffer.putInt(flow).putInt(sender).putLong(sequence);
        for (int offset = FILLER_OFFSET; offset < LENGTH; offset += Long.BYTES) {
            buffer.putLong(filler(flow, sender, sequence, offset));
        }
    }

    static int flow(ByteBuffer buffer, int at) {
        return buffer.getInt(at + FLOW_OFFSET);
    }

    static int sender(ByteBuffer buffer, int at) {
        return buffer.getInt(at + SENDER_OFFSET);
    }

    static long sequence(ByteBuffer buffer, int at) {
        return buffer.getLong(at + SEQUENCE_OFFSET);
    }

    /** Whether the 64 bytes from an index on are exactly the message they should be. */
    static boolean matches(ByteBuffer buffer, int at, int flow, int sender, long sequence) {
        boolean same =
                flow(buffer, at) == flow
                        && sender(buffer, at) == sender
                        && sequence(buffer, at) == sequence;
        for (int offset = FILLER_OFFSET; same && offset < LENGTH; offset += Long.BYTES) {
            same = buffer.getLong(at + offset) == filler(flow, sender, sequence, offset);
        }
        return same;
    }

    /** A word that no other message has in this place: the finaliser of SplitMix64. */
    private static long filler(int flow, int sender, long sequence, int offset) {
        long z = ((long) flow << 40) ^ ((long) sender << 32) ^ ((long) offset << 56) ^ sequence;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
