package dev.tandem.sync.wire;

import java.nio.ByteBuffer;

/**
 * Flyweight over the options of one record: remembers where in the buffer each stands and copies
 * nothing. Filled by the decoder, which has checked all bounds; valid as long as its record.
 */
public final class SyncOptions {
    private static final int ABSENT = -1;
    private static final int OUT_OFFSET = 12;
    private static final int DELTA_OFFSET = 4;
    private static final int PREVIOUS_DELTA_OFFSET = 8;

    private ByteBuffer buffer = SyncRecord.NO_BUFFER;
    private int sequenceOffset = ABSENT;
    private int engineDataOffset = ABSENT;
    private int engineDataLength;
    private int engineNameOffset = ABSENT;
    private int engineNameLength;
    private int unknown;

    SyncOptions() {}

    void reset(ByteBuffer buffer) {
        this.buffer = buffer;
        sequenceOffset = ABSENT;
        engineDataOffset = ABSENT;
        engineDataLength = 0;
        engineNameOffset = ABSENT;
        engineNameLength = 0;
        unknown = 0;
    }

    /** Notes that the 24 bytes of sequence data stand at {@code offset} of the buffer. */
    public void foundSequence(int offset) {
        sequenceOffset = offset;
    }

    /** Notes where the persistence engine's data stand in the buffer. */
    public void foundEngineData(int offset, int length) {
        engineDataOffset = offset;
        engineDataLength = length;
    }

    /** Notes where the persistence engine's name stands in the buffer. */
    public void foundEngineName(int offset, int length) {
        engineNameOffset = offset;
        engineNameLength = length;
    }

    /** Notes an option of unknown type that may be passed over. */
    public void foundUnknown() {
        unknown++;
    }

    /** Options passed over: of unknown type, and marked as {@link SyncOption#OPTIONAL}. */
    public int unknown() {
        return unknown;
    }

    /** Whether the six sequence values below are there. */
    public boolean hasSequence() {
        return sequenceOffset != ABSENT;
    }

    /** Sequence number from which on packets to the real server are adjusted; u32. */
    public int inInitialSequence() {
        return sequence(0);
    }

    /** What is added to sequence numbers after {@link #inInitialSequence}; signed. */
    public int inDelta() {
        return sequence(DELTA_OFFSET);
    }

    /** What is added to sequence numbers before {@link #inInitialSequence}; signed. */
    public int inPreviousDelta() {
        return sequence(PREVIOUS_DELTA_OFFSET);
    }

    /** Sequence number from which on packets to the client are adjusted; u32. */
    public int outInitialSequence() {
        return sequence(OUT_OFFSET);
    }

    /** What is added to sequence numbers after {@link #outInitialSequence}; signed. */
    public int outDelta() {
        return sequence(OUT_OFFSET + DELTA_OFFSET);
    }

    /** What is added to sequence numbers before {@link #outInitialSequence}; signed. */
    public int outPreviousDelta() {
        return sequence(OUT_OFFSET + PREVIOUS_DELTA_OFFSET);
    }

    public boolean hasEngineData() {
        return engineDataOffset != ABSENT;
    }

    /** Bytes of the persistence engine's data, 1 to 255; 0 when there are none. */
    public int engineDataLength() {
        return engineDataLength;
    }

    /** Byte {@code i} of the persistence engine's data. */
    public byte engineData(int i) {
        return byteOf(engineDataOffset, engineDataLength, i);
    }

    /**
     * Copies the persistence engine's data to the start of {@code target}, which has room for them
     * (255 bytes are enough for any).
     *
     * @return bytes copied
     */
    public int copyEngineData(byte[] target) {
        return copy(engineDataOffset, engineDataLength, target);
    }

    public boolean hasEngineName() {
        return engineNameOffset != ABSENT;
    }

    /** Bytes of the persistence engine's name, 1 to 16; 0 when there is none. */
    public int engineNameLength() {
        return engineNameLength;
    }

    /** Byte {@code i} of the persistence engine's name. */
    public byte engineName(int i) {
        return byteOf(engineNameOffset, engineNameLength, i);
    }

    /**
     * Copies the persistence engine's name to the start of {@code target}, which has room for it
     * ({@link SyncOption#MAX_PE_NAME_LENGTH} bytes are enough for any).
     *
     * @return bytes copied
     */
    public int copyEngineName(byte[] target) {
        return copy(engineNameOffset, engineNameLength, target);
    }

    private int sequence(int offset) {
        if (sequenceOffset == ABSENT) {
            throw new IllegalStateException("the record has no sequence data");
        }
        return buffer.getInt(sequenceOffset + offset);
    }

    private int copy(int offset, int length, byte[] target) {
        if (length > 0) {
            buffer.get(offset, target, 0, length);
        }
        return length;
    }

    private byte byteOf(int offset, int length, int i) {
        if (i < 0 || i >= length) {
            throw new IndexOutOfBoundsException(i);
        }
        return buffer.get(offset + i);
    }
}
