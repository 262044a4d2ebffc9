package dev.tandem.director.address;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Addresses;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A virtual address and the port on which it is answered for.
 *
 * @param high the first eight bytes of an IPv6 address as a number; 0 for IPv4
 * @param low the last eight; for IPv4 the address, unsigned
 */
public record Member(boolean ipv6, long high, long low, PacketPort port) {
    /** An IPv4 address. */
    public Member(int address, PacketPort port) {
        this(false, 0, Integer.toUnsignedLong(address), port);
    }

    public static Member of(InetAddress address, PacketPort port) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == Integer.BYTES
                ? new Member(bytes.getInt(), port)
                : new Member(true, bytes.getLong(), bytes.getLong(), port);
    }

    public InetAddress inetAddress() {
        return ipv6 ? Addresses.toInetAddress(high, low) : Addresses.toInetAddress((int) low);
    }

    /** As people write it. */
    public String text() {
        return ipv6 ? Addresses.format(high, low) : Addresses.format((int) low);
    }

    boolean is(boolean ofIpv6, long ofHigh, long ofLow, PacketPort onPort) {
        return low == ofLow && high == ofHigh && ipv6 == ofIpv6 && port.index() == onPort.index();
    }
}
