package dev.tandem.director.testing;

import java.nio.ByteBuffer;

/** ARP frames (RFC 826), without a virtio-net header as ports hand them out. */
public final class TestArp {
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private TestArp() {}

    /** Who has {@code target}? */
    public static byte[] request(long hardware, String sender, String target) {
        return frame(BROADCAST, 1, hardware, sender, 0, target);
    }

    /** {@code sender} is at {@code hardware}, said to the host with {@code toHardware}. */
    public static byte[] reply(long hardware, String sender, long toHardware) {
        return frame(toHardware, 2, hardware, sender, toHardware, "0.0.0.0");
    }

    public static byte[] reply(
            long hardware, String sender, long targetHardware, String targetAddress) {
        return frame(targetHardware, 2, hardware, sender, targetHardware, targetAddress);
    }

    /** {@code address} announced by a request for itself. */
    public static byte[] gratuitous(long hardware, String address) {
        return request(hardware, address, address);
    }

    /** RFC 5227 section 2.1.1: a request with an empty sender address. */
    public static byte[] probe(long hardware, String address) {
        return request(hardware, "0.0.0.0", address);
    }

    private static byte[] frame(
            long destination,
            int operation,
            long senderHardware,
            String sender,
            long targetHardware,
            String target) {
        ByteBuffer frame = ByteBuffer.allocate(42);
        put(frame, destination);
        put(frame, senderHardware);
        frame.putShort((short) 0x0806).putShort((short) 1).putShort((short) 0x0800);
        frame.put((byte) 6).put((byte) 4).putShort((short) operation);
        put(frame, senderHardware);
        frame.putInt(Lan.address(sender));
        put(frame, targetHardware);
        frame.putInt(Lan.address(target));
        return frame.array();
    }

    private static void put(ByteBuffer frame, long hardware) {
        frame.putShort((short) (hardware >> 32)).putInt((int) hardware);
    }
}
