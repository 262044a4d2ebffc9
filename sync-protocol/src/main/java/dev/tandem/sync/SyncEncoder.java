package dev.tandem.sync;

import dev.tandem.sync.wire.SyncHeaderV0;
import dev.tandem.sync.wire.SyncHeaderV1;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncRecordV0;
import dev.tandem.sync.wire.SyncRecordV1;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes sync messages of version 0 or 1 straight into the datagram's buffer.
 *
 * <pre>{@code
 * encoder.wrap(buffer);
 * while (more && encoder.claim(record, ipv6, optionsLength)) {
 *     record.protocol(6).flags(0)…;
 *     encoder.appendSequence(…);   // options, if any, in this order
 *     encoder.appendEngine(…);
 * }
 * encoder.finish();      // the buffer's position and limit now enclose the datagram
 * }</pre>
 *
 * <p>Records are filled in the same way under both versions. What version 0 cannot say is left out:
 * firewall mark, timeout, high flag bits and persistence engine; an IPv6 record is refused.
 *
 * <p>The record count is one byte on the wire and the kernel never checks it: with a large maximum
 * length its count wraps and the receiver loses 256 records at a time. This encoder is full at 255.
 *
 * <p>Used by one thread; allocates nothing.
 */
public final class SyncEncoder {
    /** The shortest version 1 message that holds a record. */
    public static final int MIN_LENGTH = SyncHeaderV1.LENGTH + SyncRecordV1.IPV4_LENGTH;

    private static final int SEQUENCE_LENGTH =
            SyncOption.HEADER_LENGTH + SyncOption.SEQ_DATA_LENGTH;

    private final int syncId;
    private final int maxLength;
    private final int version;
    private final ByteBuffer scratch = Version0.scratch();
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private SyncRecord record = new SyncRecord();
    private int end;
    private int space;
    private int optionsEnd;
    private int count;
    private boolean translate;

    /** An encoder of version 1. */
    public SyncEncoder(int syncId, int maxLength) {
        this(syncId, maxLength, SyncHeaderV1.VERSION);
    }

    /**
     * @param syncId 0 to 255
     * @param maxLength bytes of a message, at most 65507. A record that needs a longer message gets
     *     one of its own, as long as it needs, if the buffer has the room; so does the kernel
     * @param version 0 or 1
     */
    public SyncEncoder(int syncId, int maxLength, int version) {
        if (syncId < 0 || syncId > 255) {
            throw new IllegalArgumentException("sync id " + syncId + " is not in 0..255");
        }
        if (version != 0 && version != SyncHeaderV1.VERSION) {
            throw new IllegalArgumentException("sync version " + version + " is not 0 or 1");
        }
        this.syncId = syncId;
        this.maxLength = maxLength;
        this.version = version;
    }

    /** The version written, 0 or 1. */
    public int version() {
        return version;
    }

    /**
     * Whether the version has IPv6 records. Ask before {@link #claim}, which could not tell this
     * from a full message.
     */
    public boolean carriesIpv6() {
        return version == SyncHeaderV1.VERSION;
    }

    /**
     * Starts an empty message at the buffer's first byte, to end at its limit at most; the byte
     * order becomes big-endian.
     */
    public void wrap(ByteBuffer buffer) {
        space = buffer.limit();
        if (space < MIN_LENGTH) {
            throw new IllegalArgumentException("a buffer of " + space + " bytes holds no record");
        }
        this.buffer = buffer.position(0).order(ByteOrder.BIG_ENDIAN);
        end = version == SyncHeaderV1.VERSION ? SyncHeaderV1.LENGTH : SyncHeaderV0.LENGTH;
        count = 0;
        translate = false;
    }

    /** Claims room for a record without options; see {@link #claim(SyncRecord, boolean, int)}. */
    public boolean claim(SyncRecord record, boolean ipv6) {
        return claim(record, ipv6, 0);
    }

    /**
     * Appends an empty record to the message and lays {@code record} over it, to be filled before
     * the next call. False, with nothing changed, when the message is full, or when the version has
     * no such record (see {@link #carriesIpv6}).
     *
     * @param optionsLength room kept for options: {@link SyncOption#length}
     */
    public boolean claim(SyncRecord record, boolean ipv6, int optionsLength) {
        settle();
        return version == SyncHeaderV1.VERSION
                ? claimV1(record, ipv6, optionsLength)
                : !ipv6 && claimV0(record, optionsLength);
    }

    private boolean claimV1(SyncRecord record, boolean ipv6, int optionsLength) {
        int next = SyncRecordV1.align(end);
        int fixedEnd = next + (ipv6 ? SyncRecordV1.IPV6_LENGTH : SyncRecordV1.IPV4_LENGTH);
        if (isFull(fixedEnd + optionsLength)) {
            return false;
        }
        for (int i = end; i < next; i++) {
            buffer.put(i, (byte) 0);
        }
        this.record = record.wrap(buffer, next).clear(ipv6);
        end = fixedEnd;
        optionsEnd = fixedEnd + optionsLength;
        count++;
        return true;
    }

    private boolean claimV0(SyncRecord record, int optionsLength) {
        boolean sequence = optionsLength >= SEQUENCE_LENGTH;
        if (isFull(end + (sequence ? SyncRecordV0.FULL_LENGTH : SyncRecordV0.LENGTH))) {
            return false;
        }
        this.record = record.wrap(scratch, 0).clear(false);
        optionsEnd = SyncRecordV1.IPV4_LENGTH + optionsLength;
        translate = true;
        count++;
        return true;
    }

    private boolean isFull(int newEnd) {
        return newEnd > space
                || count == SyncHeaderV1.MAX_RECORDS
                || (newEnd > maxLength && count > 0);
    }

    /**
     * Appends sequence data to the claimed record, the values as in {@link
     * dev.tandem.sync.wire.SyncOptions}. A kernel sends them when the record's flags have {@link
     * dev.tandem.sync.wire.SyncFlags#IN_SEQ} or {@link dev.tandem.sync.wire.SyncFlags#OUT_SEQ};
     * under version 0 they are left out without.
     */
    public void appendSequence(
            int inInitialSequence,
            int inDelta,
            int inPreviousDelta,
            int outInitialSequence,
            int outDelta,
            int outPreviousDelta) {
        int at = appendOption(SyncOption.SEQ_DATA, SyncOption.SEQ_DATA_LENGTH);
        ByteBuffer target = target();
        target.putInt(at, inInitialSequence);
        target.putInt(at + 4, inDelta);
        target.putInt(at + 8, inPreviousDelta);
        target.putInt(at + 12, outInitialSequence);
        target.putInt(at + 16, outDelta);
        target.putInt(at + 20, outPreviousDelta);
    }

    /**
     * Appends the data and the name of a persistence engine to the claimed record, from the start
     * of both arrays. Left out under version 0.
     *
     * @param dataLength 1 to 255
     * @param nameLength 1 to 16
     */
    public void appendEngine(byte[] data, int dataLength, byte[] name, int nameLength) {
        if (version == SyncHeaderV1.VERSION) {
            buffer.put(appendOption(SyncOption.PE_DATA, dataLength), data, 0, dataLength);
            buffer.put(appendOption(SyncOption.PE_NAME, nameLength), name, 0, nameLength);
        }
    }

    /** Writes an option's head and the record's new length; returns where the data go. */
    private int appendOption(int type, int length) {
        int at = record.offset() + record.length();
        int next = at + SyncOption.HEADER_LENGTH + length;
        if (next > optionsEnd) {
            throw new IllegalStateException("no room was claimed for option " + type);
        }
        ByteBuffer target = target();
        target.put(at + SyncOption.TYPE_OFFSET, (byte) type);
        target.put(at + SyncOption.LENGTH_OFFSET, (byte) length);
        int size = next - record.offset();
        target.putShort(record.offset() + SyncRecordV1.VERSION_SIZE_OFFSET, (short) size);
        if (!translate) {
            end = next;
        }
        return at + SyncOption.HEADER_LENGTH;
    }

    private ByteBuffer target() {
        return translate ? scratch : buffer;
    }

    /** Under version 0 the record being filled stands aside until now. */
    private void settle() {
        if (translate) {
            end += Version0.write(scratch, record, buffer, end);
            translate = false;
        }
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
        settle();
        buffer.put(SyncHeaderV1.SYNC_ID_OFFSET, (byte) syncId);
        buffer.putShort(SyncHeaderV1.SIZE_OFFSET, (short) end);
        if (version == SyncHeaderV1.VERSION) {
            buffer.put(SyncHeaderV1.RESERVED_OFFSET, (byte) 0);
            buffer.put(SyncHeaderV1.COUNT_OFFSET, (byte) count);
            buffer.put(SyncHeaderV1.VERSION_OFFSET, (byte) SyncHeaderV1.VERSION);
            buffer.putShort(SyncHeaderV1.SPARE_OFFSET, (short) 0);
        } else {
            buffer.put(SyncHeaderV0.COUNT_OFFSET, (byte) count);
        }
        buffer.limit(end);
        return end;
    }
}
