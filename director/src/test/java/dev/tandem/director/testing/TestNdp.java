package dev.tandem.director.testing;

import java.nio.ByteBuffer;

/**
 * Frames of IPv6 neighbour discovery (RFC 4861), without a virtio-net header as ports hand them
 * out.
 */
public final class TestNdp {
    /** An option that is not there. */
    public static final long NO_OPTION = -1;

    public static final String NOBODY = "::";
    public static final String ALL_NODES = "ff02::1";

    private static final int IP = 14;
    private static final int MESSAGE = IP + 40;

    private TestNdp() {}

    /** Who has {@code target}? Asked of all whose address ends alike. */
    public static byte[] solicitation(long hardware, String source, String target) {
        return frame(multicast(group(target)), hardware, source, group(target), 135, 0, target)
                .option(1, hardware)
                .toArray();
    }

    /** The same, asked of one who is thought to have it, without an option. */
    public static byte[] unicastSolicitation(
            long toHardware, long hardware, String source, String target) {
        return frame(toHardware, hardware, source, target, 135, 0, target).toArray();
    }

    /** RFC 4862 section 5.4.2: may I take {@code target}? */
    public static byte[] probe(long hardware, String target) {
        return frame(multicast(group(target)), hardware, NOBODY, group(target), 135, 0, target)
                .toArray();
    }

    /** {@code target} is at {@code hardware}, said to a neighbour. */
    public static byte[] advertisement(
            long hardware, String target, int flags, long toHardware, String to) {
        return frame(toHardware, hardware, target, to, 136, flags, target)
                .option(2, hardware)
                .toArray();
    }

    /** The same, said to everybody. */
    public static byte[] announcement(long hardware, String target, int flags) {
        return advertisement(hardware, target, flags, multicast(ALL_NODES), ALL_NODES);
    }

    /** Makes a frame right again whose bytes behind the IPv6 header were changed. */
    public static byte[] withChecksum(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int length = frame.length - MESSAGE;
        bytes.putShort(MESSAGE + 2, (short) 0);
        int pseudo = InternetChecksum.sum(frame, IP + 8, 32, length + 58);
        bytes.putShort(MESSAGE + 2, (short) ~InternetChecksum.sum(frame, MESSAGE, length, pseudo));
        return frame;
    }

    private static String group(String address) {
        long last = Lan.low(address) & 0xFF_FFFF;
        return "ff02::1:ff%02x:%x".formatted(last >> 16, last & 0xFFFF);
    }

    private static long multicast(String group) {
        return 0x3333_0000_0000L | (Lan.low(group) & 0xFFFF_FFFFL);
    }

    private static Builder frame(
            long toHardware,
            long hardware,
            String source,
            String destination,
            int type,
            int flags,
            String target) {
        Builder builder = new Builder();
        ByteBuffer bytes = builder.bytes;
        put(bytes, toHardware);
        put(bytes, hardware);
        bytes.putShort((short) 0x86DD).putInt(0x6000_0000).putShort((short) 0);
        bytes.put((byte) 58).put((byte) 255);
        bytes.put(Lan.inet(source).getAddress()).put(Lan.inet(destination).getAddress());
        bytes.put((byte) type).put((byte) 0).putShort((short) 0).putInt(flags << 24);
        bytes.put(Lan.inet(target).getAddress());
        return builder;
    }

    private static void put(ByteBuffer bytes, long hardware) {
        bytes.putShort((short) (hardware >> 32)).putInt((int) hardware);
    }

    private static final class Builder {
        private final ByteBuffer bytes = ByteBuffer.allocate(128);

        Builder option(int type, long hardware) {
            bytes.put((byte) type).put((byte) 1);
            put(bytes, hardware);
            return this;
        }

        byte[] toArray() {
            byte[] frame = new byte[bytes.position()];
            bytes.putShort(IP + 4, (short) (frame.length - MESSAGE));
            bytes.get(0, frame);
            return withChecksum(frame);
        }
    }
}
