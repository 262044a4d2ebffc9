package dev.tandem.director.packet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Between addresses as people write them and the numbers of the data plane. */
public final class Addresses {
    /** Groups of 16 bits in an IPv6 address. */
    private static final int GROUPS = 8;

    private static final int IPV6_BYTES = 16;

    private Addresses() {}

    /** 10.0.0.1 as 0x0A000001. */
    public static int toInt(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not an IPv4 address");
        }
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /** Bytes 0 to 7 of an IPv6 address as a number; 0 for IPv4. */
    public static long high(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == IPV6_BYTES ? ByteBuffer.wrap(bytes).getLong() : 0;
    }

    /** Bytes 8 to 15 of an IPv6 address as a number, or an IPv4 address as an unsigned number. */
    public static long low(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.capacity() == IPV6_BYTES
                ? bytes.getLong(Long.BYTES)
                : Integer.toUnsignedLong(bytes.getInt());
    }

    public static InetAddress toInetAddress(int address) {
        return toInetAddress(ByteBuffer.allocate(4).putInt(address).array());
    }

    /**
     * An IPv6 address; one that maps an IPv4 address comes back as that.
     *
     * @param high bytes 0 to 7
     * @param low bytes 8 to 15
     */
    public static InetAddress toInetAddress(long high, long low) {
        return toInetAddress(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
    }

    private static InetAddress toInetAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four or sixteen bytes are an address", e);
        }
    }

    /** 10.0.0.1. */
    public static String format(int address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >>> 24,
                        address >>> 16 & 0xFF,
                        address >>> 8 & 0xFF,
                        address & 0xFF);
    }

    /**
     * 2001:db8::1, as inet_ntop(3) of the GNU C library writes it, and so every tool that prints
     * addresses: the longest run of zero groups shortened, the last 32 bits dotted when the rest is
     * zero or ffff (::10.0.0.1, ::ffff:10.0.0.1).
     *
     * @param high bytes 0 to 7
     * @param low bytes 8 to 15
     */
    public static String format(long high, long low) {
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(high, low, end) == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        boolean dotted =
                runStart == 0
                        && (runLength == GROUPS - 2
                                || (runLength == GROUPS - 3 && group(high, low, 5) == 0xFFFF));
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (runStart <= i && i < runStart + runLength && runStart >= 0) {
                if (i == runStart) {
                    text.append("::");
                }
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            if (dotted && i == GROUPS - 2) {
                return text.append(format((int) low)).toString();
            }
            text.append(Integer.toHexString(group(high, low, i)));
        }
        return text.toString();
    }

    private static int group(long high, long low, int i) {
        long half = i < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - 16 * (i % (GROUPS / 2)))) & 0xFFFF;
    }

    /** 02:00:0a:4d:01:02. */
    public static String formatHardware(long hardwareAddress) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append("%02x".formatted(hardwareAddress >>> shift & 0xFF));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
