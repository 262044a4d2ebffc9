package dev.tandem.sync.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * A UDP datagram from a capture: who sent it where, when, and its payload. One view that its reader
 * fills again and again; valid during the handler's call only.
 *
 * <p>Addresses have the numeric value of their big-endian bytes; an IPv4 address is the low 32 bits
 * of the low half.
 */
public final class CapturedDatagram {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    long timeNs;
    boolean ipv6;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    int ttl;
    UdpChecksum checksum = UdpChecksum.ABSENT;
    ByteBuffer payload = EMPTY;

    /** Of nothing yet. */
    public CapturedDatagram() {}

    /** Nanoseconds since 1970 by the capture's clock: of the last frame when there were several. */
    public long timeNs() {
        return timeNs;
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** Bytes 0 to 7 of an IPv6 address, 0 for IPv4. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** Bytes 8 to 15 of an IPv6 address, or the IPv4 address. */
    public long sourceLow() {
        return sourceLow;
    }

    /** Bytes 0 to 7 of an IPv6 address, 0 for IPv4. */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** Bytes 8 to 15 of an IPv6 address, or the IPv4 address. */
    public long destinationLow() {
        return destinationLow;
    }

    /** 0 to 65535. */
    public int sourcePort() {
        return sourcePort;
    }

    /** 0 to 65535. */
    public int destinationPort() {
        return destinationPort;
    }

    /** TTL or hop limit, 0 to 255, as it was when captured. */
    public int ttl() {
        return ttl;
    }

    public UdpChecksum checksum() {
        return checksum;
    }

    /** The UDP payload, position to limit, big-endian; as far as there is one. */
    public ByteBuffer payload() {
        return payload;
    }

    /** The sender. */
    public InetAddress source() {
        return address(ipv6, sourceHigh, sourceLow);
    }

    /** Whom it was sent to: a group, or one host. */
    public InetAddress destination() {
        return address(ipv6, destinationHigh, destinationLow);
    }

    void clear(long time) {
        timeNs = time;
        ipv6 = false;
        sourceHigh = 0;
        sourceLow = 0;
        destinationHigh = 0;
        destinationLow = 0;
        sourcePort = 0;
        destinationPort = 0;
        ttl = 0;
        checksum = UdpChecksum.ABSENT;
        payload = EMPTY;
    }

    private static InetAddress address(boolean ipv6, long high, long low) {
        ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
        if (ipv6) {
            bytes.putLong(high).putLong(low);
        } else {
            bytes.putInt((int) low);
        }
        try {
            return InetAddress.getByAddress(bytes.array());
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // 4 and 16 bytes are always an address
        }
    }
}
