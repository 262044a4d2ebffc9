package dev.tandem.director.route;

import java.nio.ByteBuffer;

/**
 * Walks the messages of one datagram (struct nlmsghdr: u32 length, u16 type, u16 flags, u32
 * sequence, u32 port; padded to 4). Lengths are not trusted: one that does not fit ends the walk.
 */
final class NetlinkMessages {
    private final ByteBuffer buffer;
    private final int limit;
    private int at;
    private int next;

    /** Over the first {@code length} bytes, in the machine's order. */
    NetlinkMessages(ByteBuffer buffer, int length) {
        this.buffer = buffer;
        limit = length;
    }

    boolean next() {
        if (limit - next < Rtnetlink.HEADER_LENGTH) {
            return false;
        }
        long length = buffer.getInt(next) & 0xFFFF_FFFFL;
        if (length < Rtnetlink.HEADER_LENGTH || length > limit - next) {
            return false;
        }
        at = next;
        next += (int) ((length + 3) & ~3L);
        return true;
    }

    int type() {
        return buffer.getShort(at + 4) & 0xFFFF;
    }

    int flags() {
        return buffer.getShort(at + 6) & 0xFFFF;
    }

    int sequence() {
        return buffer.getInt(at + 8);
    }

    /** Where the body starts in the buffer. */
    int body() {
        return at + Rtnetlink.HEADER_LENGTH;
    }

    /** Where it ends. */
    int end() {
        return at + buffer.getInt(at);
    }

    /** Of an NLMSG_ERROR: its body starts with the negative errno. */
    int errno() {
        return end() - body() >= 4 ? -buffer.getInt(body()) : 0;
    }
}
