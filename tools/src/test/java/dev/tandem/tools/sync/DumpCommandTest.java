package dev.tandem.tools.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.tools.CommandRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DumpCommandTest {
    @SuppressWarnings("UnusedVariable") // by name, below
    private static final List<String> NAMES = Corpus.NAMES;

    private static final String FTP_WITH_SEQUENCE =
            "0006003e000102000001"
                    + "9c4100150015"
                    + "00000000"
                    + "00000384"
                    + "0a0000020a000001c0a80a03"
                    + "0118"
                    + "112233440000000000000000"
                    + "5566778800000006fffffffa";

    @TempDir private Path dir;

    /** Nothing in a kernel's message is left unexplained. */
    @ParameterizedTest
    @FieldSource("NAMES")
    void shouldTakeEveryCaptureApartWithoutAFault(String name) throws IOException {
        CommandRun run = CommandRun.of("sync", "dump", "--json", Corpus.capture(name, dir));
        assertEquals(0, run.code(), run::err);
        assertEquals("", run.err());
        ObjectMapper mapper = new ObjectMapper();
        int records = 0;
        for (String line : run.lines()) {
            JsonNode record = mapper.readTree(line);
            assertTrue(record.path("error").isMissingNode(), line);
            records++;
        }
        assertEquals(name.equals("udp-ops"), records == 0);
    }

    @Test
    void shouldPrintJson() throws IOException {
        CommandRun run = CommandRun.of("sync", "dump", "--json", Corpus.capture("sip-pe", dir));
        assertEquals(15, run.lines().size());
        assertEquals(
                """
                {"time":1795217708.572730,"source":"10.98.0.11","syncid":1,"version":1,"index":0,\
                "offset":8,"family":4,"protocol":17,"clientAddress":"10.1.0.2","clientPort":0,\
                "virtualAddress":"10.1.200.100","virtualPort":5060,"realAddress":"10.2.0.13",\
                "realPort":5060,"flags":4352,"state":0,"stateName":"NONE","fwmark":0,"timeout":60,\
                "peName":"sip","peData":"616263313233406c6162"}\
                """,
                run.lines().getFirst());
    }

    @Test
    void shouldLeaveOutWhatVersion0DoesNotHave() throws IOException {
        CommandRun run = CommandRun.of("sync", "dump", "--json", Corpus.capture("v0-tcp", dir));
        assertEquals(
                """
                {"time":1795217766.012605,"source":"10.98.0.11","syncid":1,"version":0,"index":1,\
                "offset":28,"family":4,"protocol":6,"clientAddress":"10.1.0.2","clientPort":52798,\
                "virtualAddress":"10.1.200.100","virtualPort":80,"realAddress":"10.2.0.12",\
                "realPort":80,"flags":0,"state":1,"stateName":"ESTABLISHED"}\
                """,
                run.lines().get(1));
    }

    @Test
    void shouldPrintIpv6() throws IOException {
        CommandRun run = CommandRun.of("sync", "dump", "--json", Corpus.capture("mcast-ipv6", dir));
        JsonNode first = new ObjectMapper().readTree(run.lines().getFirst());
        assertEquals("fd98::11", first.path("source").asText());
        JsonNode last = new ObjectMapper().readTree(run.lines().getLast());
        assertEquals(6, last.path("family").asInt());
        assertEquals("fd01::100", last.path("virtualAddress").asText());
    }

    @Test
    void shouldPrintForPeople() throws IOException {
        CommandRun run =
                CommandRun.of(
                        "sync", "dump", Corpus.capture("mixed", dir), "--client", "10.1.0.2:24726");
        assertEquals(
                """
                2026-11-20T23:41:35.532650Z  10.98.0.11:40372 > 224.0.0.81:8848  syncid 1  version 1  records 28  bytes 1284
                  14  TCP  ESTABLISHED   900s  10.1.0.2:24726        10.1.200.100:443      10.2.0.13:443         DROUTE|NOOUTPUT
                """,
                run.out());
    }

    @Test
    void shouldPrintSequenceDataAsSixNumbers() throws IOException {
        Path file =
                new TestCapture()
                        .message(hex("00000046" + "01010000" + FTP_WITH_SEQUENCE))
                        .write(dir);
        JsonNode record = new ObjectMapper().readTree(json(file).getFirst());
        assertEquals("[287454020,0,0,1432778632,6,-6]", record.path("seq").toString());
        assertEquals(
                "  seq [287454020, 0, 0, 1432778632, 6, -6]",
                CommandRun.of("sync", "dump", file).lines().get(1).replaceAll(".*NFCT", ""));
    }

    @Test
    void shouldSayWhatIsWrongAndWhere() throws IOException {
        String good =
                "0006002400000000"
                        + "00019c4000501f90"
                        + "0000000000000384"
                        + "0a0000020a000001c0a80a03";
        String badState = good.replace("00019c40", "000b9c40");
        Path file =
                new TestCapture()
                        .message(hex("000700"))
                        .message(hex("0007002f01010000" + good))
                        .message(hex("0007005002010000" + badState + good))
                        .message(hex("0007003302010000" + good + "00000000000000"))
                        .message(hex("0007003301010000" + good + "00000000000000"))
                        .damaged()
                        .write(dir);
        assertEquals(
                List.of(
                        "DATAGRAM_TOO_SHORT 0 -",
                        "SIZE_MISMATCH 0 -",
                        "RECORD_STATE 8 0",
                        "- 44 1",
                        "- 8 0",
                        "RECORD_CUT 44 1",
                        "- 8 0",
                        "UNREAD 44 -",
                        "BAD_CHECKSUM 0 -"),
                json(file).stream().map(DumpCommandTest::summary).toList());
        assertTrue(
                CommandRun.of("sync", "dump", file)
                        .out()
                        .contains(
                                "    ! SIZE_MISMATCH: the size field says 47 bytes, the datagram has 44"));
        // a good record of a damaged datagram, when asked for
        assertEquals("- 8 0", summary(json(file, "--no-checksums").reversed().get(1)));
    }

    @Test
    void shouldShowOnlyWhatIsAskedFor() throws IOException {
        Path mixed = Corpus.capture("mixed", dir);
        assertEquals(3, json(mixed, "--virtual", "[fd01::100]:80").size());
        assertEquals(3, json(mixed, "--virtual", "fd01:0::100").size());
        assertEquals(1, json(mixed, "--virtual", ":53").size());
        assertEquals(12, json(mixed, "--protocol", "tcp").size());
        assertEquals(0, json(mixed, "--protocol", "sctp").size());
        assertEquals(0, json(mixed, "--syncid", "2").size());
        assertEquals(28, json(mixed, "--syncid", "2", "--syncid", "1").size());
        Path masters = Corpus.capture("two-masters", dir);
        assertEquals(3, json(masters, "--syncid", "20").size());
        assertEquals(3, json(masters, "-c", "1").size());
        Path group = Corpus.capture("mcast-group", dir);
        assertEquals(2, json(group).size());
        assertEquals(0, json(group, "--port", "8848-8911").size());
        assertEquals(2, json(group, "--port", "9999", "--group", "239.1.2.3").size());
        assertEquals(0, json(group, "--group", "224.0.0.81").size());
    }

    /** The layout that sync-protocol's README gives; signed with a key made up here. */
    @Test
    void shouldShowTrailers() throws Exception {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 5);
        ByteBuffer m = ByteBuffer.allocate(44 + 52);
        m.put(
                hex(
                        "0007006001010000"
                                + "0006002400000000"
                                + "00019c4000501f90"
                                + "0000000000000384"
                                + "0a0000020a000001c0a80a03"));
        m.put(hex("544e444d" + "01" + "01" + "0003" + "00000000000000ff"));
        m.putLong(2).putLong(17).putInt(0);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        mac.update("tandem ipvs sync".getBytes(US_ASCII));
        mac.update(m.array(), 0, m.position());
        m.put(mac.doFinal(), 0, 16);
        Path file = new TestCapture().message(m.array()).write(dir);
        Path key =
                Files.writeString(
                        dir.resolve("key"), Base64.getEncoder().encodeToString(secret) + "\n");
        assertTrue(key.toFile().setReadable(false, false) && key.toFile().setReadable(true, true));
        List<String> lines = json(file, "--key", "3=" + key);
        assertEquals(2, lines.size());
        assertEquals(
                "{\"kind\":\"DATA\",\"session\":\"ff\",\"epoch\":2,\"sequence\":17,\"stream\":0,"
                        + "\"keyId\":3,\"bodyLength\":0,\"signature\":\"GOOD\"}",
                new ObjectMapper().readTree(lines.get(1)).path("trailer").toString());
        assertTrue(json(file, "--key", "4=" + key).get(1).contains("\"UNKNOWN_KEY\""));
        assertTrue(
                CommandRun.of("sync", "dump", file)
                        .lines()
                        .get(2)
                        .startsWith("      trailer DATA  session 00000000000000ff  epoch 2"));
    }

    @Test
    void shouldRefuseBadUsage() throws IOException {
        Path file = Corpus.capture("mixed", dir);
        assertEquals(2, CommandRun.of("sync", "dump").code());
        assertEquals(2, CommandRun.of("sync", "dump", file, "-i", "lo").code());
        assertEquals(2, CommandRun.of("sync", "dump", file, "--syncid", "256").code());
        assertEquals(2, CommandRun.of("sync", "dump", file, "--port", "0").code());
        assertEquals(2, CommandRun.of("sync", "dump", file, "--port", "2-1").code());
        assertEquals(2, CommandRun.of("sync", "dump", file, "--client", "nowhere").code());
        assertEquals(2, CommandRun.of("sync", "dump", file, "--protocol", "256").code());
    }

    private static List<String> json(Path file, String... options) {
        CommandRun run =
                CommandRun.of(
                        Stream.concat(Stream.of("sync", "dump", "--json", file), Stream.of(options))
                                .toArray());
        assertEquals(0, run.code(), run::err);
        return run.lines();
    }

    private static String summary(String line) {
        try {
            JsonNode o = new ObjectMapper().readTree(line);
            assertTrue(o.has("time") && o.has("source"), line);
            assertEquals(o.has("error"), o.has("reason"), line);
            return "%s %s %s"
                    .formatted(
                            o.path("error").asText("-"),
                            o.path("offset").asText("-"),
                            o.path("index").asText("-"));
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
