package dev.tandem.sync;

import static dev.tandem.sync.SyncVerdict.ACCEPTED;
import static dev.tandem.sync.SyncVerdict.DATAGRAM_TOO_SHORT;
import static dev.tandem.sync.SyncVerdict.FOREIGN_SYNC_ID;
import static dev.tandem.sync.SyncVerdict.HEADER_TOO_SHORT;
import static dev.tandem.sync.SyncVerdict.RECORD_CUT;
import static dev.tandem.sync.SyncVerdict.RECORD_OVERRUN;
import static dev.tandem.sync.SyncVerdict.SIZE_MISMATCH;
import static dev.tandem.sync.SyncVerdict.UNKNOWN_VERSION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a kernel backup was seen to do with odd datagrams, one row each; where we are stricter or
 * better on purpose the row says so. Datagrams of version 0 are in {@link Version0Cases}, records
 * in {@link RecordCases}.
 */
class DatagramCases {
    private static final int ANY_SYNC_ID = 0;

    /** The kernel reads what an earlier datagram left behind this one. */
    private static final String NO_STALE_BYTES = " (better: a kernel reads on past its end)";

    /** The kernel ignores it too, but without a word; we count it. */
    private static final String COUNTED = " (better: a kernel reads it as an empty version 0)";

    /**
     * @param sent what was sent
     * @param taken client ports of the records taken
     */
    record Case(
            String sent,
            ByteBuffer datagram,
            int ownSyncId,
            SyncVerdict verdict,
            List<Integer> taken) {
        Case(String sent, ByteBuffer datagram, SyncVerdict verdict, Integer... taken) {
            this(sent, datagram, TestMessage.SYNC_ID, verdict, List.of(taken));
        }

        @Override
        public String toString() {
            return sent;
        }
    }

    private static TestMessage two() {
        return TestMessage.of(new TestRecord(1), new TestRecord(2));
    }

    private static TestMessage many(int records) {
        TestMessage message = new TestMessage();
        for (int i = 1; i <= records; i++) {
            message.add(new TestRecord(i));
        }
        return message;
    }

    /** Filled up with options that a receiver may pass over. */
    private static TestRecord longest() {
        TestRecord record = new TestRecord(1);
        int left = 4095 - 36;
        while (left > 0) {
            int data = Math.min(255, left - 2);
            record.option(0x44, new byte[data]);
            left -= data + 2;
        }
        return record;
    }

    private static Integer[] upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toArray(Integer[]::new);
    }

    private static Case withSyncId0(int syncId) {
        return new Case(
                "sync id " + syncId + " to a backup with sync id 0, which takes all",
                two().syncId(syncId).build(),
                ANY_SYNC_ID,
                ACCEPTED,
                List.of(1, 2));
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("two records", two().build(), ACCEPTED, 1, 2),
                new Case("size field too large", two().sizeDelta(1).build(), SIZE_MISMATCH),
                new Case("size field too small", two().sizeDelta(-1).build(), SIZE_MISMATCH),
                new Case("size field 0", two().sizeDelta(-80).build(), SIZE_MISMATCH),
                new Case("nothing", two().cutTo(0), DATAGRAM_TOO_SHORT),
                new Case("1 byte", two().build().limit(1), DATAGRAM_TOO_SHORT),
                new Case("3 bytes", two().build().limit(3), DATAGRAM_TOO_SHORT),
                new Case("4 bytes" + NO_STALE_BYTES, two().cutTo(4), HEADER_TOO_SHORT),
                new Case("6 bytes" + NO_STALE_BYTES, two().cutTo(6), HEADER_TOO_SHORT),
                new Case("7 bytes" + NO_STALE_BYTES, two().cutTo(7), HEADER_TOO_SHORT),
                new Case("8 bytes, count 2", two().cutTo(8), RECORD_CUT),
                new Case("sync id 8 to 7", two().syncId(8).build(), FOREIGN_SYNC_ID),
                new Case("sync id 0 to 7", two().syncId(0).build(), FOREIGN_SYNC_ID),
                withSyncId0(0),
                withSyncId0(7),
                withSyncId0(255),
                new Case("version 0" + COUNTED, two().version(0).build(), UNKNOWN_VERSION),
                new Case("version 2" + COUNTED, two().version(2).build(), UNKNOWN_VERSION),
                new Case("version 3" + COUNTED, two().version(3).build(), UNKNOWN_VERSION),
                new Case("version 255" + COUNTED, two().version(255).build(), UNKNOWN_VERSION),
                new Case("spare 1" + COUNTED, two().spare(1).build(), UNKNOWN_VERSION),
                new Case(
                        "first byte 1: version 0, protocol 2", two().reserved(1).build(), ACCEPTED),
                new Case(
                        "first byte 2: version 0, protocols 2 and 0",
                        two().reserved(2).build(),
                        ACCEPTED),
                new Case("first byte 255: version 0, cut", two().reserved(255).build(), RECORD_CUT),
                new Case("count 0 of 2", two().countDelta(-2).build(), ACCEPTED),
                new Case("count 1 of 2", two().countDelta(-1).build(), ACCEPTED, 1),
                new Case("count 3 of 2", two().countDelta(1).build(), RECORD_CUT, 1, 2),
                new Case("count 255 of 1", many(1).countDelta(254).build(), RECORD_CUT, 1),
                new Case("7 stray bytes", two().trailing(7).build(), ACCEPTED, 1, 2),
                new Case(
                        "count 3, 35 bytes",
                        two().countDelta(1).trailing(35).build(),
                        RECORD_CUT,
                        1,
                        2),
                new Case("40 records", many(40).build(), ACCEPTED, upTo(40)),
                new Case("41 records cut to 1472", many(41).build().limit(1472), SIZE_MISMATCH),
                new Case("200 records", many(200).build(), ACCEPTED, upTo(200)),
                new Case("255 records", many(255).build(), ACCEPTED, upTo(255)),
                new Case(
                        "555 records under a kernel's count, wrapped to 43 (better: we write 255)",
                        many(555).build(),
                        ACCEPTED,
                        upTo(43)),
                new Case(
                        "0 records and 52 bytes behind",
                        new TestMessage().trailing(52).build(),
                        ACCEPTED),
                new Case("52 bytes behind 2 records", two().trailing(52).build(), ACCEPTED, 1, 2),
                new Case(
                        "a record of 4095 bytes, the most that 12 bits can say",
                        TestMessage.of(longest(), new TestRecord(2)).build(),
                        ACCEPTED,
                        1,
                        2),
                new Case(
                        "last record longer than the rest",
                        TestMessage.of(new TestRecord(1), new TestRecord(2).sizeDelta(1)).build(),
                        RECORD_OVERRUN,
                        1),
                new Case(
                        "record of 4095 bytes in a short datagram",
                        TestMessage.of(new TestRecord(1).sizeDelta(4095 - 36)).build(),
                        RECORD_OVERRUN));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldTakeWhatTheKernelTakes(Case row) {
        SyncDecoder decoder = new SyncDecoder();
        List<Integer> taken = new ArrayList<>();

        SyncVerdict verdict =
                decoder.decode(
                        row.datagram, row.ownSyncId, record -> taken.add(record.clientPort()));

        assertEquals(row.verdict, verdict);
        assertEquals(row.taken, taken);
        assertEquals(1, decoder.counters().datagrams());
        assertEquals(1, decoder.counters().of(row.verdict));
        assertEquals(taken.size(), decoder.counters().records());
    }

    @Test
    void shouldSayWhereTheFaultIs() {
        SyncDecoder decoder = new SyncDecoder();
        SyncRecordHandler ignore = _ -> {};

        decoder.decode(two().build(), TestMessage.SYNC_ID, ignore);
        assertEquals(SyncDecoder.NO_ERROR, decoder.errorOffset());
        decoder.decode(two().spare(1).build(), TestMessage.SYNC_ID, ignore);
        assertEquals(0, decoder.errorOffset());
        decoder.decode(
                TestMessage.of(new TestRecord(1), new TestRecord(2).version(1)).build(),
                TestMessage.SYNC_ID,
                ignore);
        assertEquals(8 + 36, decoder.errorOffset());
    }

    @Test
    void shouldReadFromPositionToLimitAndLeaveThem() {
        ByteBuffer message = two().build();
        ByteBuffer datagram = ByteBuffer.allocateDirect(200).position(5);
        datagram.put(message).limit(datagram.position()).position(5);
        int limit = datagram.limit();
        List<Integer> taken = new ArrayList<>();

        SyncVerdict verdict =
                new SyncDecoder().decode(datagram, 7, record -> taken.add(record.clientPort()));

        assertEquals(ACCEPTED, verdict);
        assertEquals(List.of(1, 2), taken);
        assertEquals(5, datagram.position());
        assertEquals(limit, datagram.limit());
    }

    /** What a tool sees of a datagram with one record of each kind. */
    @Test
    void shouldShowToolsWhatWasRefused() {
        SyncDecoder decoder = new SyncDecoder();
        List<String> seen = new ArrayList<>();
        SyncRecordHandler tool =
                new SyncRecordHandler() {
                    @Override
                    public void onRecord(SyncRecord record) {
                        seen.add(
                                "%d@%d port %d, %d unknown options"
                                        .formatted(
                                                decoder.recordIndex(),
                                                decoder.recordOffset(),
                                                record.clientPort(),
                                                record.options().unknown()));
                    }

                    @Override
                    public void onSkipped(SyncRecord record, SyncVerdict verdict) {
                        seen.add(
                                "%d@%d port %d %s"
                                        .formatted(
                                                decoder.recordIndex(),
                                                decoder.recordOffset(),
                                                record.clientPort(),
                                                verdict));
                    }

                    @Override
                    public void onRefused(SyncVerdict verdict, int offset, int index) {
                        seen.add("%d@%d %s".formatted(index, offset, verdict));
                    }
                };

        decoder.decode(
                TestMessage.of(
                                new TestRecord(1).option(0x44, (byte) 9).option(0x5F, (byte) 9),
                                new TestRecord(2).protocol(200),
                                new TestRecord(3).version(1),
                                new TestRecord(4))
                        .build(),
                7,
                tool);
        assertEquals(8 + 44 + 36, decoder.readLength());
        decoder.decode(two().spare(1).build(), 7, tool);

        assertEquals(
                List.of(
                        "0@8 port 1, 2 unknown options",
                        "1@52 port 2 RECORD_PROTOCOL",
                        "2@88 RECORD_VERSION",
                        "-1@0 UNKNOWN_VERSION"),
                seen);
        assertEquals(2, decoder.counters().unknownOptions());
        assertEquals(SyncDecoder.NO_VERSION, decoder.version());
        assertEquals(0, decoder.readLength());
    }
}
