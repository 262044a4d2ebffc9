package dev.tandem.sync;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;
import java.nio.ByteBuffer;

/** A version 0 record written by hand; an established TCP connection to begin with. */
final class TestRecordV0 {
    private final int clientPort;
    private int reserved;
    private int protocol = IpProtocol.TCP;
    private int flags;
    private int state = SyncState.TCP_ESTABLISHED;
    private byte[] sequence = {};

    /**
     * @param clientPort what the tests know the record by
     */
    TestRecordV0(int clientPort) {
        this.clientPort = clientPort;
    }

    TestRecordV0 reserved(int reserved) {
        this.reserved = reserved;
        return this;
    }

    TestRecordV0 protocol(int protocol) {
        this.protocol = protocol;
        return this;
    }

    TestRecordV0 flags(int flags) {
        this.flags = flags;
        return this;
    }

    TestRecordV0 state(int state) {
        this.state = state;
        return this;
    }

    TestRecordV0 sequence(int... bytes) {
        sequence = new byte[24];
        for (int i = 0; i < bytes.length; i++) {
            sequence[i] = (byte) bytes[i];
        }
        return this;
    }

    byte[] bytes() {
        ByteBuffer record = ByteBuffer.allocate(24 + sequence.length);
        record.put((byte) reserved).put((byte) protocol);
        record.putShort((short) clientPort).putShort((short) 80).putShort((short) 8080);
        record.putInt(0x0A00_0002).putInt(0x0A00_0001).putInt(0xC0A8_0A03);
        record.putShort((short) flags).putShort((short) state);
        return record.put(sequence).array();
    }
}
