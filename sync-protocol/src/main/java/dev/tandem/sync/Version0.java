package dev.tandem.sync;

import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncRecordV0;
import dev.tandem.sync.wire.SyncRecordV1;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Translates single records between version 0 and version 1, so that nobody but decoder and encoder
 * has to know version 0. Offsets are absolute, buffers big-endian.
 */
final class Version0 {
    /** Room for a version 1 record with sequence data, all that version 0 can say. */
    private static final int SCRATCH_LENGTH =
            SyncRecordV1.IPV4_LENGTH + SyncOption.HEADER_LENGTH + SyncOption.SEQ_DATA_LENGTH;

    private static final int SEQUENCE_AT = SyncRecordV1.IPV4_LENGTH + SyncOption.HEADER_LENGTH;

    private Version0() {}

    /** A place for one translated record, of the same kind as the buffers of links. */
    static ByteBuffer scratch() {
        return ByteBuffer.allocateDirect(SCRATCH_LENGTH).order(ByteOrder.BIG_ENDIAN);
    }

    /** The flags of the record at {@code at}; they say how long it is. */
    static int flags(ByteBuffer datagram, int at) {
        return Short.toUnsignedInt(datagram.getShort(at + SyncRecordV0.FLAGS_OFFSET));
    }

    static int length(int flags) {
        return (flags & SyncRecordV0.SEQUENCE_FLAGS) == 0
                ? SyncRecordV0.LENGTH
                : SyncRecordV0.FULL_LENGTH;
    }

    /** Writes the record at {@code at}, whose bytes are all there, into {@code scratch}. */
    static void read(ByteBuffer datagram, int at, ByteBuffer scratch, SyncRecord record) {
        int flags = flags(datagram, at);
        record.wrap(scratch, 0)
                .clear(false)
                .protocol(datagram.get(at + SyncRecordV0.PROTOCOL_OFFSET))
                .flags(flags)
                .state(datagram.getShort(at + SyncRecordV0.STATE_OFFSET))
                .clientPort(datagram.getShort(at + SyncRecordV0.CLIENT_PORT_OFFSET))
                .virtualPort(datagram.getShort(at + SyncRecordV0.VIRTUAL_PORT_OFFSET))
                .realPort(datagram.getShort(at + SyncRecordV0.REAL_PORT_OFFSET))
                .clientAddress(datagram.getInt(at + SyncRecordV0.CLIENT_ADDRESS_OFFSET))
                .virtualAddress(datagram.getInt(at + SyncRecordV0.VIRTUAL_ADDRESS_OFFSET))
                .realAddress(datagram.getInt(at + SyncRecordV0.REAL_ADDRESS_OFFSET));
        if (length(flags) == SyncRecordV0.FULL_LENGTH) {
            scratch.putShort(SyncRecordV1.VERSION_SIZE_OFFSET, (short) SCRATCH_LENGTH);
            scratch.put(SyncRecordV1.IPV4_LENGTH, (byte) SyncOption.SEQ_DATA);
            scratch.put(SyncRecordV1.IPV4_LENGTH + 1, (byte) SyncOption.SEQ_DATA_LENGTH);
            copySequence(datagram, at + SyncRecordV0.SEQUENCE_OFFSET, scratch, SEQUENCE_AT);
            record.options().foundSequence(SEQUENCE_AT);
        }
    }

    /**
     * Writes what {@code scratch} holds to {@code at}: flags in 16 bits, and sequence data if they
     * are there and a flag says so. Either without the other is left away, or a receiver would take
     * the next record for sequence data.
     *
     * @return the length written
     */
    static int write(ByteBuffer scratch, SyncRecord record, ByteBuffer datagram, int at) {
        boolean sequence = record.length() == SCRATCH_LENGTH;
        int flags = record.flags() & 0xFFFF & ~SyncFlags.HASHED;
        if (!sequence) {
            flags &= ~SyncRecordV0.SEQUENCE_FLAGS;
        }
        datagram.put(at + SyncRecordV0.RESERVED_OFFSET, (byte) 0);
        datagram.put(at + SyncRecordV0.PROTOCOL_OFFSET, (byte) record.protocol());
        datagram.putShort(at + SyncRecordV0.CLIENT_PORT_OFFSET, (short) record.clientPort());
        datagram.putShort(at + SyncRecordV0.VIRTUAL_PORT_OFFSET, (short) record.virtualPort());
        datagram.putShort(at + SyncRecordV0.REAL_PORT_OFFSET, (short) record.realPort());
        datagram.putInt(at + SyncRecordV0.CLIENT_ADDRESS_OFFSET, record.clientAddress());
        datagram.putInt(at + SyncRecordV0.VIRTUAL_ADDRESS_OFFSET, record.virtualAddress());
        datagram.putInt(at + SyncRecordV0.REAL_ADDRESS_OFFSET, record.realAddress());
        datagram.putShort(at + SyncRecordV0.FLAGS_OFFSET, (short) flags);
        datagram.putShort(at + SyncRecordV0.STATE_OFFSET, (short) record.state());
        int length = length(flags);
        if (length == SyncRecordV0.FULL_LENGTH) {
            copySequence(scratch, SEQUENCE_AT, datagram, at + SyncRecordV0.SEQUENCE_OFFSET);
        }
        return length;
    }

    /** Version 1 has the values big-endian, version 0 little-endian. */
    private static void copySequence(ByteBuffer from, int fromAt, ByteBuffer to, int toAt) {
        for (int i = 0; i < SyncOption.SEQ_DATA_LENGTH; i += Integer.BYTES) {
            to.putInt(toAt + i, Integer.reverseBytes(from.getInt(fromAt + i)));
        }
    }
}
