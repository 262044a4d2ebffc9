package dev.tandem.tools.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Builds a capture file of sync messages as tcpdump writes it: Ethernet, IPv4, UDP from 10.98.0.11
 * to 224.0.0.81:8848 one second apart, fragmented when longer than an Ethernet frame.
 */
final class TestCapture {
    /** When the first message passes, UNIX seconds. */
    static final long START = 1_800_000_000L;

    private static final int FRAGMENT = 1480;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private long micros = START * 1_000_000;
    private byte[] last = {};
    private int port = 8848;
    private int id = 1;

    TestCapture() {
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
        header.putInt(16, 262_144).putInt(20, 1);
        file.writeBytes(header.array());
    }

    /** Later messages go to this port. */
    TestCapture port(int toPort) {
        port = toPort;
        return this;
    }

    /** Later messages come so much later than a second after the last one. */
    TestCapture pause(double seconds) {
        micros += Math.round(seconds * 1e6);
        return this;
    }

    TestCapture message(byte[] payload) {
        last = payload;
        return frames(udp(payload));
    }

    /** The last message again, with a wrong checksum. */
    TestCapture damaged() {
        byte[] datagram = udp(last);
        datagram[6] ^= 0x55;
        return frames(datagram);
    }

    Path write(Path dir) throws IOException {
        return Files.write(dir.resolve("test.pcap"), file.toByteArray());
    }

    private TestCapture frames(byte[] datagram) {
        for (int at = 0; at < datagram.length; at += FRAGMENT) {
            int end = Math.min(datagram.length, at + FRAGMENT);
            ByteBuffer frame = ByteBuffer.allocate(16 + 14 + 20 + end - at);
            frame.order(ByteOrder.LITTLE_ENDIAN);
            frame.putInt((int) (micros / 1_000_000)).putInt((int) (micros % 1_000_000));
            frame.putInt(frame.limit() - 16).putInt(frame.limit() - 16);
            frame.order(ByteOrder.BIG_ENDIAN);
            frame.putShort(16 + 12, (short) 0x0800);
            ByteBuffer ip = frame.slice(30, 20);
            ip.putShort((short) 0x4500).putShort((short) (20 + end - at)).putShort((short) id);
            ip.putShort((short) ((end < datagram.length ? 0x2000 : 0) | at / 8));
            ip.put((byte) 1).put((byte) 17).putShort((short) 0);
            ip.putInt(0x0A62000B).putInt(0xE0000051);
            ip.putShort(10, (short) ~sum(0, List.of(ip.rewind())));
            frame.position(50).put(datagram, at, end - at);
            file.writeBytes(frame.array());
        }
        id++;
        micros += 1_000_000;
        return this;
    }

    private byte[] udp(byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
        datagram.putShort((short) 40_000).putShort((short) port);
        datagram.putShort((short) datagram.limit()).putShort((short) 0).put(payload).flip();
        ByteBuffer addresses = ByteBuffer.allocate(8).putInt(0x0A62000B).putInt(0xE0000051).flip();
        int sum = sum(17 + datagram.limit(), List.of(addresses, datagram));
        datagram.putShort(6, (short) ~sum);
        return datagram.array();
    }

    private static int sum(int start, List<ByteBuffer> parts) {
        int sum = start;
        for (ByteBuffer part : parts) {
            for (int i = part.position(); i < part.limit(); i++) {
                int b = Byte.toUnsignedInt(part.get(i));
                sum += (i - part.position()) % 2 == 0 ? b << 8 : b;
                sum = (sum & 0xFFFF) + (sum >> 16);
            }
        }
        return sum;
    }
}
