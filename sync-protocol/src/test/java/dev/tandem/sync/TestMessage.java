package dev.tandem.sync;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A version 1 datagram written by hand, right unless told otherwise; sync id 7. */
final class TestMessage {
    static final int SYNC_ID = 7;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int reserved;
    private int syncId = SYNC_ID;
    private int sizeDelta;
    private int countDelta;
    private int count;
    private int version = 1;
    private int spare;
    private int padding;

    static TestMessage of(TestRecord... records) {
        TestMessage message = new TestMessage();
        for (TestRecord record : records) {
            message.add(record);
        }
        return message;
    }

    TestMessage add(TestRecord record) {
        while (body.size() % 4 != 0) {
            body.write(padding);
        }
        return addUnaligned(record);
    }

    TestMessage addUnaligned(TestRecord record) {
        body.writeBytes(record.bytes());
        count++;
        return this;
    }

    /** Bytes behind the last record. */
    TestMessage trailing(int bytes) {
        body.writeBytes(new byte[bytes]);
        return this;
    }

    TestMessage padding(int padding) {
        this.padding = padding;
        return this;
    }

    TestMessage reserved(int reserved) {
        this.reserved = reserved;
        return this;
    }

    TestMessage syncId(int syncId) {
        this.syncId = syncId;
        return this;
    }

    /** What the size field says beyond the truth. */
    TestMessage sizeDelta(int sizeDelta) {
        this.sizeDelta = sizeDelta;
        return this;
    }

    /** What the record count says beyond the truth. */
    TestMessage countDelta(int countDelta) {
        this.countDelta = countDelta;
        return this;
    }

    TestMessage version(int version) {
        this.version = version;
        return this;
    }

    TestMessage spare(int spare) {
        this.spare = spare;
        return this;
    }

    ByteBuffer build() {
        int length = 8 + body.size();
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put((byte) reserved).put((byte) syncId);
        message.putShort((short) (length + sizeDelta));
        message.put((byte) (count + countDelta)).put((byte) version).putShort((short) spare);
        return message.put(body.toByteArray()).flip();
    }

    /** The first bytes only, with a size field that agrees. */
    ByteBuffer cutTo(int length) {
        ByteBuffer message = build();
        return message.putShort(2, (short) length).limit(length);
    }
}
