package dev.tandem.director.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;

/** Checks everything about a sent frame that must hold for any frame. */
public final class FrameChecker {
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;

    private FrameChecker() {}

    /** Lengths agree, and every checksum of the frame is right. */
    public static void check(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int type = u16(bytes, PacketBuilder.VNET + 12);
        if (type == 0x0806) {
            assertEquals(PacketBuilder.VNET + 42, frame.length, "length of an ARP frame");
            return;
        }
        assertEquals(0x0800, type, "Ethernet type");
        checkPacket(frame, IP, (frame[0] & 1) != 0, frame.length - IP);
    }

    private static void checkPacket(byte[] frame, int ip, boolean partial, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int headerLength = (frame[ip] & 0x0F) * 4;
        int totalLength = u16(bytes, ip + 2);
        assertEquals(4, frame[ip] >> 4, "IP version");
        assertEquals(length, totalLength, "IP total length");
        assertEquals(
                0xFFFF, InternetChecksum.sum(frame, ip, headerLength, 0), "IP header checksum");
        int transport = ip + headerLength;
        int transportLength = totalLength - headerLength;
        int protocol = frame[ip + 9];
        int pseudo = protocol == 1 ? 0 : InternetChecksum.pseudoHeader(frame, ip, transportLength);
        if (partial) {
            int field = transport + (protocol == 6 ? 16 : 6);
            assertTrue(
                    sameSum(pseudo, u16(bytes, field)),
                    "a partial checksum is the sum of the pseudo header");
            return;
        }
        if (protocol == 17) {
            assertNotEquals(0, u16(bytes, transport + 6), "UDP goes out with a checksum");
        }
        assertEquals(
                0xFFFF,
                InternetChecksum.sum(frame, transport, transportLength, pseudo),
                "transport checksum");
        if (protocol == 1 && (frame[transport] == 3 || frame[transport] == 11)) {
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

    private static int u16(ByteBuffer bytes, int offset) {
        return bytes.getShort(offset) & 0xFFFF;
    }
}
