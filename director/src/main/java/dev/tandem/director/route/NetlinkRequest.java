package dev.tandem.director.route;

import dev.tandem.director.io.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A netlink message being written. */
final class NetlinkRequest {
    private static final int CAPACITY = 128;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    /**
     * @param bodyLength of the structure behind the header, zeros until set
     */
    NetlinkRequest(int type, int flags, int sequence, int bodyLength) {
        buffer.putInt(0); // the length is known at the end
        buffer.putShort((short) type);
        buffer.putShort((short) (flags | Rtnetlink.NLM_F_REQUEST));
        buffer.putInt(sequence);
        buffer.putInt(0);
        buffer.put(new byte[bodyLength]);
    }

    /** The first byte of every body. */
    NetlinkRequest family(int family) {
        return putByte(0, family);
    }

    /** A byte at an offset of the body. */
    NetlinkRequest putByte(int offset, int value) {
        buffer.put(Rtnetlink.HEADER_LENGTH + offset, (byte) value);
        return this;
    }

    /** An int in the machine's order at an offset of the body. */
    NetlinkRequest putInt(int offset, int value) {
        buffer.putInt(Rtnetlink.HEADER_LENGTH + offset, value);
        return this;
    }

    /** An attribute with a number in the machine's order. */
    NetlinkRequest attribute(int type, int value) {
        buffer.putShort((short) 8);
        buffer.putShort((short) type);
        buffer.putInt(value);
        return this;
    }

    NetlinkRequest addressAttribute(int type, IpAddress address) {
        byte[] bytes = address.toInetAddress().getAddress();
        buffer.putShort((short) (bytes.length + 4));
        buffer.putShort((short) type);
        buffer.put(bytes);
        return this;
    }

    /** The whole message. */
    ByteBuffer finish() {
        buffer.putInt(0, buffer.position());
        return buffer.duplicate().order(buffer.order()).flip();
    }

    void sendTo(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer message = finish();
            MemorySegment copy = arena.allocate(message.remaining(), 8);
            copy.copyFrom(MemorySegment.ofBuffer(message));
            Native.send(descriptor, copy);
        }
    }
}
