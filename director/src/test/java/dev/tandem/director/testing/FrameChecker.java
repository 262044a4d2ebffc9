package dev.tandem.director.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Checks everything about a sent frame that must hold for any frame, of packets inside tunnels too.
 * Of fragments only what one of them shows.
 */
public final class FrameChecker {
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;

    private FrameChecker() {}

    /** Lengths agree, and every checksum of the frame is right. */
    public static void check(byte[] frame) {
        int type = u16(frame, PacketBuilder.VNET + 12);
        if (type == 0x0806) {
            assertEquals(PacketBuilder.VNET + 42, frame.length, "length of an ARP frame");
            return;
        }
        int version = frame[IP] >>> 4;
        assertEquals(version == 6 ? 0x86DD : 0x0800, type, "Ethernet type");
        checkPacket(frame, IP, (frame[0] & 1) != 0, frame.length - IP);
    }

    private static void checkPacket(byte[] frame, int ip, boolean partial, int length) {
        if (frame[ip] >>> 4 == 6) {
            checkPacket6(frame, ip, partial, length);
            return;
        }
        int headerLength = (frame[ip] & 0x0F) * 4;
        int totalLength = u16(frame, ip + 2);
        assertEquals(4, frame[ip] >> 4, "IP version");
        assertEquals(length, totalLength, "IP total length");
        assertEquals(
                0xFFFF, InternetChecksum.sum(frame, ip, headerLength, 0), "IP header checksum");
        boolean fragment = (u16(frame, ip + 6) & 0x3FFF) != 0;
        if (!fragment) {
            int protocol = frame[ip + 9] & 0xFF;
            checkTransport(frame, ip, protocol, headerLength, totalLength - headerLength, partial);
        }
    }

    private static void checkPacket6(byte[] frame, int ip, boolean partial, int length) {
        assertEquals(length, 40 + u16(frame, ip + 4), "IPv6 payload length");
        int next = frame[ip + 6] & 0xFF;
        int at = 40;
        while (next == 0 || next == 43 || next == 60 || next == 51 || next == 44) {
            if (next == 44 && (u16(frame, ip + at + 2) & 0xFFF9) != 0) {
                return;
            }
            int field = frame[ip + at + 1] & 0xFF;
            int size = next == 51 ? (field + 2) * 4 : (field + 1) * 8;
            next = frame[ip + at] & 0xFF;
            at += size;
        }
        checkTransport(frame, ip, next, at, length - at, partial);
    }

    private static void checkTransport(
            byte[] frame, int ip, int protocol, int header, int length, boolean partial) {
        int transport = ip + header;
        switch (protocol) {
            case 4, 41 -> checkPacket(frame, transport, false, length);
            case 47 -> checkGre(frame, transport, length);
            case 132 -> checkSctp(frame, transport, length);
            case 1, 6, 17, 58 -> checkSum(frame, ip, protocol, transport, length, partial);
            default -> {}
        }
    }

    private static void checkGre(byte[] frame, int gre, int length) {
        boolean withChecksum = u16(frame, gre) == 0x8000;
        if (withChecksum) {
            assertEquals(0xFFFF, InternetChecksum.sum(frame, gre, length, 0), "GRE checksum");
        }
        int header = withChecksum ? 8 : 4;
        checkPacket(frame, gre + header, false, length - header);
    }

    private static void checkSctp(byte[] frame, int sctp, int length) {
        byte[] packet = java.util.Arrays.copyOfRange(frame, sctp, sctp + length);
        ByteBuffer bytes = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        int is = bytes.getInt(8);
        bytes.putInt(8, 0);
        CRC32C crc = new CRC32C();
        crc.update(packet);
        assertEquals((int) crc.getValue(), is, "CRC32c");
    }

    private static void checkSum(
            byte[] frame, int ip, int protocol, int transport, int length, boolean partial) {
        int pseudo = protocol == 1 ? 0 : InternetChecksum.pseudoHeader(frame, ip, protocol, length);
        if (partial) {
            int field = transport + (protocol == 6 ? 16 : 6);
            assertTrue(
                    sameSum(pseudo, u16(frame, field)),
                    "a partial checksum is the sum of the pseudo header");
            return;
        }
        boolean tunnel = protocol == 17 && u16(frame, transport + 2) == PathFixture.GUE_PORT;
        if (protocol == 17 && !tunnel) {
            assertNotEquals(0, u16(frame, transport + 6), "UDP goes out with a checksum");
        }
        if (!tunnel || u16(frame, transport + 6) != 0) {
            assertEquals(
                    0xFFFF,
                    InternetChecksum.sum(frame, transport, length, pseudo),
                    "transport checksum");
        }
        if (tunnel) {
            assertEquals(length, u16(frame, transport + 4), "UDP length");
            checkPacket(frame, transport + 12, false, length - 12);
        } else if (protocol == 1 && (frame[transport] == 3 || frame[transport] == 11)) {
            int quoted = transport + 8;
            assertEquals(
                    0xFFFF,
                    InternetChecksum.sum(frame, quoted, (frame[quoted] & 0x0F) * 4, 0),
                    "header checksum of the quoted packet");
        }
    }

    /** One's complement has two zeros. */
    private static boolean sameSum(int one, int other) {
        return one % 0xFFFF == other % 0xFFFF;
    }

    private static int u16(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getShort(offset) & 0xFFFF;
    }
}
