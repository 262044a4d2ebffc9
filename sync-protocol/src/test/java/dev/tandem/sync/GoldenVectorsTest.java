package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncState;
import java.nio.ByteBuffer;
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

    private static final int CLIENT = 0x0A00_0002;

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
        SyncRecord record = new SyncRecord();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1472);

        encoder.wrap(buffer);
        assertTrue(encoder.claim(record, false));
        record.protocol(IpProtocol.TCP)
                .flags(SyncFlags.MASQ)
                .state(SyncState.TCP_ESTABLISHED)
                .clientPort(40_000)
                .virtualPort(80)
                .realPort(8080)
                .fwmark(0)
                .timeoutSeconds(900)
                .clientAddress(CLIENT)
                .virtualAddress(0x0A00_0001)
                .realAddress(0xC0A8_0A03);
        assertEquals(44, encoder.finish());

        byte[] written = new byte[buffer.remaining()];
        buffer.get(written);
        assertArrayEquals(ONE_CONNECTION, written);
    }

    @Test
    void shouldReadOptionsAndTemplates() {
        SyncDecoder decoder = new SyncDecoder("sip");
        List<String> seen = new ArrayList<>();

        SyncVerdict verdict =
                decoder.decode(
                        ByteBuffer.wrap(FOUR_CONNECTIONS), 0, record -> seen.add(describe(record)));

        assertEquals(SyncVerdict.ACCEPTED, verdict);
        assertEquals(
                List.of(
                        "6 10200 1 40001 21 21 0 900 c0a80a03 in 11223344 0 0 out 55667788 6 -6",
                        "17 1100 1 0 5060 5060 0 60 c0a81401 engine sip abc123@host",
                        "0 1100 1 0 0 0 7 300 c0a81401"),
                seen);
        assertEquals(1, decoder.counters().of(SyncVerdict.RECORD_IPV6));
    }

    private static String describe(SyncRecord record) {
        assertEquals(CLIENT, record.clientAddress());
        String text =
                "%d %x %d %d %d %d %d %d %x"
                        .formatted(
                                record.protocol(),
                                record.flags(),
                                record.state(),
                                record.clientPort(),
                                record.virtualPort(),
                                record.realPort(),
                                record.fwmark(),
                                record.timeoutSeconds(),
                                record.realAddress());
        SyncOptions options = record.options();
        if (options.hasSequence()) {
            text +=
                    " in %x %d %d out %x %d %d"
                            .formatted(
                                    options.inInitialSequence(),
                                    options.inDelta(),
                                    options.inPreviousDelta(),
                                    options.outInitialSequence(),
                                    options.outDelta(),
                                    options.outPreviousDelta());
        }
        if (options.hasEngineData()) {
            text += " engine " + TestEngine.name(options) + " " + TestEngine.data(options);
        }
        return text;
    }

    @Test
    void shouldCountVersion0AsNotSupported() {
        SyncDecoder decoder = new SyncDecoder();

        SyncVerdict verdict = decoder.decode(ByteBuffer.wrap(VERSION_0), 5, _ -> {});

        assertEquals(SyncVerdict.VERSION_0, verdict);
        assertEquals(1, decoder.counters().of(SyncVerdict.VERSION_0));
        assertEquals(0, decoder.counters().records());
    }
}
