package dev.tandem.sync.hardening;

import dev.tandem.sync.wire.SyncHeaderV1;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of the trailer: the last {@link #LENGTH} bytes of a datagram, counted in the message's
 * size field, behind the last record and, in control messages, behind the body. A kernel's backup
 * reads as many records as the header counts and looks at nothing behind them. All fields are
 * big-endian.
 *
 * <pre>
 *   message header | records | 0..3 zeros | body | trailer
 *
 *    0                 4        5        6                 8
 *   +-----------------+--------+--------+-----------------+
 *   | "TNDM"          | 1      | kind   | key id          |
 *   +-----------------+--------+--------+-----------------+
 *   | session                                             |  8
 *   +-----------------------------------------------------+
 *   | epoch                                               | 16
 *   +-----------------------------------------------------+
 *   | sequence                                            | 24
 *   +--------+--------+-----------------+-----------------+
 *   | stream | 0      | body length     |                   32
 *   +--------+--------+-----------------+
 *   | first 16 bytes of the HMAC-SHA-256 of all before    | 36
 *   +-----------------------------------------------------+
 * </pre>
 *
 * The methods expect the whole datagram between the buffer's position and limit.
 */
final class Trailer {
    /** u32: {@link #MAGIC}. */
    static final int MAGIC_OFFSET = 0;

    /** u8: {@link #VERSION}. */
    static final int VERSION_OFFSET = 4;

    /** u8: code of a {@link TrailerKind}. */
    static final int KIND_OFFSET = 5;

    /** u16: id of the key that signed. */
    static final int KEY_OFFSET = 6;

    /** i64: random number of the sending process. */
    static final int SESSION_OFFSET = 8;

    /** i64: ownership epoch; in control messages of a receiver the highest that it believes. */
    static final int EPOCH_OFFSET = 16;

    /** i64: number within session and stream, from 1; its meaning is the kind's. */
    static final int SEQUENCE_OFFSET = 24;

    /** u8: which of the sender's streams (ports). */
    static final int STREAM_OFFSET = 32;

    /** u16: bytes of the body that ends where the trailer begins. */
    static final int BODY_LENGTH_OFFSET = 34;

    /** 16 bytes: the truncated HMAC. */
    static final int MAC_OFFSET = 36;

    static final int MAC_LENGTH = 16;
    static final int LENGTH = MAC_OFFSET + MAC_LENGTH;

    /** "TNDM". */
    static final int MAGIC = 0x544E444D;

    static final int VERSION = 1;

    private Trailer() {}

    /** Whether the datagram ends with something that claims to be a trailer. */
    static boolean isPresent(ByteBuffer datagram) {
        if (datagram.remaining() < SyncHeaderV1.COMMON_LENGTH + LENGTH) {
            return false;
        }
        datagram.order(ByteOrder.BIG_ENDIAN);
        int at = start(datagram);
        return datagram.getInt(at + MAGIC_OFFSET) == MAGIC
                && datagram.get(at + VERSION_OFFSET) == VERSION;
    }

    /** Whether its lengths fit the datagram; to be asked when the signature is good. */
    static boolean isSound(ByteBuffer datagram) {
        int length = datagram.remaining();
        int size =
                Short.toUnsignedInt(
                        datagram.getShort(datagram.position() + SyncHeaderV1.SIZE_OFFSET));
        return size == length
                && bodyLength(datagram) <= length - LENGTH - SyncHeaderV1.COMMON_LENGTH
                && sequence(datagram) >= 0
                && epoch(datagram) >= 0;
    }

    static int start(ByteBuffer datagram) {
        return datagram.limit() - LENGTH;
    }

    static byte kind(ByteBuffer datagram) {
        return datagram.get(start(datagram) + KIND_OFFSET);
    }

    static int keyId(ByteBuffer datagram) {
        return Short.toUnsignedInt(datagram.getShort(start(datagram) + KEY_OFFSET));
    }

    static long session(ByteBuffer datagram) {
        return datagram.getLong(start(datagram) + SESSION_OFFSET);
    }

    static long epoch(ByteBuffer datagram) {
        return datagram.getLong(start(datagram) + EPOCH_OFFSET);
    }

    static long sequence(ByteBuffer datagram) {
        return datagram.getLong(start(datagram) + SEQUENCE_OFFSET);
    }

    static int stream(ByteBuffer datagram) {
        return Byte.toUnsignedInt(datagram.get(start(datagram) + STREAM_OFFSET));
    }

    static int bodyLength(ByteBuffer datagram) {
        return Short.toUnsignedInt(datagram.getShort(start(datagram) + BODY_LENGTH_OFFSET));
    }

    /** Where the body begins. */
    static int body(ByteBuffer datagram) {
        return start(datagram) - bodyLength(datagram);
    }
}
