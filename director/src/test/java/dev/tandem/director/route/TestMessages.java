package dev.tandem.director.route;

import dev.tandem.director.testing.Lan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bodies of rtnetlink messages, written by hand: a structure, then attributes. */
final class TestMessages {
    private static final int IPV4 = 2;
    private static final int IPV6 = 10;

    private final ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    /** The first byte of every body, set to the family of IPv6. */
    TestMessages ipv6() {
        buffer.put(0, (byte) IPV6);
        return this;
    }

    static TestMessages link(int index, int hardwareType, int flags) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) 0).put((byte) 0).putShort((short) hardwareType);
        message.buffer.putInt(index).putInt(flags).putInt(0);
        return message;
    }

    static TestMessages address(int interfaceIndex, int prefixLength) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) IPV4).put((byte) prefixLength).putShort((short) 0);
        message.buffer.putInt(interfaceIndex);
        return message;
    }

    static TestMessages route(int prefixLength, int table, int type, int flags) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) IPV4).put((byte) prefixLength).put((byte) 0).put((byte) 0);
        message.buffer.put((byte) table).put((byte) 0).put((byte) 0).put((byte) type);
        message.buffer.putInt(flags);
        return message;
    }

    static TestMessages neighbour(int interfaceIndex, int state) {
        TestMessages message = new TestMessages();
        message.buffer.put((byte) IPV4).put((byte) 0).putShort((short) 0).putInt(interfaceIndex);
        message.buffer.putShort((short) state).put((byte) 0).put((byte) 1);
        return message;
    }

    /** In the machine's order. */
    TestMessages number(int type, int value) {
        header(type, 4).putInt(value);
        return this;
    }

    /** In network order. */
    TestMessages address(int type, String text) {
        return bytes(type, Lan.inet(text).getAddress());
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
        hop.buffer.putShort((short) 0).put((byte) flags).put((byte) 0).putInt(interfaceIndex);
        hop.address(5, gateway).buffer.putShort(0, (short) hop.length());
        return hop.toArray();
    }

    static byte[] concat(byte[]... parts) {
        TestMessages all = new TestMessages();
        for (byte[] part : parts) {
            all.buffer.put(part);
        }
        return all.toArray();
    }

    /** The payload of an RTA_VIA: a family in the machine's order, then an address. */
    static byte[] via(int family, String address) {
        TestMessages via = new TestMessages();
        via.buffer.putShort((short) family).put(Lan.inet(address).getAddress());
        return via.toArray();
    }

    /** The payload of an IFLA_AF_SPEC or IFLA_PROTINFO: the IPv6 MTU among the settings. */
    static byte[] ipv6Settings(int mtu) {
        TestMessages settings = new TestMessages();
        settings.header(2, 16).putInt(0).putInt(64).putInt(mtu).putInt(1);
        return settings.toArray();
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

    static int number(String dotted) {
        return Lan.address(dotted);
    }

    static IpAddress ip(String text) {
        return IpAddress.of(Lan.inet(text));
    }
}
