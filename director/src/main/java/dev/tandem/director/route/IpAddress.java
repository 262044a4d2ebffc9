package dev.tandem.director.route;

import dev.tandem.director.packet.Addresses;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address as numbers.
 *
 * @param high the first eight bytes of an IPv6 address, the first of them highest; 0 for IPv4
 * @param low the last eight; for IPv4 its 32 bits, unsigned
 */
record IpAddress(boolean ipv6, long high, long low) {
    private static final int IPV4_BITS = 32;

    /** Where the bits of an IPv4 address begin among the 128. */
    private static final int IPV4_FIRST_BIT = 128 - IPV4_BITS;

    static IpAddress ipv4(int address) {
        return new IpAddress(false, 0, Integer.toUnsignedLong(address));
    }

    static IpAddress of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == Integer.BYTES
                ? ipv4(bytes.getInt())
                : new IpAddress(true, bytes.getLong(), bytes.getLong());
    }

    InetAddress toInetAddress() {
        return ipv6 ? Addresses.toInetAddress(high, low) : Addresses.toInetAddress((int) low);
    }

    /** 0.0.0.0 or ::. */
    boolean isZero() {
        return (high | low) == 0;
    }

    /** The longest prefix length that its family has. */
    int bits() {
        return ipv6 ? 128 : IPV4_BITS;
    }

    /** Its network: the bits behind the prefix cleared. */
    IpAddress network(int prefixLength) {
        int length = ipv6 ? prefixLength : prefixLength + IPV4_FIRST_BIT;
        return new IpAddress(ipv6, high & highMask(length), low & lowMask(length));
    }

    /** The leading bits of the first half that a prefix length of 0 to 128 stands for. */
    static long highMask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1L << Math.max(0, 64 - prefixLength);
    }

    /** The same of the second half. */
    static long lowMask(int prefixLength) {
        return prefixLength <= 64 ? 0 : -1L << (128 - prefixLength);
    }
}
