package dev.tandem.sync.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds frames as they stand on the wire, written from the RFCs and not with the code under test.
 */
final class Frames {
    static final int UDP = 17;
    static final int UNITS = 8;

    private Frames() {}

    static byte[] ethernet(byte[] packet) {
        return join(new byte[12], shorts(isIpv6(packet) ? 0x86DD : 0x0800), packet);
    }

    /** With tags of these types, the outermost first. */
    static byte[] tagged(byte[] packet, int... types) {
        byte[] frame = new byte[12];
        for (int type : types) {
            frame = join(frame, shorts(type), shorts(100));
        }
        return join(frame, shorts(isIpv6(packet) ? 0x86DD : 0x0800), packet);
    }

    static byte[] cooked(byte[] packet) {
        return join(new byte[14], shorts(isIpv6(packet) ? 0x86DD : 0x0800), packet);
    }

    static byte[] cooked2(byte[] packet) {
        return join(shorts(isIpv6(packet) ? 0x86DD : 0x0800), new byte[18], packet);
    }

    static byte[] ipv4(String from, String to, byte[] carried) {
        return ipv4(from, to, UDP, 0x1234, 0, false, carried);
    }

    static byte[] ipv4(
            String from,
            String to,
            int protocol,
            int id,
            int fragmentOffset,
            boolean more,
            byte[] carried) {
        byte[] header =
                join(
                        shorts(
                                0x4500,
                                20 + carried.length,
                                id,
                                (more ? 0x2000 : 0) | fragmentOffset / UNITS,
                                1 << 8 | protocol,
                                0),
                        address(from),
                        address(to));
        putShort(header, 10, ~fold(sum(header)));
        return join(header, carried);
    }

    static byte[] ipv6(String from, String to, byte[] carried) {
        return ipv6(from, to, UDP, carried);
    }

    static byte[] ipv6(String from, String to, int nextHeader, byte[] carried) {
        return join(
                shorts(0x6000, 0, carried.length, nextHeader << 8 | 1),
                address(from),
                address(to),
                carried);
    }

    /** An IPv6 fragment header before {@code part}. */
    static byte[] fragment(int nextHeader, int id, int offset, boolean more, byte[] part) {
        return join(shorts(nextHeader << 8, offset | (more ? 1 : 0), id >>> 16, id & 0xFFFF), part);
    }

    /** A UDP datagram with its checksum. */
    static byte[] udp(String from, String to, int fromPort, int toPort, byte[] payload) {
        byte[] datagram = join(shorts(fromPort, toPort, 8 + payload.length, 0), payload);
        int sum = fold(pseudoSum(from, to, datagram.length) + sum(datagram));
        putShort(datagram, 6, sum == 0xFFFF ? 0xFFFF : ~sum);
        return datagram;
    }

    /** The sum of the pseudo header alone: what a host leaves to its card. */
    static long pseudoSum(String from, String to, int length) {
        return sum(join(address(from), address(to))) + UDP + length;
    }

    static byte[] payload(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    /** Cuts what an IPv4 packet carries into fragments of so many bytes. */
    static List<byte[]> fragments(String from, String to, int id, byte[] carried, int size) {
        List<byte[]> packets = new ArrayList<>();
        for (int at = 0; at < carried.length; at += size) {
            int end = Math.min(carried.length, at + size);
            packets.add(
                    ipv4(
                            from,
                            to,
                            UDP,
                            id,
                            at,
                            end < carried.length,
                            Arrays.copyOfRange(carried, at, end)));
        }
        return packets;
    }

    static void putShort(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            bytes.put(part);
        }
        return bytes.array();
    }

    static int fold(long sum) {
        long folded = sum;
        while (folded > 0xFFFF) {
            folded = (folded & 0xFFFF) + (folded >> 16);
        }
        return (int) folded;
    }

    private static long sum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (long) Byte.toUnsignedInt(bytes[i]) << (i % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static boolean isIpv6(byte[] packet) {
        return packet.length > 0 && packet[0] >> 4 == 6;
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
