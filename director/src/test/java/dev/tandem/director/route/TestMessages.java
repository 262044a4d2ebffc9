package dev.tandem.director.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bodies of rtnetlink messages, written by hand: a structure, then attributes. */
final class TestMessages {
    private final ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    static TestMessages link(int index, int hardwareType, int flags) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) 0).put((byte) 0).putShort((short) hardwareType);
        message.buffer.putInt(index).putInt(flags).putInt(0);
        return message;
    }

    static TestMessages address(int interfaceIndex, int prefixLength) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) 2).put((byte) prefixLength).putShort((short) 0);
        message.buffer.putInt(interfaceIndex);
        return message;
    }

    static TestMessages route(int prefixLength, int table, int type, int flags) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) 2).put((byte) prefixLength).put((byte) 0).put((byte) 0);
        message.buffer.put((byte) table).put((byte) 0).put((byte) 0).put((byte) type);
        message.buffer.putInt(flags);
        return message;
    }

    static TestMessages neighbour(int interfaceIndex, int state) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) 2).put((byte) 0).putShort((short) 0).putInt(interfaceIndex);
        message.buffer.putShort((short) state).put((byte) 0).put((byte) 1);
        return message;
    }

    /** In the machine's order. */
    TestMessages number(int type, int value) {
        header(type, 4).putInt(value);
        return this;
    }

    /** In network order. */
    TestMessages address(int type, String dotted) {
        ByteBuffer payload = header(type, 4);
        for (String part : dotted.split("\\.", -1)) {
            payload.put((byte) Integer.parseInt(part));
        }
        return this;
    }

    TestMessages text(int type, String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        return bytes(type, bytes);
    }

    TestMessages hardwareAddress(int type, long address) {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (address >>> (40 - 8 * i));
        }
        return bytes(type, bytes);
    }

    TestMessages bytes(int type, byte[] payload) {
        header(type, payload.length).put(payload);
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0xEE);
        }
        return this;
    }

    /** The payload of RTA_METRICS with an RTAX_MTU. */
    static byte[] metrics(int mtu) {
        return new TestMessages().number(2, mtu).toArray();
    }

    /** A struct rtnexthop with an RTA_GATEWAY. */
    static byte[] nextHop(int flags, int interfaceIndex, String gateway) {
        TestMessages hop = new TestMessages();
        hop.buffer.putShort((short) 16).put((byte) flags).put((byte) 0).putInt(interfaceIndex);
        return hop.address(5, gateway).toArray();
    }

    static byte[] nextHops(byte[]... hops) {
        ByteBuffer all = ByteBuffer.allocate(16 * hops.length);
        for (byte[] hop : hops) {
            all.put(hop);
        }
        return all.array();
    }

    private ByteBuffer header(int type, int length) {
        return buffer.putShort((short) (length + 4)).putShort((short) type);
    }

    int length() {
        return buffer.position();
    }

    ByteBuffer buffer() {
        return buffer;
    }

    byte[] toArray() {
        byte[] bytes = new byte[length()];
        buffer.get(0, bytes);
        return bytes;
    }

    static int address(String dotted) {
        int value = 0;
        for (String part : dotted.split("\\.", -1)) {
            value = (value << 8) | Integer.parseInt(part);
        }
        return value;
    }
}
