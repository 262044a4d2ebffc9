package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Datagrams that a real kernel's master sent, against the connection table that a real kernel's
 * backup had after hearing the same ones.
 */
class CorpusTest {
    private static final List<String> TCP_STATES =
            List.of(
                    "NONE",
                    "ESTABLISHED",
                    "SYN_SENT",
                    "SYN_RECV",
                    "FIN_WAIT",
                    "TIME_WAIT",
                    "CLOSE",
                    "CLOSE_WAIT",
                    "LAST_ACK",
                    "LISTEN",
                    "SYNACK");
    private static final Map<Integer, String> SCTP_STATES = Map.of(8, "ESTABLISHED", 13, "CLOSED");

    private final SyncDecoder decoder = new SyncDecoder("sip");

    /** Connection as the kernel shows it, by what identifies it; the last message counts. */
    private final Map<String, Shown> decoded = new TreeMap<>();

    private record Shown(String real, String state, long timeoutSeconds) {}

    @ParameterizedTest
    @CsvSource({
        // capture, sync id, datagrams, records, connections, bytes of options, of padding
        "burst-2000-start,  1, 10, 400, 400,   0,  0",
        "ftp-passive,       1,  2,  22,   4,   0,  0",
        "fwmark,            1,  1,   3,   3,   0,  0",
        "ipv6-nat,          1,  2,   9,   4,   0,  0",
        "long-lived,        1,  2,   3,   1,   0,  0",
        "maxlen-512,        1,  5,  60,  60,   0,  0",
        "mcast-group,       1,  1,   2,   2,   0,  0",
        "mcast-ipv6,        1,  1,   4,   4,   0,  0",
        "mixed,             1,  1,  28,  13, 140, 20",
        "persist-v4,        1,  2,  48,   6,   0,  0",
        "persist-v6,        1,  2,  26,   4,   0,  0",
        "refresh-period-10, 1,  2,   6,   3,   0,  0",
        "sctp,              1,  2,   6,   3,   0,  0",
        "sip-pe,            1,  1,  15,   5, 172, 33",
        "sync-ports-4,      1,  4,  40,  40,   0,  0",
        "syncid-0,          0,  1,   2,   2,   0,  0",
        "syncid-1,          1,  1,   2,   2,   0,  0",
        "tcp-dr,            1,  2,   6,   3,   0,  0",
        "tcp-nat,           1,  2,   9,   3,   0,  0",
        "tcp-states,        1,  2,  12,   6,   0,  0",
        "tcp-tun,           1,  2,   6,   3,   0,  0",
        "threshold-2-5,     1,  1,  12,   1,   0,  0",
        "two-masters,      10,  1,   3,   3,   0,  0",
        "udp-nat,           1,  1,   3,   3,   0,  0",
        "udp-ops,           1,  0,   0,   0,   0,  0",
        "v0-tcp,            1,  2,   9,   3,   0,  0",
        "v0-udp-dr,         1,  1,   3,   3,   0,  0"
    })
    void shouldEndUpWithTheBackupsTable(
            String name,
            int syncId,
            int datagrams,
            int records,
            int connections,
            int options,
            int padding) {
        Capture capture = Capture.read(name);
        ByteAccount account = new ByteAccount();
        for (ByteBuffer datagram : capture.datagrams()) {
            SyncVerdict verdict = account.decode(decoder, datagram, syncId, this::onRecord);
            boolean foreign = syncId != 0 && datagram.get(1) != syncId;
            assertEquals(foreign ? SyncVerdict.FOREIGN_SYNC_ID : SyncVerdict.ACCEPTED, verdict);
        }

        assertEquals(datagrams, decoder.counters().of(SyncVerdict.ACCEPTED));
        assertEquals(records, decoder.counters().records());
        assertEquals(connections, decoded.size());
        assertEquals(options, account.optionBytes());
        assertEquals(padding, account.paddingBytes());
        assertEquals(0, account.trailerBytes());
        assertTableIs(capture.backupTable());
    }

    /** A kernel's bytes come out again, every one, so each of them was read and understood. */
    @ParameterizedTest
    @FieldSource("dev.tandem.sync.Capture#NAMES")
    void shouldWriteTheSameBytesAgain(String name) {
        for (ByteBuffer datagram : Capture.read(name).datagrams()) {
            int version = datagram.get(0) == 0 ? 1 : 0;
            Copier copier = new Copier(datagram.get(1), version, datagram.remaining());

            SyncVerdict verdict = decoder.decode(datagram, 0, copier);

            assertEquals(SyncVerdict.ACCEPTED, verdict);
            assertEquals(version, decoder.version());
            byte[] expected = new byte[datagram.remaining()];
            datagram.get(expected);
            assertArrayEquals(expected, copier.finish());
        }
    }

    @Test
    void shouldTellTwoMastersApart() {
        for (ByteBuffer datagram : Capture.read("two-masters").datagrams()) {
            decoder.decode(datagram, 20, this::onRecord);
        }
        assertEquals(1, decoder.counters().of(SyncVerdict.ACCEPTED));
        assertEquals(1, decoder.counters().of(SyncVerdict.FOREIGN_SYNC_ID));
    }

    private void onRecord(SyncRecord record) {
        String protocol =
                switch (record.protocol()) {
                    case IpProtocol.IP -> "IP";
                    case IpProtocol.TCP -> "TCP";
                    case IpProtocol.UDP -> "UDP";
                    case IpProtocol.SCTP -> "SCTP";
                    default -> throw new AssertionError(record.protocol());
                };
        String engine = record.options().hasEngineData() ? engine(record) : "";
        decoded.put(
                "%s %s:%04X %s:%04X%s"
                        .formatted(
                                protocol,
                                TestAddress.hexClient(record),
                                record.clientPort(),
                                TestAddress.hexVirtual(record),
                                record.virtualPort(),
                                engine),
                new Shown(
                        "%s:%04X".formatted(TestAddress.hexReal(record), record.realPort()),
                        state(record),
                        record.timeoutSeconds()));
    }

    private static String engine(SyncRecord record) {
        return " " + TestEngine.name(record.options()) + " " + TestEngine.data(record.options());
    }

    private static String state(SyncRecord record) {
        if (record.isTemplate()) {
            return record.state() == 1 ? "ASSURED" : "NONE";
        }
        return switch (record.protocol()) {
            case IpProtocol.TCP -> TCP_STATES.get(record.state());
            case IpProtocol.UDP -> "UDP";
            default -> SCTP_STATES.getOrDefault(record.state(), "?");
        };
    }

    /** Version 0 has no timeouts; otherwise some of the record's timeout has gone by. */
    private void assertTableIs(List<String> backupTable) {
        Map<String, Shown> backup = new TreeMap<>();
        for (String line : backupTable) {
            String[] words = line.strip().split("\\s+", -1);
            String engine = words.length > 10 ? " " + words[9] + " " + words[10] : "";
            backup.put(
                    "%s %s:%s %s:%s%s"
                            .formatted(words[0], words[1], words[2], words[3], words[4], engine),
                    new Shown(words[5] + ":" + words[6], words[7], Long.parseLong(words[8])));
        }
        assertEquals(backup.keySet(), decoded.keySet());
        backup.forEach((key, truth) -> {
            Shown ours = decoded.getOrDefault(key, truth);
            assertEquals(truth.real, ours.real, key);
            assertEquals(truth.state, ours.state, key);
            if (ours.timeoutSeconds > 0) {
                assertFalse(truth.timeoutSeconds > ours.timeoutSeconds, key);
                assertFalse(truth.timeoutSeconds < ours.timeoutSeconds - 60, key);
            }
        });
    }
}
