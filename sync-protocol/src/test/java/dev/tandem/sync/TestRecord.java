package dev.tandem.sync;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A version 1 record written by hand, right unless told otherwise; an established TCP connection to
 * begin with. Does not use the code under test, so that both can be wrong on their own only.
 */
final class TestRecord {
    private static final int CLIENT = 0x0A00_0002;
    private static final int VIRTUAL = 0x0A00_0001;
    private static final int REAL = 0xC0A8_0A03;

    private final int clientPort;
    private int type;
    private int protocol = IpProtocol.TCP;
    private int version;
    private int sizeDelta;
    private int flags;
    private int state = SyncState.TCP_ESTABLISHED;
    private long timeout = 900;
    private int addressLength = 4;
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();

    /**
     * @param clientPort what the tests know the record by
     */
    TestRecord(int clientPort) {
        this.clientPort = clientPort;
    }

    TestRecord type(int type) {
        this.type = type;
        return this;
    }

    TestRecord protocol(int protocol) {
        this.protocol = protocol;
        return this;
    }

    TestRecord version(int version) {
        this.version = version;
        return this;
    }

    /** What the size field says beyond the truth. */
    TestRecord sizeDelta(int sizeDelta) {
        this.sizeDelta = sizeDelta;
        return this;
    }

    TestRecord flags(int flags) {
        this.flags = flags;
        return this;
    }

    TestRecord state(int state) {
        this.state = state;
        return this;
    }

    TestRecord timeout(long timeout) {
        this.timeout = timeout;
        return this;
    }

    /** Addresses of 16 bytes and the type that belongs to them. */
    TestRecord ipv6() {
        addressLength = 16;
        return type(1);
    }

    TestRecord option(int type, byte... data) {
        return option(type, data.length, data);
    }

    /** An option whose length field may lie. */
    TestRecord option(int type, int length, byte... data) {
        options.write(type);
        options.write(length);
        options.writeBytes(data);
        return this;
    }

    /** Bytes in the place of options. */
    TestRecord rest(byte... bytes) {
        options.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        int length = 24 + 3 * addressLength + options.size();
        ByteBuffer record = ByteBuffer.allocate(length);
        record.put((byte) type).put((byte) protocol);
        record.putShort((short) ((version << 12) | ((length + sizeDelta) & 0xFFF)));
        record.putInt(flags).putShort((short) state);
        record.putShort((short) clientPort).putShort((short) 80).putShort((short) 8080);
        record.putInt(0).putInt((int) timeout);
        for (int address : new int[] {CLIENT, VIRTUAL, REAL}) {
            record.putInt(address).position(record.position() + addressLength - 4);
        }
        return record.put(options.toByteArray()).array();
    }
}
