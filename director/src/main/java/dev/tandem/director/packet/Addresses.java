package dev.tandem.director.packet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Between addresses as people write them and the numbers of the data plane. */
public final class Addresses {
    private Addresses() {}

    /** 10.0.0.1 as 0x0A000001. */
    public static int toInt(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not an IPv4 address");
        }
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    public static InetAddress toInetAddress(int address) {
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(address).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
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
