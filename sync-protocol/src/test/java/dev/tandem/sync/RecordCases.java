package dev.tandem.sync;

import static dev.tandem.sync.SyncVerdict.ACCEPTED;
import static dev.tandem.sync.SyncVerdict.ENGINE_UNKNOWN;
import static dev.tandem.sync.SyncVerdict.OPTION_CUT;
import static dev.tandem.sync.SyncVerdict.OPTION_ENGINE_DATA;
import static dev.tandem.sync.SyncVerdict.OPTION_ENGINE_NAME;
import static dev.tandem.sync.SyncVerdict.OPTION_LENGTH;
import static dev.tandem.sync.SyncVerdict.OPTION_SEQUENCE;
import static dev.tandem.sync.SyncVerdict.OPTION_UNKNOWN;
import static dev.tandem.sync.SyncVerdict.RECORD_FLAGS;
import static dev.tandem.sync.SyncVerdict.RECORD_PROTOCOL;
import static dev.tandem.sync.SyncVerdict.RECORD_STATE;
import static dev.tandem.sync.SyncVerdict.RECORD_TOO_SMALL;
import static dev.tandem.sync.SyncVerdict.RECORD_TYPE;
import static dev.tandem.sync.SyncVerdict.RECORD_VERSION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a kernel backup does with odd records, one row each, in both families. The odd one stands
 * between two good ones: "skipped" must leave both, "rest dropped" the first. A row that ends in a
 * bracket is one where Linux 6.1.176, from which the others were taken, does not do the same: there
 * we do as 6.1.192.
 */
class RecordCases {
    private static final int BEFORE = 1;
    private static final int ODD = 2;
    private static final int AFTER = 3;

    private static final byte[] SEQUENCE = new byte[SyncOption.SEQ_DATA_LENGTH];
    private static final byte[] CALL_ID = ascii("abc123@host");
    private static final byte[] SIP = ascii("sip");

    record Case(String sent, TestRecord record, SyncVerdict verdict) {
        @Override
        public String toString() {
            return sent;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static TestRecord odd() {
        return new TestRecord(ODD);
    }

    private static TestRecord template() {
        return odd().flags(SyncFlags.TEMPLATE);
    }

    static Stream<Case> layout() {
        return Stream.of(
                new Case("nothing odd", odd(), ACCEPTED),
                new Case("version 1", odd().version(1), RECORD_VERSION),
                new Case("version 15", odd().version(15), RECORD_VERSION),
                new Case("type 2", odd().type(2), RECORD_TYPE),
                new Case("type 4", odd().type(4), RECORD_TYPE),
                new Case("type 0x80", odd().type(0x80), RECORD_TYPE),
                new Case("IPv6", odd().ipv6(), ACCEPTED),
                new Case("type 3, IPv6 body", odd().ipv6().type(3), ACCEPTED),
                new Case("type 0x81, IPv6 body", odd().ipv6().type(0x81), ACCEPTED),
                new Case("type 1, IPv4 body", odd().type(1), RECORD_TOO_SMALL),
                new Case("type 1, 71 bytes", odd().type(1).rest(new byte[35]), RECORD_TOO_SMALL),
                new Case("size 35", odd().sizeDelta(-1), RECORD_TOO_SMALL),
                new Case("size 0", odd().sizeDelta(-36), RECORD_TOO_SMALL),
                new Case("a stray byte in the size", odd().rest((byte) 0), OPTION_CUT),
                new Case("four zeros in the size", odd().rest(new byte[4]), OPTION_LENGTH),
                new Case("IPv6, a stray byte", odd().ipv6().rest((byte) 0), OPTION_CUT));
    }

    static Stream<Case> options() {
        return Stream.of(
                new Case(
                        "sequence data with flags",
                        odd().flags(0x0600).option(1, SEQUENCE),
                        ACCEPTED),
                new Case("sequence data without flags", odd().option(1, SEQUENCE), ACCEPTED),
                new Case("flags without sequence data", odd().flags(0x0600), ACCEPTED),
                new Case("sequence data of 23", odd().option(1, new byte[23]), OPTION_SEQUENCE),
                new Case("sequence data of 25", odd().option(1, new byte[25]), OPTION_SEQUENCE),
                new Case(
                        "sequence data twice",
                        odd().option(1, SEQUENCE).option(1, SEQUENCE),
                        OPTION_SEQUENCE),
                new Case("optional sequence data", odd().option(0x41, SEQUENCE), ACCEPTED),
                new Case(
                        "sequence data twice, once optional",
                        odd().option(1, SEQUENCE).option(0x41, SEQUENCE),
                        OPTION_SEQUENCE),
                new Case("unknown option 4", odd().option(4, (byte) 9), OPTION_UNKNOWN),
                new Case("unknown option 0x84", odd().option(0x84, (byte) 9), OPTION_UNKNOWN),
                new Case("unknown option 0", odd().option(0, (byte) 9), OPTION_UNKNOWN),
                new Case(
                        "unknown option, then a broken one",
                        odd().option(4, (byte) 9).option(1, 0),
                        OPTION_UNKNOWN),
                new Case("optional option 0x44", odd().option(0x44, (byte) 9), ACCEPTED),
                new Case("optional option 0xc4", odd().option(0xC4, (byte) 9), ACCEPTED),
                new Case(
                        "optional option, then a broken one",
                        odd().option(0x44, (byte) 9).option(1, 0),
                        OPTION_LENGTH),
                new Case("option of length 0", odd().option(1, 0), OPTION_LENGTH),
                new Case(
                        "option past the record", odd().option(1, 24, new byte[23]), OPTION_LENGTH),
                new Case(
                        "engine data and name",
                        template().option(2, CALL_ID).option(3, SIP),
                        ACCEPTED),
                new Case(
                        "engine name and data",
                        template().option(3, SIP).option(2, CALL_ID),
                        ACCEPTED),
                new Case(
                        "engine data on a connection",
                        odd().option(2, CALL_ID).option(3, SIP),
                        ACCEPTED),
                new Case("engine data, no name", template().option(2, CALL_ID), ENGINE_UNKNOWN),
                new Case("engine name, no data", template().option(3, SIP), ACCEPTED),
                new Case(
                        "unknown engine",
                        template().option(2, CALL_ID).option(3, ascii("dns")),
                        ENGINE_UNKNOWN),
                new Case(
                        "unknown engine of 16 letters",
                        template().option(2, CALL_ID).option(3, ascii("abcdefghijklmnop")),
                        ENGINE_UNKNOWN),
                new Case("unknown engine, no data", template().option(3, ascii("dns")), ACCEPTED),
                new Case(
                        "engine name of 17 letters",
                        template().option(2, CALL_ID).option(3, ascii("abcdefghijklmnopq")),
                        OPTION_ENGINE_NAME),
                new Case(
                        "engine name twice",
                        template().option(3, SIP).option(3, SIP),
                        OPTION_ENGINE_NAME),
                new Case(
                        "engine data twice",
                        template().option(2, CALL_ID).option(2, CALL_ID),
                        OPTION_ENGINE_DATA),
                new Case(
                        "engine data of 255 bytes",
                        template().option(2, new byte[255]).option(3, SIP),
                        ACCEPTED));
    }

    static Stream<Case> states() {
        List<Case> cases = new ArrayList<>();
        states(cases, IpProtocol.TCP, 11, 12, 13, 255, 65_535);
        states(cases, IpProtocol.UDP, 1, 2, 5);
        states(cases, IpProtocol.SCTP, 14, 15);
        states(cases, IpProtocol.ESP, 1);
        states(cases, IpProtocol.AH, 1);
        for (int protocol : new int[] {0, 1, 2, 58, 136, 200, 255}) {
            TestRecord record = odd().protocol(protocol).state(0);
            cases.add(new Case("protocol " + protocol, record, RECORD_PROTOCOL));
        }
        for (int protocol : new int[] {0, 200}) {
            TestRecord record = template().protocol(protocol);
            cases.add(new Case("template of protocol " + protocol, record, ACCEPTED));
        }
        cases.add(new Case("template in state 0", template().state(0), ACCEPTED));
        cases.add(new Case("template in state 1", template().state(1), ACCEPTED));
        cases.add(
                new Case(
                        "template in state 2 (6.1.176: taken)", template().state(2), RECORD_STATE));
        cases.add(
                new Case(
                        "template in state 77 (6.1.176: taken)",
                        template().state(77),
                        RECORD_STATE));
        return cases.stream();
    }

    private static void states(List<Case> cases, int protocol, int count, int... more) {
        for (int state = 0; state < count; state++) {
            cases.add(state(protocol, state, ACCEPTED));
        }
        cases.add(state(protocol, count, RECORD_STATE));
        for (int state : more) {
            cases.add(state(protocol, state, RECORD_STATE));
        }
    }

    private static Case state(int protocol, int state, SyncVerdict verdict) {
        return new Case(
                "protocol " + protocol + " in state " + state,
                odd().protocol(protocol).state(state),
                verdict);
    }

    static Stream<Case> flagsAndTimeouts() {
        return Stream.of(
                new Case("no client port", odd().flags(SyncFlags.NO_CPORT), ACCEPTED),
                new Case(
                        "template that waits for its client's port (6.1.176: taken)",
                        template().flags(SyncFlags.TEMPLATE | SyncFlags.NO_CPORT),
                        RECORD_FLAGS),
                new Case(
                        "one packet (6.1.176: taken without the flag)",
                        odd().flags(SyncFlags.ONE_PACKET),
                        RECORD_FLAGS),
                new Case("hashed", odd().flags(SyncFlags.HASHED), ACCEPTED),
                new Case("inactive", odd().flags(SyncFlags.INACTIVE), ACCEPTED),
                new Case("conntrack", odd().flags(SyncFlags.NFCT), ACCEPTED),
                new Case("unknown high bits", odd().flags(0xFFFE_C018), ACCEPTED),
                new Case("forwarding method 7", odd().flags(7), ACCEPTED),
                new Case("timeout 0", odd().timeout(0), ACCEPTED),
                new Case("timeout 1", odd().timeout(1), ACCEPTED),
                new Case("timeout 0x7fffffff", odd().timeout(0x7FFF_FFFFL), ACCEPTED),
                new Case("timeout 0xffffffff", odd().timeout(0xFFFF_FFFFL), ACCEPTED));
    }

    /** The same with addresses of 16 bytes. */
    static Stream<Case> ipv6() {
        return Stream.of(options(), states(), flagsAndTimeouts())
                .flatMap(cases -> cases)
                .map(row -> new Case("IPv6, " + row.sent, row.record.ipv6(), row.verdict));
    }

    @ParameterizedTest
    @MethodSource({"layout", "options", "states", "flagsAndTimeouts", "ipv6"})
    void shouldTakeWhatTheKernelTakes(Case row) {
        SyncDecoder decoder = new SyncDecoder("sip");
        List<Integer> taken = new ArrayList<>();

        SyncVerdict verdict =
                decoder.decode(
                        TestMessage.of(new TestRecord(BEFORE), row.record, new TestRecord(AFTER))
                                .build(),
                        TestMessage.SYNC_ID,
                        record -> taken.add(record.clientPort()));

        switch (row.verdict.loss()) {
            case NOTHING -> {
                assertEquals(List.of(BEFORE, ODD, AFTER), taken);
                assertEquals(ACCEPTED, verdict);
            }
            case RECORD -> {
                assertEquals(List.of(BEFORE, AFTER), taken);
                assertEquals(ACCEPTED, verdict);
            }
            case REST -> {
                assertEquals(List.of(BEFORE), taken);
                assertEquals(row.verdict, verdict);
            }
            case DATAGRAM -> throw new AssertionError("not the fault of a record");
        }
        assertEquals(1, decoder.counters().of(row.verdict));
        assertEquals(taken.size(), decoder.counters().records());
    }

    @Test
    void shouldNotLookAtPadding() {
        List<Integer> taken = new ArrayList<>();
        TestMessage message =
                new TestMessage()
                        .padding(0xEE)
                        .add(new TestRecord(BEFORE).option(0x44, (byte) 9))
                        .add(new TestRecord(AFTER));

        new SyncDecoder().decode(message.build(), 7, record -> taken.add(record.clientPort()));

        assertEquals(List.of(BEFORE, AFTER), taken);
    }

    @Test
    void shouldLoseRecordThatIsNotAligned() {
        List<Integer> taken = new ArrayList<>();
        TestMessage message =
                new TestMessage()
                        .add(new TestRecord(BEFORE).option(0x44, (byte) 9))
                        .addUnaligned(new TestRecord(AFTER));

        new SyncDecoder().decode(message.build(), 7, record -> taken.add(record.clientPort()));

        assertEquals(List.of(BEFORE), taken);
    }

    @Test
    void shouldSkipEveryEngineWhenItHasNone() {
        SyncDecoder decoder = new SyncDecoder();
        TestMessage message = TestMessage.of(template().option(2, CALL_ID).option(3, SIP));

        decoder.decode(message.build(), 7, _ -> {});

        assertEquals(1, decoder.counters().of(ENGINE_UNKNOWN));
        assertEquals(0, decoder.counters().records());
    }

    @Test
    void shouldKeepTimeoutsUnsigned() {
        List<Long> timeouts = new ArrayList<>();

        new SyncDecoder()
                .decode(
                        TestMessage.of(odd().timeout(0xFFFF_FFFFL)).build(),
                        7,
                        record -> timeouts.add(record.timeoutSeconds()));

        assertEquals(List.of(0xFFFF_FFFFL), timeouts);
    }
}
