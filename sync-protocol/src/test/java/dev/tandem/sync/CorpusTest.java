package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Datagrams that a real kernel's master sent, against the connection table that a real kernel's
 * backup had after hearing the same ones.
 */
class CorpusTest {
    private static final int PCAP_HEADER_LENGTH = 24;
    private static final int PCAP_FRAME_HEADER_LENGTH = 16;
    private static final int ETHERNET_IPV4_AND_UDP_LENGTH = 14 + 20 + 8;

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

    private int ipv6Records;

    private record Shown(String real, String state, long timeoutSeconds) {}

    @ParameterizedTest
    @CsvSource({
        // capture, datagrams, records taken, connections, IPv6 records
        "tcp-nat,        2,  9,  3,  0",
        "tcp-dr,         2,  6,  3,  0",
        "tcp-tun,        2,  6,  3,  0",
        "tcp-states,     2, 12,  6,  0",
        "threshold-2-5,  1, 12,  1,  0",
        "udp-nat,        1,  3,  3,  0",
        "fwmark,         1,  3,  3,  0",
        "persist-v4,     2, 48,  6,  0",
        "sctp,           2,  6,  3,  0",
        "sip-pe,         1, 15,  5,  0",
        "maxlen-512,     5, 60, 60,  0",
        "mixed,          1, 25, 10,  3",
        "ipv6-nat,       2,  0,  0,  9"
    })
    void shouldEndUpWithTheBackupsTable(
            String capture, int datagrams, int records, int connections, int ipv6)
            throws IOException {
        for (ByteBuffer datagram : datagrams(capture)) {
            SyncVerdict verdict = decoder.decode(datagram, 0, this::onRecord);
            assertEquals(SyncVerdict.ACCEPTED, verdict);
        }

        assertEquals(datagrams, decoder.counters().of(SyncVerdict.ACCEPTED));
        assertEquals(records + ipv6, decoder.counters().records());
        assertEquals(ipv6, ipv6Records);
        assertEquals(connections, decoded.size());
        Map<String, Shown> backup = backupTable(capture);
        assertEquals(backup.keySet(), decoded.keySet());
        backup.forEach((key, truth) -> {
            Shown ours = decoded.getOrDefault(key, truth);
            assertEquals(truth.real, ours.real, key);
            assertEquals(truth.state, ours.state, key);
            assertFalse(truth.timeoutSeconds > ours.timeoutSeconds, key);
            assertFalse(truth.timeoutSeconds < ours.timeoutSeconds - 30, key);
        });
    }

    @Test
    void shouldReadVersion0() throws IOException {
        for (ByteBuffer datagram : datagrams("v0-tcp")) {
            assertEquals(SyncVerdict.ACCEPTED, decoder.decode(datagram, 0, this::onRecord));
            assertEquals(0, decoder.version());
            assertEquals(datagram.remaining(), decoder.readLength());
        }
        assertEquals(2, decoder.counters().version0());
        assertEquals(9, decoder.counters().records());
    }

    private void onRecord(SyncRecord record) {
        if (record.isIpv6()) {
            ipv6Records++;
            return;
        }
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
                "%s %08X:%04X %08X:%04X%s"
                        .formatted(
                                protocol,
                                record.clientAddress(),
                                record.clientPort(),
                                record.virtualAddress(),
                                record.virtualPort(),
                                engine),
                new Shown(
                        "%08X:%04X".formatted(record.realAddress(), record.realPort()),
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

    /** The IPv4 lines of the backup's /proc/net/ip_vs_conn, as they were at the end. */
    private static Map<String, Shown> backupTable(String capture) throws IOException {
        JsonNode snapshots = json(capture).get("snapshots");
        String table = snapshots.get(snapshots.size() - 1).get("witness").get("proc_conn").asText();
        Map<String, Shown> backup = new TreeMap<>();
        table.lines()
                .skip(1)
                .map(line -> line.trim().split("\\s+", -1))
                .filter(words -> !words[1].contains(":"))
                .forEach(words -> {
                    String engine = words.length > 10 ? " " + words[9] + " " + words[10] : "";
                    backup.put(
                            "%s %s:%s %s:%s%s"
                                    .formatted(
                                            words[0], words[1], words[2], words[3], words[4],
                                            engine),
                            new Shown(
                                    words[5] + ":" + words[6], words[7], Long.parseLong(words[8])));
                });
        return backup;
    }

    /** The UDP payloads of a capture of Ethernet frames with IPv4 without options. */
    private static List<ByteBuffer> datagrams(String capture) throws IOException {
        ByteBuffer pcap = ByteBuffer.wrap(bytes(capture + ".pcap")).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0xA1B2C3D4, pcap.getInt(0));
        List<ByteBuffer> datagrams = new ArrayList<>();
        int at = PCAP_HEADER_LENGTH;
        while (at < pcap.capacity()) {
            int length = pcap.getInt(at + 8);
            at += PCAP_FRAME_HEADER_LENGTH;
            assertEquals(0x45, pcap.get(at + 14));
            datagrams.add(
                    pcap.slice(
                            at + ETHERNET_IPV4_AND_UDP_LENGTH,
                            length - ETHERNET_IPV4_AND_UDP_LENGTH));
            at += length;
        }
        return datagrams;
    }

    private static JsonNode json(String capture) throws IOException {
        return new ObjectMapper().readTree(bytes(capture + ".json"));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = CorpusTest.class.getResourceAsStream("/corpus/" + name)) {
            if (in == null) {
                throw new IOException("no capture " + name);
            }
            return in.readAllBytes();
        }
    }
}
