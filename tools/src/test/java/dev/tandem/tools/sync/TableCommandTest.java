package dev.tandem.tools.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.tools.CommandRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table beyond what the captured scenarios show. */
class TableCommandTest {
    private static final int MASQ_ESTABLISHED = 1;

    @TempDir private Path dir;

    /** A kernel with a large maximum length lets its one-byte count wrap: 555 records count 43. */
    @Test
    void shouldTakeOfAWrappedCountWhatAKernelTakes() throws IOException {
        Path file = new TestCapture().message(message(7, 555, 900, 0)).write(dir);
        assertEquals(2 + 43, table(file, "--maxlen", "20000").lines().size());
        CommandRun cut = table(file, "--maxlen", "9000");
        assertEquals(2, cut.lines().size());
        assertEquals("tandem: 1 messages were longer than --maxlen\n", cut.err());
        assertTrue(
                CommandRun.of("sync", "dump", "--json", file)
                        .lines()
                        .getLast()
                        .contains("\"UNREAD\""));
    }

    @Test
    void shouldReadAsMuchAsAKernelWhateverItIsTold() throws IOException {
        Path file = new TestCapture().message(message(7, 28, 900, 0)).write(dir);
        assertEquals(30, table(file, "--maxlen", "44").lines().size());
    }

    @ParameterizedTest
    @CsvSource({
        // sync id asked for, rows
        "0, 3",
        "1, 2",
        "255, 1",
        "7, 0"
    })
    void shouldTakeTheSyncIdOrAll(int syncId, int rows) throws IOException {
        Path file =
                new TestCapture()
                        .message(message(1, 2, 900, 0))
                        .port(9_999)
                        .message(message(255, 1, 900, 9))
                        .write(dir);
        assertEquals(2 + rows, table(file, "--syncid", Integer.toString(syncId)).lines().size());
    }

    @ParameterizedTest
    @CsvSource({
        // seconds after the message, what is left, empty when the entry is gone
        "0, 00:01",
        "0.9, 00:00",
        "1.001, ''"
    })
    void shouldLetEntriesGoWhenTheirTimeIsOver(double later, String left) throws IOException {
        Path file = new TestCapture().message(message(1, 1, 1, 0)).write(dir);
        CommandRun run = table(file, "--until", Double.toString(TestCapture.START + later));
        assertEquals(left.isEmpty() ? 2 : 3, run.lines().size());
        assertTrue(left.isEmpty() || run.lines().getLast().startsWith("TCP " + left), run::out);
    }

    @Test
    void shouldForgetWhatEndedBeforeTheNextMessage() throws IOException {
        Path file =
                new TestCapture()
                        .message(message(1, 1, 2, 0))
                        .pause(10)
                        .message(message(1, 1, 900, 5))
                        .write(dir);
        assertEquals(3, table(file).lines().size());
        assertEquals(
                3, table(file, "--until", Long.toString(TestCapture.START + 1)).lines().size());
        assertEquals(
                2, table(file, "--until", Long.toString(TestCapture.START - 1)).lines().size());
    }

    @Test
    void shouldPrintTimesOfAnyLength() throws IOException {
        Path file = new TestCapture().message(message(1, 1, 2_678_400, 0)).write(dir);
        assertTrue(table(file).lines().getLast().startsWith("TCP 44640:00 ESTABLISHED"));
    }

    @Test
    void shouldListMarksOfBothFamilies() throws IOException {
        String template4 =
                "0000002400001100000100000000000012345678000000c8"
                        + "0a01000212345678"
                        + "0a02000b";
        String template6 =
                "0100004800001100000000000000000012345678000000c8"
                        + "fd010000000000000000000000000000"
                        + "12345678000000000000000000000000"
                        + "fd020000000000000000000000000011";
        Path file =
                new TestCapture()
                        .message(hex("00010074" + "02010000" + template4 + template6))
                        .write(dir);
        assertEquals(
                List.of(
                        "IP  03:20  ASSURED     10.1.0.2:0         18.52.86.120:0     10.2.0.11:0",
                        "IP  03:20  NONE        [fd01::]:0         [1234:5678::]:0    [fd02::11]:0"),
                table(file).lines().subList(2, 4));
    }

    @Test
    void shouldBindByTheRules() throws IOException {
        Path mixed = Corpus.capture("mixed", dir);
        Path rules = Files.write(dir.resolve("rules"), Corpus.load("mixed").rules());
        CommandRun run = CommandRun.of("sync", "table", mixed, "--json", "--rules", rules);
        assertEquals(13, run.lines().size());
        for (String line : run.lines()) {
            JsonNode entry = new ObjectMapper().readTree(line);
            assertTrue(entry.path("bound").asBoolean(), line);
            String virtual = entry.path("virtual").asText();
            String method =
                    virtual.endsWith(":443") ? "dr" : virtual.endsWith(":53") ? "tunnel" : "nat";
            assertEquals(method, entry.path("forwarding").asText(), line);
            assertEquals(
                    entry.path("state").asText().equals("ESTABLISHED"),
                    entry.path("active").asBoolean(),
                    line);
        }
    }

    /** A kernel has an engine only when a service uses it. */
    @Test
    void shouldKnowTheEnginesOfTheRules() throws IOException {
        Path capture = Corpus.capture("sip-pe", dir);
        Path rules = Files.writeString(dir.resolve("rules"), "-A -u 10.1.200.100:5060 -s rr\n");
        assertEquals(2 + 5, table(capture).lines().size());
        assertEquals(2 + 3, table(capture, "--rules", rules.toString()).lines().size());
    }

    @Test
    void shouldTellEachBadLineOfTheRules() throws IOException {
        Path rules =
                Files.writeString(
                        dir.resolve("rules"),
                        """
                        # as ipvsadm -Sn writes them
                        -A -t 10.0.0.1:80 -s wlc
                        ipvsadm --add-service --udp-service=10.0.0.1:5060 -p --pe sip -o

                        -A -f 7 -6 -p -M 64
                        -a -f 7 -6 -r [fd00::1]:0 -i -w 10 --tun-type gue --tun-port 6080 --tun-csum
                        -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1 -x 5 -y 2
                        -A -t 10.0.0.1:80
                        -a -t 10.0.0.3:80 -r 10.0.0.2:80
                        -a -t 10.0.0.1:80 -r host:80
                        -A -t 10.0.0.1:80000
                        -A -t 10.0.0.9
                        -A -f 0
                        -A -t 10.0.0.1:81 -s
                        -A -t 10.0.0.1:81 --nonsense
                        -E -t 10.0.0.1:80 -s rr
                        """);
        CommandRun run = table(Corpus.capture("mixed", dir), 2, "--rules", rules.toString());
        assertEquals(
                List.of(
                        "tandem: bad rules",
                        rules + ":8: this service is there already",
                        rules + ":9: there is no such service above",
                        rules
                                + ":10: 'host:80' is no address with a port; names are not looked up"
                                + " (ipvsadm -Sn)",
                        rules + ":11: 10.0.0.1:80000: '80000' is no number from 0 to 65535",
                        rules + ":12: a service of port 0 must be persistent",
                        rules + ":13: -f: '0' is no number from 1 to 4294967295",
                        rules + ":14: -s needs a value",
                        rules + ":15: '--nonsense' is not an option",
                        rules + ":16: '-E' is neither -A nor -a"),
                run.err().lines().toList());
    }

    private static CommandRun table(Path file, String... options) {
        return table(file, 0, options);
    }

    private static CommandRun table(Path file, int code, String... options) {
        CommandRun run =
                CommandRun.of(
                        Stream.concat(Stream.of("sync", "table", file), Stream.of(options))
                                .toArray());
        assertEquals(code, run.code(), run::err);
        return run;
    }

    /** A version 1 message of so many connections, client ports from {@code firstPort} + 1. */
    private static byte[] message(int syncId, int count, int timeout, int firstPort) {
        ByteBuffer m = ByteBuffer.allocate(8 + 36 * count);
        m.put((byte) 0).put((byte) syncId).putShort((short) m.limit());
        m.put((byte) count).put((byte) 1).putShort((short) 0);
        for (int i = 1; i <= count; i++) {
            m.put((byte) 0).put((byte) 6).putShort((short) 36).putInt(0);
            m.putShort((short) MASQ_ESTABLISHED).putShort((short) (firstPort + i));
            m.putShort((short) 80).putShort((short) 80).putInt(0).putInt(timeout);
            m.putInt(0x0A010002).putInt(0x0A01C864).putInt(0x0A02000B);
        }
        return m.array();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
