package dev.tandem.director.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks the attributes (struct rtattr: u16 length, u16 type, payload, padded to 4) in a part of a
 * netlink message. Lengths are not trusted: one that does not fit ends the walk.
 */
final class Attributes {
    private static final int HEADER_LENGTH = 4;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** The upper two bits of the type are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
    private static final int TYPE_MASK = 0x3FFF;

    private final ByteBuffer buffer;
    private final int end;
    private int next;
    private int type;
    private int payload;
    private int length;

    /** Over {@code [from, end)}, which lies inside the buffer. */
    Attributes(ByteBuffer buffer, int from, int end) {
        this.buffer = buffer;
        this.next = from;
        this.end = end;
    }

    boolean next() {
        if (end - next < HEADER_LENGTH) {
            return false;
        }
        int total = buffer.getShort(next) & 0xFFFF;
        if (total < HEADER_LENGTH || total > end - next) {
            return false;
        }
        type = buffer.getShort(next + 2) & TYPE_MASK;
        payload = next + HEADER_LENGTH;
        length = total - HEADER_LENGTH;
        next += (total + 3) & ~3;
        return true;
    }

    int type() {
        return type;
    }

    /** Payload bytes. */
    int length() {
        return length;
    }

    /** Where the payload starts in the buffer. */
    int payload() {
        return payload;
    }

    /** The payload as a number in the machine's order; 0 when it is shorter than that. */
    int asInt() {
        return length >= 4 ? buffer.getInt(payload) : 0;
    }

    /** The payload as an address of that family; null when it has not an address's length. */
    @Nullable IpAddress asAddress(boolean ipv6) {
        return address(ipv6, payload, length);
    }

    /**
     * The payload as struct rtvia: u16 family, then an address of it; null when it is neither IPv4
     * nor IPv6.
     */
    @Nullable IpAddress asVia() {
        int family = length >= 2 ? buffer.getShort(payload) & 0xFFFF : Rtnetlink.AF_UNSPEC;
        return Rtnetlink.isInternet(family)
                ? address(family == Rtnetlink.AF_INET6, payload + 2, length - 2)
                : null;
    }

    private @Nullable IpAddress address(boolean ipv6, int at, int bytes) {
        if (ipv6) {
            return bytes == 16
                    ? new IpAddress(
                            true, bigEndian(buffer.getLong(at)), bigEndian(buffer.getLong(at + 8)))
                    : null;
        }
        return bytes == 4 ? IpAddress.ipv4(bigEndian(buffer.getInt(at))) : null;
    }

    /** The payload as an Ethernet address in the low 48 bits; 0 when its length is another. */
    long asHardwareAddress() {
        return length == 6
                ? ((bigEndian(buffer.getShort(payload)) & 0xFFFFL) << 32)
                        | (bigEndian(buffer.getInt(payload + 2)) & 0xFFFF_FFFFL)
                : 0;
    }

    /** The payload as text, without the zero byte at its end. */
    String asText() {
        int size = length;
        while (size > 0 && buffer.get(payload + size - 1) == 0) {
            size--;
        }
        byte[] bytes = new byte[size];
        buffer.get(payload, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The payload as attributes of their own. */
    Attributes nested() {
        return new Attributes(buffer, payload, payload + length);
    }

    private static long bigEndian(long value) {
        return LITTLE_ENDIAN ? Long.reverseBytes(value) : value;
    }

    private static int bigEndian(int value) {
        return LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
    }

    private static short bigEndian(short value) {
        return LITTLE_ENDIAN ? Short.reverseBytes(value) : value;
    }
}
