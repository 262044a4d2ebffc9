package dev.tandem.sync;

import dev.tandem.sync.wire.SyncHeaderV1;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncRecordV1;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes sync messages of version 1 straight into the datagram's buffer.
 *
 * <pre>{@code
 * encoder.wrap(buffer);
 * while (more && encoder.claim(record, false)) { record.protocol(6).flags(0)…; }
 * encoder.finish();      // the buffer's position and limit now enclose the datagram
 * }</pre>
 *
 * <p>The record count is one byte on the wire and the kernel never checks it: with a large maximum
 * length its count wraps and the receiver loses 256 records at a time. This encoder is full at 255.
 *
 * <p>Used by one thread; allocates nothing.
 */
public final class SyncEncoder {
    /** The shortest message that holds a record. */
    public static final int MIN_LENGTH = SyncHeaderV1.LENGTH + SyncRecordV1.IPV4_LENGTH;

    private final int syncId;
    private final int maxLength;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int end;
    private int room;
    private int count;

    /**
     * @param syncId 0 to 255
     * @param maxLength bytes of a message, at most 65507; a smaller one than a record needs is
     *     raised to that, as the kernel does
     */
    public SyncEncoder(int syncId, int maxLength) {
        if (syncId < 0 || syncId > 255) {
            throw new IllegalArgumentException("sync id " + syncId + " is not in 0..255");
        }
        this.syncId = syncId;
        this.maxLength = Math.max(maxLength, MIN_LENGTH);
    }

    /**
     * Starts an empty message at the buffer's first byte, to end at its limit at most; the byte
     * order becomes big-endian.
     */
    public void wrap(ByteBuffer buffer) {
        int space = buffer.limit();
        if (space < MIN_LENGTH) {
            throw new IllegalArgumentException("a buffer of " + space + " bytes holds no record");
        }
        this.buffer = buffer.position(0).order(ByteOrder.BIG_ENDIAN);
        room = Math.min(space, maxLength);
        end = SyncHeaderV1.LENGTH;
        count = 0;
    }

    /**
     * Appends an empty record to the message and lays {@code record} over it, to be filled before
     * the next call. False, with nothing changed, when the message is full.
     */
    public boolean claim(SyncRecord record, boolean ipv6) {
        int next = SyncRecordV1.align(end);
        int length = ipv6 ? SyncRecordV1.IPV6_LENGTH : SyncRecordV1.IPV4_LENGTH;
        if (count == SyncHeaderV1.MAX_RECORDS || next + length > room) {
            return false;
        }
        record.wrap(buffer, next).clear(ipv6);
        end = next + length;
        count++;
        return true;
    }

    /** Records in the message so far. */
    public int count() {
        return count;
    }

    /**
     * Writes the header and sets the buffer's limit behind the last record.
     *
     * @return the message's length in bytes
     */
    public int finish() {
        buffer.put(SyncHeaderV1.RESERVED_OFFSET, (byte) 0);
        buffer.put(SyncHeaderV1.SYNC_ID_OFFSET, (byte) syncId);
        buffer.putShort(SyncHeaderV1.SIZE_OFFSET, (short) end);
        buffer.put(SyncHeaderV1.COUNT_OFFSET, (byte) count);
        buffer.put(SyncHeaderV1.VERSION_OFFSET, (byte) SyncHeaderV1.VERSION);
        buffer.putShort(SyncHeaderV1.SPARE_OFFSET, (short) 0);
        buffer.limit(end);
        return end;
    }
}
