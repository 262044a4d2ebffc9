package dev.tandem.sync;

import static dev.tandem.sync.SyncVerdict.ACCEPTED;
import static dev.tandem.sync.SyncVerdict.FOREIGN_SYNC_ID;
import static dev.tandem.sync.SyncVerdict.RECORD_CUT;
import static dev.tandem.sync.SyncVerdict.RECORD_FLAGS;
import static dev.tandem.sync.SyncVerdict.RECORD_PROTOCOL;
import static dev.tandem.sync.SyncVerdict.RECORD_STATE;
import static dev.tandem.sync.SyncVerdict.SIZE_MISMATCH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a kernel backup was seen to do with messages of version 0, one row each. */
class Version0Cases {
    private static final int BEFORE = 1;
    private static final int ODD = 2;
    private static final int AFTER = 3;

    /**
     * @param sent what was sent
     * @param verdict on the datagram
     * @param skipped why single records were passed over
     * @param taken client ports of the records taken
     */
    record Case(
            String sent,
            ByteBuffer datagram,
            SyncVerdict verdict,
            List<SyncVerdict> skipped,
            List<Integer> taken) {
        @Override
        public String toString() {
            return sent;
        }
    }

    private static Case row(
            String sent, ByteBuffer datagram, SyncVerdict verdict, Integer... taken) {
        return new Case(sent, datagram, verdict, List.of(), List.of(taken));
    }

    /** The odd record between two good ones, taken. */
    private static Case taken(String sent, TestRecordV0 odd) {
        return new Case(sent, among(odd), ACCEPTED, List.of(), List.of(BEFORE, ODD, AFTER));
    }

    /** The odd record between two good ones, skipped. */
    private static Case skipped(String sent, TestRecordV0 odd, SyncVerdict why) {
        return new Case(sent, among(odd), ACCEPTED, List.of(why), List.of(BEFORE, AFTER));
    }

    private static ByteBuffer among(TestRecordV0 odd) {
        return TestMessageV0.of(new TestRecordV0(BEFORE), odd, new TestRecordV0(AFTER)).build();
    }

    private static TestRecordV0 odd() {
        return new TestRecordV0(ODD);
    }

    private static TestMessageV0 two() {
        return TestMessageV0.of(new TestRecordV0(1), new TestRecordV0(2));
    }

    private static TestMessageV0 many(int records) {
        return TestMessageV0.of(
                IntStream.rangeClosed(1, records)
                        .mapToObj(TestRecordV0::new)
                        .toArray(TestRecordV0[]::new));
    }

    private static Integer[] upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toArray(Integer[]::new);
    }

    static Stream<Case> datagrams() {
        TestRecordV0 full = new TestRecordV0(2).flags(0x0600).sequence();
        return Stream.of(
                row("two records", two().build(), ACCEPTED, 1, 2),
                row("size field too large", two().sizeDelta(1).build(), SIZE_MISMATCH),
                row("size field too small", two().sizeDelta(-1).build(), SIZE_MISMATCH),
                row("sync id 8 to 7", two().syncId(8).build(), FOREIGN_SYNC_ID),
                row("count 3 of 2", two().countDelta(1).build(), RECORD_CUT, 1, 2),
                row("count 255 of 2", two().countDelta(253).build(), RECORD_CUT, 1, 2),
                row("count 1 of 2", two().countDelta(-1).build(), ACCEPTED, 1),
                row("a header alone, count 2", two().cutTo(4), RECORD_CUT),
                row("last byte missing", two().cutTo(4 + 47), RECORD_CUT, 1),
                row("7 stray bytes", two().trailing(7).build(), ACCEPTED, 1, 2),
                row("61 records, a full message", many(61).build(), ACCEPTED, upTo(61)),
                row("255 records", many(255).build(), ACCEPTED, upTo(255)),
                row(
                        "sequence data, last byte missing",
                        TestMessageV0.of(new TestRecordV0(1), full).cutTo(4 + 24 + 47),
                        RECORD_CUT,
                        1),
                row(
                        "flags 0x600 and no bytes for them",
                        TestMessageV0.of(new TestRecordV0(1), odd().flags(0x0600)).build(),
                        RECORD_CUT,
                        1));
    }

    static Stream<Case> states() {
        List<Case> cases = new ArrayList<>();
        for (int state = 0; state <= 10; state++) {
            cases.add(taken("tcp in state " + state, odd().state(state)));
        }
        for (int state : new int[] {11, 12, 255, 65_535}) {
            cases.add(skipped("tcp in state " + state, odd().state(state), RECORD_STATE));
        }
        cases.add(taken("udp in state 0", odd().protocol(IpProtocol.UDP).state(0)));
        cases.add(skipped("udp in state 1", odd().protocol(IpProtocol.UDP), RECORD_STATE));
        cases.add(taken("sctp in state 13", odd().protocol(IpProtocol.SCTP).state(13)));
        cases.add(skipped("protocol 200", odd().protocol(200).state(0), RECORD_PROTOCOL));
        cases.add(taken("template", odd().flags(SyncFlags.TEMPLATE).state(0)));
        cases.add(taken("template of protocol 200", odd().flags(SyncFlags.TEMPLATE).protocol(200)));
        cases.add(
                skipped(
                        "template in state 2 (6.1.176: taken)",
                        odd().flags(SyncFlags.TEMPLATE).state(2),
                        RECORD_STATE));
        return cases.stream();
    }

    static Stream<Case> flags() {
        return Stream.of(
                taken("reserved byte 9", odd().reserved(9)),
                taken("hashed", odd().flags(SyncFlags.HASHED)),
                taken("inactive", odd().flags(SyncFlags.INACTIVE)),
                taken("no client port", odd().flags(SyncFlags.NO_CPORT)),
                taken("unassigned bits", odd().flags(0xC018)),
                taken("sequence data", odd().flags(0x0600).sequence()),
                taken("sequence data for one direction", odd().flags(0x0200).sequence()),
                taken("sequence data for the other", odd().flags(0x0400).sequence()),
                skipped(
                        "one packet (6.1.176: an entry that is gone at once)",
                        odd().flags(SyncFlags.ONE_PACKET),
                        RECORD_FLAGS),
                skipped(
                        "one packet with sequence data",
                        odd().flags(SyncFlags.ONE_PACKET | SyncFlags.IN_SEQ).sequence(),
                        RECORD_FLAGS),
                skipped(
                        "template that waits for its client's port (6.1.176: taken)",
                        odd().flags(SyncFlags.TEMPLATE | SyncFlags.NO_CPORT).state(0),
                        RECORD_FLAGS));
    }

    @ParameterizedTest
    @MethodSource({"datagrams", "states", "flags"})
    void shouldTakeWhatTheKernelTakes(Case row) {
        SyncDecoder decoder = new SyncDecoder("sip");
        List<Integer> taken = new ArrayList<>();

        SyncVerdict verdict =
                decoder.decode(
                        row.datagram,
                        TestMessage.SYNC_ID,
                        record -> {
                            assertEquals(0, record.timeoutSeconds(), "left to the receiver");
                            assertEquals(0, record.fwmark());
                            taken.add(record.clientPort());
                        });

        assertEquals(row.verdict, verdict);
        assertEquals(row.taken, taken);
        assertEquals(taken.size(), decoder.counters().records());
        for (SyncVerdict why : row.skipped) {
            assertEquals(row.skipped.size(), decoder.counters().of(why));
        }
        boolean read = verdict.loss() != SyncVerdict.Loss.DATAGRAM;
        assertEquals(read ? 1 : 0, decoder.counters().version0());
    }

    /** Nothing in the message tells the sender's byte order; nearly all are little-endian. */
    @Test
    void shouldReadSequenceDataOfALittleEndianSender() {
        TestRecordV0 record =
                odd().flags(0x0600)
                        .sequence(
                                0x44, 0x33, 0x22, 0x11, 1, 0, 0, 0, 2, 0, 0, 0, //
                                0x88, 0x77, 0x66, 0x55, 6, 0, 0, 0, 0xFA, 0xFF, 0xFF, 0xFF);
        List<String> seen = new ArrayList<>();

        new SyncDecoder().decode(among(record), 7, read -> seen.add(RecordText.of(read)));

        assertEquals(
                "6 600 1 2 80 8080 0 0 10.0.0.2 10.0.0.1 192.168.10.3"
                        + " in 11223344 1 2 out 55667788 6 -6",
                seen.get(1));
    }

    @Test
    void shouldSayWhereTheFaultIs() {
        SyncDecoder decoder = new SyncDecoder();
        TestRecordV0 full = new TestRecordV0(1).flags(0x0600).sequence();

        decoder.decode(
                TestMessageV0.of(full, new TestRecordV0(2)).countDelta(1).build(), 7, _ -> {});

        assertEquals(4 + 48 + 24, decoder.errorOffset());
        assertEquals(4 + 48 + 24, decoder.readLength());
    }
}
