package dev.tandem.sync;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A version 0 datagram written by hand, right unless told otherwise; sync id 7. */
final class TestMessageV0 {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int syncId = TestMessage.SYNC_ID;
    private int sizeDelta;
    private int countDelta;
    private int count;

    static TestMessageV0 of(TestRecordV0... records) {
        TestMessageV0 message = new TestMessageV0();
        for (TestRecordV0 record : records) {
            message.body.writeBytes(record.bytes());
            message.count++;
        }
        return message;
    }

    TestMessageV0 trailing(int bytes) {
        body.writeBytes(new byte[bytes]);
        return this;
    }

    TestMessageV0 syncId(int syncId) {
        this.syncId = syncId;
        return this;
    }

    TestMessageV0 sizeDelta(int sizeDelta) {
        this.sizeDelta = sizeDelta;
        return this;
    }

    TestMessageV0 countDelta(int countDelta) {
        this.countDelta = countDelta;
        return this;
    }

    ByteBuffer build() {
        int length = 4 + body.size();
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put((byte) (count + countDelta)).put((byte) syncId);
        message.putShort((short) (length + sizeDelta));
        return message.put(body.toByteArray()).flip();
    }

    /** The first bytes only, with a size field that agrees. */
    ByteBuffer cutTo(int length) {
        ByteBuffer message = build();
        return message.putShort(2, (short) length).limit(length);
    }
}
