package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncEncoderTest {
    private final SyncRecord record = new SyncRecord();

    private int fill(SyncEncoder encoder, ByteBuffer buffer) {
        encoder.wrap(buffer);
        int records = 0;
        while (encoder.claim(record, false)) {
            record.protocol(IpProtocol.UDP).clientPort(records);
            records++;
        }
        return records;
    }

    @ParameterizedTest
    @CsvSource({
        "1472, 40, 1448",
        "44, 1, 44",
        "79, 1, 44",
        "80, 2, 80",
        "1, 1, 44",
        "9188, 255, 9188",
        "9187, 254, 9152",
        "65507, 255, 9188"
    })
    void shouldHoldThisManyRecords(int maxLength, int records, int length) {
        SyncEncoder encoder = new SyncEncoder(0, maxLength);
        ByteBuffer buffer = ByteBuffer.allocate(65_507);

        assertEquals(records, fill(encoder, buffer));
        assertEquals(records, encoder.count());
        assertEquals(length, encoder.finish());
        assertEquals(0, buffer.position());
        assertEquals(length, buffer.limit());
        SyncDecoder decoder = new SyncDecoder();
        assertEquals(SyncVerdict.ACCEPTED, decoder.decode(buffer, 0, _ -> {}));
        assertEquals(records, decoder.counters().records());
    }

    @Test
    void shouldStayWithinTheBuffer() {
        assertEquals(2, fill(new SyncEncoder(0, 1472), ByteBuffer.allocate(115)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SyncEncoder(0, 1472).wrap(ByteBuffer.allocate(43)));
    }

    @Test
    void shouldWriteAnEmptyMessage() {
        SyncEncoder encoder = new SyncEncoder(9, 1472);
        ByteBuffer buffer = ByteBuffer.allocate(1472);
        encoder.wrap(buffer);

        assertEquals(8, encoder.finish());
        assertEquals(SyncVerdict.ACCEPTED, new SyncDecoder().decode(buffer, 9, _ -> {}));
    }

    @Test
    void shouldLeaveNothingOfAnEarlierMessage() {
        SyncEncoder encoder = new SyncEncoder(0, 1472);
        ByteBuffer buffer = ByteBuffer.allocate(1472);
        new SplittableRandom(1).nextBytes(buffer.array());
        encoder.wrap(buffer);
        assertTrue(encoder.claim(record, false));
        record.protocol(IpProtocol.TCP);
        encoder.finish();

        SyncDecoder decoder = new SyncDecoder();
        SyncVerdict verdict =
                decoder.decode(
                        buffer,
                        0,
                        read -> {
                            assertEquals(0, read.flags());
                            assertEquals(0, read.state());
                            assertEquals(0, read.clientPort());
                            assertEquals(0, read.fwmark());
                            assertEquals(0, read.timeoutSeconds());
                            assertEquals(0, read.realAddress());
                        });

        assertEquals(SyncVerdict.ACCEPTED, verdict);
        assertEquals(1, decoder.counters().records());
    }

    @Test
    void shouldNeverSendTheHashedFlag() {
        SyncEncoder encoder = new SyncEncoder(0, 1472);
        encoder.wrap(ByteBuffer.allocate(100));
        assertTrue(encoder.claim(record, false));

        record.flags(SyncFlags.HASHED | SyncFlags.INACTIVE);

        assertEquals(SyncFlags.INACTIVE, record.flags());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void shouldRefuseSyncIdsThatAreNoByte(int syncId) {
        assertThrows(IllegalArgumentException.class, () -> new SyncEncoder(syncId, 1472));
    }

    @Test
    void shouldStartAfreshWithEachBuffer() {
        SyncEncoder encoder = new SyncEncoder(0, 80);
        assertEquals(2, fill(encoder, ByteBuffer.allocate(80)));
        assertFalse(encoder.claim(record, false));
        assertEquals(2, fill(encoder, ByteBuffer.allocate(80)));
    }

    @Test
    void shouldRefuseIpv6UnderVersion0() {
        SyncEncoder encoder = new SyncEncoder(0, 1472, 0);
        encoder.wrap(ByteBuffer.allocate(1472));

        assertFalse(encoder.carriesIpv6());
        assertFalse(encoder.claim(record, true));
        assertEquals(0, encoder.count());
        assertTrue(encoder.claim(record, false));
        assertTrue(new SyncEncoder(0, 1472).carriesIpv6());
    }

    @ParameterizedTest
    @CsvSource({
        // maximum, buffer, IPv6, options, records, length
        "1472, 1472, true,    0,  20, 1448",
        "  44,  500, true,    0,   1,   80",
        "  44,  500, true,  301,   1,  381",
        "  44,  380, true,  301,   0,    8",
        "1472, 1472, false,   6,  33, 1458",
        "65507, 65507, true,  0, 255, 18368"
    })
    void shouldKeepRoomForOptions(
            int maxLength, int space, boolean ipv6, int options, int records, int length) {
        SyncEncoder encoder = new SyncEncoder(0, maxLength);
        ByteBuffer buffer = ByteBuffer.allocate(space);
        encoder.wrap(buffer);
        int claimed = 0;
        while (encoder.claim(record, ipv6, options)) {
            record.protocol(IpProtocol.UDP);
            fillOptions(encoder, options);
            claimed++;
        }
        assertEquals(records, claimed);
        assertEquals(length, encoder.finish());
        SyncDecoder decoder = new SyncDecoder("n", "0123456789abcdef");
        decoder.decode(buffer, 0, _ -> {});
        assertEquals(length, decoder.readLength());
        assertEquals(records, decoder.counters().records());
    }

    /** Fills exactly so many bytes: none, the shortest engine, or everything at its longest. */
    private static void fillOptions(SyncEncoder encoder, int options) {
        byte[] name = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        switch (options) {
            case 0 -> {}
            case 6 -> encoder.appendEngine(new byte[1], 1, new byte[] {'n'}, 1);
            default -> {
                encoder.appendSequence(1, 2, 3, 4, 5, 6);
                encoder.appendEngine(new byte[255], 255, name, 16);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1472, 61, 1468",
        "28,    1,   28",
        "1,     1,   28",
        "6124, 255, 6124",
        "65507, 255, 6124"
    })
    void shouldHoldThisManyVersion0Records(int maxLength, int records, int length) {
        SyncEncoder encoder = new SyncEncoder(0, maxLength, 0);
        ByteBuffer buffer = ByteBuffer.allocate(65_507);

        assertEquals(records, fill(encoder, buffer));
        assertEquals(length, encoder.finish());
        SyncDecoder decoder = new SyncDecoder();
        assertEquals(SyncVerdict.ACCEPTED, decoder.decode(buffer, 0, _ -> {}));
        assertEquals(records, decoder.counters().records());
        assertEquals(1, decoder.counters().version0());
    }

    @Test
    void shouldRefuseOptionsWithoutRoom() {
        SyncEncoder encoder = new SyncEncoder(0, 1472);
        encoder.wrap(ByteBuffer.allocate(1472));
        assertTrue(encoder.claim(record, false, 25));

        assertThrows(IllegalStateException.class, () -> encoder.appendSequence(1, 2, 3, 4, 5, 6));
    }
}
