package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole messages, byte for byte as a kernel writes them. */
class GoldenVectorsTest {
    private static final byte[] ONE_CONNECTION =
            bytes(
                    """
                    00 05 00 2c 01 01 00 00 00 06 00 24 00 00 00 00
                    00 01 9c 40 00 50 1f 90 00 00 00 00 00 00 03 84
                    0a 00 00 02 0a 00 00 01 c0 a8 0a 03
                    """);

    /**
     * An FTP control connection with sequence data, a SIP template, an IPv6 connection over direct
     * routing, a template of firewall mark 7.
     */
    private static final byte[] FOUR_CONNECTIONS =
            bytes(
                    """
                    00 00 00 ec 04 01 00 00 00 06 00 3e 00 01 02 00
                    00 01 9c 41 00 15 00 15 00 00 00 00 00 00 03 84
                    0a 00 00 02 0a 00 00 01 c0 a8 0a 03 01 18 11 22
                    33 44 00 00 00 00 00 00 00 00 55 66 77 88 00 00
                    00 06 ff ff ff fa 00 00 00 11 00 36 00 00 11 00
                    00 01 00 00 13 c4 13 c4 00 00 00 00 00 00 00 3c
                    0a 00 00 02 0a 00 00 02 c0 a8 14 01 02 0b 61 62
                    63 31 32 33 40 68 6f 73 74 03 03 73 69 70 00 00
                    01 06 00 48 00 00 01 83 00 04 9c 42 00 50 00 50
                    00 00 00 00 00 00 00 78 20 01 0d b8 00 00 00 00
                    00 00 00 00 00 00 00 02 20 01 0d b8 00 00 00 00
                    00 00 00 00 00 00 00 80 20 01 0d b8 00 00 00 00
                    00 00 00 00 00 00 a0 a0 00 00 00 24 00 00 11 00
                    00 01 00 00 00 00 00 00 00 00 00 07 00 00 01 2c
                    0a 00 00 02 00 00 00 07 c0 a8 14 01
                    """);

    private static final byte[] VERSION_0 =
            bytes(
                    """
                    01 05 00 1c 00 06 9c 40 00 50 1f 90 0a 00 00 02
                    0a 00 00 01 c0 a8 0a 03 00 00 00 01
                    """);

    /** As before, with an FTP connection with sequence data behind it, written on x86. */
    private static final byte[] VERSION_0_SEQUENCE =
            bytes(
                    """
                    02 05 00 4c 00 06 9c 40 00 50 1f 90 0a 00 00 02
                    0a 00 00 01 c0 a8 0a 03 00 00 00 01 00 06 9c 41
                    00 15 00 15 0a 00 00 02 0a 00 00 01 c0 a8 0a 03
                    02 00 00 01 44 33 22 11 00 00 00 00 00 00 00 00
                    88 77 66 55 06 00 00 00 fa ff ff ff
                    """);

    private static final int CLIENT = 0x0A00_0002;
    private static final long DOCUMENTATION = 0x2001_0DB8_0000_0000L;

    private final SyncRecord record = new SyncRecord();
    private final ByteBuffer buffer = dirtyBuffer();

    /** What an earlier message left must not shine through. */
    private static ByteBuffer dirtyBuffer() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1472);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0xEE);
        }
        return buffer.flip();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    @Test
    void shouldReadOneConnection() {
        SyncDecoder decoder = new SyncDecoder();

        SyncVerdict verdict =
                decoder.decode(
                        ByteBuffer.wrap(ONE_CONNECTION),
                        5,
                        record -> {
                            assertFalse(record.isIpv6());
                            assertFalse(record.isTemplate());
                            assertEquals(36, record.length());
                            assertEquals(IpProtocol.TCP, record.protocol());
                            assertEquals(SyncFlags.MASQ, record.flags() & SyncFlags.FWD_MASK);
                            assertEquals(SyncState.TCP_ESTABLISHED, record.state());
                            assertEquals(40_000, record.clientPort());
                            assertEquals(80, record.virtualPort());
                            assertEquals(8080, record.realPort());
                            assertEquals(0, record.fwmark());
                            assertEquals(900, record.timeoutSeconds());
                            assertEquals(CLIENT, record.clientAddress());
                            assertEquals(0x0A00_0001, record.virtualAddress());
                            assertEquals(0xC0A8_0A03, record.realAddress());
                        });

        assertEquals(SyncVerdict.ACCEPTED, verdict);
        assertEquals(1, decoder.counters().records());
    }

    @Test
    void shouldWriteOneConnection() {
        SyncEncoder encoder = new SyncEncoder(5, 1472);
        encoder.wrap(buffer);
        assertTrue(encoder.claim(record, false));
        fillEstablished(40_000, 80, 8080).timeoutSeconds(900);
        assertEquals(44, encoder.finish());

        assertArrayEquals(ONE_CONNECTION, written());
    }

    private SyncRecord fillEstablished(int clientPort, int virtualPort, int realPort) {
        return record.protocol(IpProtocol.TCP)
                .flags(SyncFlags.MASQ)
                .state(SyncState.TCP_ESTABLISHED)
                .clientPort(clientPort)
                .virtualPort(virtualPort)
                .realPort(realPort)
                .clientAddress(CLIENT)
                .virtualAddress(0x0A00_0001)
                .realAddress(0xC0A8_0A03);
    }

    private byte[] written() {
        byte[] written = new byte[buffer.remaining()];
        buffer.get(written);
        return written;
    }

    @Test
    void shouldWriteOptionsAndTemplates() {
        SyncEncoder encoder = new SyncEncoder(0, 1472);
        encoder.wrap(buffer);
        assertTrue(encoder.claim(record, false, SyncOption.length(true, 0, 0)));
        fillEstablished(40_001, 21, 21)
                .flags(SyncFlags.OUT_SEQ | SyncFlags.NFCT)
                .timeoutSeconds(900);
        encoder.appendSequence(0x11223344, 0, 0, 0x55667788, 6, -6);
        byte[] callId = "abc123@host and more".getBytes(StandardCharsets.US_ASCII);
        byte[] sip = {'s', 'i', 'p', 0};
        assertTrue(encoder.claim(record, false, SyncOption.length(false, 11, 3)));
        record.protocol(IpProtocol.UDP)
                .flags(SyncFlags.TEMPLATE | SyncFlags.INACTIVE)
                .state(SyncState.TEMPLATE_ASSURED)
                .virtualPort(5060)
                .realPort(5060)
                .timeoutSeconds(60)
                .clientAddress(CLIENT)
                .virtualAddress(CLIENT)
                .realAddress(0xC0A8_1401);
        encoder.appendEngine(callId, 11, sip, 3);
        assertTrue(encoder.claim(record, true));
        record.protocol(IpProtocol.TCP)
                .flags(SyncFlags.DROUTE | SyncFlags.NOOUTPUT | SyncFlags.INACTIVE)
                .state(SyncState.TCP_FIN_WAIT)
                .clientPort(40_002)
                .virtualPort(80)
                .realPort(80)
                .timeoutSeconds(120)
                .clientAddress(DOCUMENTATION, 2)
                .virtualAddress(DOCUMENTATION, 0x80)
                .realAddress(DOCUMENTATION, 0xA0A0);
        assertTrue(encoder.claim(record, false));
        record.protocol(IpProtocol.IP)
                .flags(SyncFlags.TEMPLATE | SyncFlags.INACTIVE)
                .state(SyncState.TEMPLATE_ASSURED)
                .fwmark(7)
                .timeoutSeconds(300)
                .clientAddress(CLIENT)
                .virtualAddress(7)
                .realAddress(0xC0A8_1401);
        assertEquals(236, encoder.finish());

        assertArrayEquals(FOUR_CONNECTIONS, written());
    }

    @Test
    void shouldWriteVersion0() {
        SyncEncoder encoder = new SyncEncoder(5, 1472, 0);
        encoder.wrap(buffer);
        assertTrue(encoder.claim(record, false));
        fillEstablished(40_000, 80, 8080)
                .flags(SyncFlags.NFCT | SyncFlags.HASHED | SyncFlags.IN_SEQ)
                .fwmark(7)
                .timeoutSeconds(900);
        assertEquals(28, encoder.finish());

        assertArrayEquals(VERSION_0, written());
    }

    @Test
    void shouldWriteVersion0WithSequence() {
        SyncEncoder encoder = new SyncEncoder(5, 1472, 0);
        encoder.wrap(buffer);
        assertTrue(encoder.claim(record, false, SyncOption.length(true, 0, 0)));
        fillEstablished(40_000, 80, 8080);
        encoder.appendSequence(1, 2, 3, 4, 5, 6); // no flag asks for them
        assertTrue(encoder.claim(record, false, SyncOption.length(true, 11, 3)));
        fillEstablished(40_001, 21, 21).flags(SyncFlags.OUT_SEQ);
        encoder.appendSequence(0x11223344, 0, 0, 0x55667788, 6, -6);
        encoder.appendEngine(new byte[11], 11, new byte[3], 3);
        assertEquals(76, encoder.finish());

        assertArrayEquals(VERSION_0_SEQUENCE, written());
    }

    @Test
    void shouldReadOptionsAndTemplates() {
        SyncDecoder decoder = new SyncDecoder("sip");
        List<String> seen = new ArrayList<>();

        SyncVerdict verdict =
                decoder.decode(
                        ByteBuffer.wrap(FOUR_CONNECTIONS),
                        0,
                        record -> seen.add(RecordText.of(record)));

        assertEquals(SyncVerdict.ACCEPTED, verdict);
        assertEquals(
                List.of(
                        "6 10200 1 40001 21 21 0 900 10.0.0.2 10.0.0.1 192.168.10.3"
                                + " in 11223344 0 0 out 55667788 6 -6",
                        "17 1100 1 0 5060 5060 0 60 10.0.0.2 10.0.0.2 192.168.20.1"
                                + " engine sip abc123@host",
                        "6 183 4 40002 80 80 0 120"
                                + " 2001:db8:0:0:0:0:0:2 2001:db8:0:0:0:0:0:80"
                                + " 2001:db8:0:0:0:0:0:a0a0",
                        "0 1100 1 0 0 0 7 300 10.0.0.2 0.0.0.7 192.168.20.1"),
                seen);
    }

    @Test
    void shouldReadVersion0AsTheVersion1ItWouldBe() {
        SyncDecoder decoder = new SyncDecoder();
        List<String> seen = new ArrayList<>();

        SyncVerdict verdict =
                decoder.decode(
                        ByteBuffer.wrap(VERSION_0_SEQUENCE),
                        5,
                        record ->
                                seen.add(
                                        decoder.recordIndex()
                                                + "@"
                                                + decoder.recordOffset()
                                                + " "
                                                + RecordText.of(record)));

        assertEquals(SyncVerdict.ACCEPTED, verdict);
        assertEquals(
                List.of(
                        "0@4 6 0 1 40000 80 8080 0 0 10.0.0.2 10.0.0.1 192.168.10.3",
                        "1@28 6 200 1 40001 21 21 0 0 10.0.0.2 10.0.0.1 192.168.10.3"
                                + " in 11223344 0 0 out 55667788 6 -6"),
                seen);
        assertEquals(0, decoder.version());
        assertEquals(76, decoder.readLength());
        assertEquals(1, decoder.counters().version0());
    }
}
