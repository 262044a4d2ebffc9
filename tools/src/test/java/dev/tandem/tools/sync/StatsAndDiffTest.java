package dev.tandem.tools.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.tools.CommandRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsAndDiffTest {
    private static final byte[] GOOD =
            HexFormat.of()
                    .parseHex(
                            "0007002c0101000000060024000000000001"
                                    + "9c4000501f9000000000000003840a0000020a000001c0a80a03");

    @TempDir private Path dir;

    @Test
    void shouldPrintStatisticsForPeople() throws IOException {
        assertEquals(
                """
                2 datagrams, 232 bytes, 6 records in 0.3 s; peak 2 datagrams/s, mean 7.7 datagrams/s, 23.0 records/s

                SOURCE      GROUP            SYNCID  VERSION  DATAGRAMS  BYTES  RECORDS  REPEATS  MISSING  MALFORMED
                10.98.0.11  224.0.0.81:8848      10        1          1    116        3        0        -          0
                10.98.0.13  224.0.0.81:8848      20        1          1    116        3        0        -          0

                RECORDS
                TCP ESTABLISHED  6

                FRAMES
                DATAGRAM  2
                """,
                CommandRun.of("sync", "stats", Corpus.capture("two-masters", dir)).out());
    }

    @Test
    void shouldCountRepeatsAndWhatIsMalformed() throws IOException {
        byte[] badSize = GOOD.clone();
        badSize[3]++;
        Path file =
                new TestCapture()
                        .message(GOOD)
                        .pause(-0.5)
                        .message(GOOD)
                        .pause(5)
                        .message(GOOD)
                        .message(badSize)
                        .damaged()
                        .write(dir);
        JsonNode stream = stats(file).path("streams").get(0);
        assertEquals(5, stream.path("datagrams").asInt());
        assertEquals(3, stream.path("records").asInt());
        assertEquals(1, stream.path("repeats").asInt());
        assertEquals(2, stream.path("malformed").asInt());
        assertEquals(
                "{\"BAD_CHECKSUM\":1,\"SIZE_MISMATCH\":1}",
                stats(file).path("malformed").toString());
    }

    @Test
    void shouldTellWhichNumbersOfTrailersAreMissing() throws IOException {
        TestCapture capture = new TestCapture();
        for (long sequence : new long[] {5, 6, 9, 8}) {
            ByteBuffer m = ByteBuffer.allocate(GOOD.length + 52).put(GOOD);
            m.putShort(2, (short) m.limit());
            m.put("TNDM".getBytes(US_ASCII));
            m.put((byte) 1).put((byte) 1).putShort((short) 3).putLong(77).putLong(2);
            m.putLong(sequence);
            capture.message(m.array());
        }
        JsonNode stream = stats(capture.write(dir)).path("streams").get(0);
        assertEquals(1, stream.path("missing").asInt(), stream::toString);
        assertEquals(0, stream.path("repeats").asInt());
        assertEquals(4, stream.path("records").asInt());
    }

    @Test
    void shouldFindNoDifferenceBetweenACaptureAndItself() throws IOException {
        Path file = Corpus.capture("mixed", dir);
        CommandRun run = CommandRun.of("sync", "diff", file, file);
        assertEquals(0, run.code(), run::err);
        assertEquals("0 only in A, 0 only in B, 0 different, 13 the same\n", run.out());
    }

    @Test
    void shouldShowWhatDiffers() throws IOException {
        byte[] otherServer = GOOD.clone();
        otherServer[otherServer.length - 1] = 9;
        byte[] otherClient = GOOD.clone();
        otherClient[19] = 0x41;
        Path a = new TestCapture().message(GOOD).message(otherClient).write(dir);
        Path sub = Files.createDirectory(dir.resolve("b"));
        Path b = new TestCapture().message(otherServer).write(sub);
        CommandRun run = CommandRun.of("sync", "diff", a, b);
        assertEquals(1, run.code(), run::err);
        assertEquals(
                """
                - TCP 15:00  ESTABLISHED 10.0.0.2:40001     10.0.0.1:80        192.168.10.3:8080
                -+ TCP 14:59  ESTABLISHED 10.0.0.2:40000     10.0.0.1:80        192.168.10.3:8080
                   TCP 14:59  ESTABLISHED 10.0.0.2:40000     10.0.0.1:80        192.168.10.9:8080
                1 only in A, 0 only in B, 1 different, 0 the same
                """,
                run.out());
        JsonNode json =
                new ObjectMapper().readTree(CommandRun.of("sync", "diff", "--json", b, a).out());
        assertEquals(1, json.path("onlyInB").size());
        assertEquals(1, json.path("different").size());
        assertEquals(2, CommandRun.of("sync", "diff", a).code());
    }

    private static JsonNode stats(Path file) throws IOException {
        CommandRun run = CommandRun.of("sync", "stats", "--json", file);
        assertEquals(0, run.code(), run::err);
        return new ObjectMapper().readTree(run.out());
    }
}
