package dev.tandem.director.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.app.FtpRig.Sent;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.EntryDetails;
import dev.tandem.sync.wire.SyncFlags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Control connections: what is said, what is awaited, what comes out. Virtual 10.77.1.100:21, real
 * 10.77.2.11:21, client 10.77.1.9; \ stands for CR LF.
 */
class FtpHelperTest {
    private static final String REPLY = "227 Entering Passive Mode (10,77,2,11,200,10).\r\n";
    private static final String TO_CLIENT = "227 Entering Passive Mode (10,77,1,100,200,10).\r\n";

    /** What the client says and what is awaited: client, virtual service, real server. */
    @ParameterizedTest
    @CsvSource({
        "'PORT 10,77,1,9,156,65\\',        10.77.1.9 40001 10.77.1.100 20 10.77.2.11 20",
        "'port 10,77,1,9,0,1\\',           10.77.1.9 1 10.77.1.100 20 10.77.2.11 20",
        "'EPRT |1|10.77.1.9|40001|\\',     10.77.1.9 40001 10.77.1.100 20 10.77.2.11 20",
        "'EPRT !1!10.77.1.9!40001!\\',     10.77.1.9 40001 10.77.1.100 20 10.77.2.11 20",
        "'NOOP\\PORT 10,77,1,9,156,65\\',  10.77.1.9 40001 10.77.1.100 20 10.77.2.11 20",
        "'PORT 10,77,1,9,156,65',          ",
        "'PORT 10,77,1,9,156\\',           ",
        "'PORT 10,77,1,9,256,65\\',        ",
        "'PORT 10,77,1,9,99999999999,6\\', ",
        "'PORT 10,77,1,9,0,0\\',           ",
        "'PORT 10,77,1,9,156,65 x\\',      ",
        "'XPORT 10,77,1,9,156,65\\',       ",
        "'EPRT |2|2001:db8::9|40001|\\',   ",
        "'EPRT |1|10.77.1|40001|\\',       ",
        "'EPRT |1|client|40001|\\',        ",
        "'EPRT |1|10.77.1.9|65536|\\',     ",
        "'EPRT |1|10.77.1.9|40001\\',      ",
        "'EPRT\\',                         ",
    })
    void shouldAwaitTheServersCall(String said, String expected) {
        try (FtpRig rig = FtpRig.of(false)) {
            String text = said.replace("\\", "\r\n");
            Sent sent = rig.fromClient(100, 200, text);

            assertEquals(Verdict.PASS, sent.verdict());
            assertEquals(text, sent.text());
            assertEquals(expected == null ? List.of() : List.of(expected), rig.expected);
        }
    }

    @Test
    void shouldAwaitTheServersCallOverIpv6() {
        try (FtpRig rig = FtpRig.of(true)) {
            rig.fromClient(100, 200, "EPRT |2|2001:db8:1::9|40001|\r\n");
            rig.fromClient(140, 200, "PORT 10,77,1,9,156,65\r\nEPRT |1|10.77.1.9|40001|\r\n");

            assertEquals(
                    List.of(
                            "2001:db8:1:0:0:0:0:9 40001 2001:db8:1:0:0:0:0:100 20"
                                    + " 2001:db8:2:0:0:0:0:11 20"),
                    rig.expected);
        }
    }

    /** What the client says, what the server replies, what the client gets, what is awaited. */
    @ParameterizedTest
    @CsvSource({
        "PASV\\, '227 Passive (10,77,2,11,200,10)\\', '227 Passive (10,77,1,100,200,10)\\', 51210",
        "pasv\\, '227 10,77,2,11,4,1\\', '227 10,77,1,100,4,1\\', 1025",
        "PASV\\, '227 see 7 (10,77,2,11,4,1)\\', '227 see 7 (10,77,1,100,4,1)\\', 1025",
        "PASV\\, '220 a\\227 (10,77,2,11,4,1)\\', '220 a\\227 (10,77,1,100,4,1)\\', 1025",
        "PASV\\, '227 (10,77,1,100,4,1)\\', '227 (10,77,1,100,4,1)\\', 1025",
        "EPSV\\, '229 Extended (|||51210|)\\', '229 Extended (|||51210|)\\', 51210",
        "EPSV 1\\, '229 (!1!10.77.2.11!51210!)\\', '229 (|||51210|)\\', 51210",
        "PASV\\, '227 (10,77,2,11,256,1)\\', '227 (10,77,2,11,256,1)\\', ",
        "PASV\\, '227 (10,77,2,11,0,0)\\', -, ",
        "PASV\\, '227 none\\', '227 none\\', ",
        "PASV\\, '229 (|||51210|)\\', '229 (|||51210|)\\', ",
        "EPSV 2\\, '229 (|||51210|)\\', '229 (|||51210|)\\', ",
        "EPSV ALL\\, '229 (|||51210|)\\', '229 (|||51210|)\\', ",
        "EPSV\\, '229 (|||65536|)\\', '229 (|||65536|)\\', ",
        "EPSV\\, '229 |||51210|\\', '229 |||51210|\\', ",
        "NOOP\\, '227 (10,77,2,11,200,10)\\', '227 (10,77,2,11,200,10)\\', ",
    })
    void shouldRewriteTheReply(String said, String reply, String expected, Integer port) {
        for (boolean partial : new boolean[] {false, true}) {
            try (FtpRig rig = FtpRig.of(false)) {
                rig.partial = partial;
                rig.fromClient(100, 200, said.replace("\\", "\r\n"));
                Sent sent = rig.fromServer(200, 106, reply.replace("\\", "\r\n"));

                if (expected.equals("-")) {
                    assertEquals(Verdict.DROP, sent.verdict());
                } else {
                    assertEquals(expected.replace("\\", "\r\n"), sent.text());
                    assertEquals(200, sent.sequence());
                }
                String awaited = "10.77.1.9 0 10.77.1.100 %d 10.77.2.11 %d".formatted(port, port);
                assertEquals(port == null ? List.of() : List.of(awaited), rig.expected);
            }
        }
    }

    @Test
    void shouldRewriteTheReplyOverIpv6() {
        try (FtpRig rig = FtpRig.of(true)) {
            rig.fromClient(100, 200, "EPSV 2\r\n");
            String reply = "229 Extended (|2|2001:db8:2::11|51210|)\r\n";
            Sent sent = rig.fromServer(200, 108, reply);
            String expected = "229 Extended (|||51210|)\r\n";

            assertEquals(expected, sent.text());
            Sent next = rig.fromServer(200 + reply.length(), 108, "226 done\r\n");
            assertEquals(200 + expected.length(), next.sequence());
            assertEquals(
                    List.of(
                            "2001:db8:1:0:0:0:0:9 0 2001:db8:1:0:0:0:0:100 51210"
                                    + " 2001:db8:2:0:0:0:0:11 51210"),
                    rig.expected);
        }
    }

    /** The figures of the kernel's rules: seq 1000 grows by 6. */
    @Test
    void shouldMoveTheNumbersBehindARewrite() {
        try (FtpRig rig = new FtpRig("10.77.1.9", "100.177.211.100", "10.77.2.1")) {
            String reply = "227 Entering Passive Mode (10,77,2,1,200,10)............\r\n";
            assertEquals(58, reply.length());
            rig.fromClient(100, 1000, "PASV\r\n");
            Sent sent = rig.fromServer(1000, 106, reply);
            assertEquals(1000, sent.sequence());
            assertEquals(58 + 6, sent.text().length());

            assertEquals(1066, rig.fromServer(1060, 106, "").sequence());
            assertEquals(1000, rig.fromServer(1000, 106, reply).sequence());
            assertEquals(1060, rig.fromClient(106, 1066, "").acknowledgment());
            assertEquals(1006, rig.fromClient(106, 1006, "").acknowledgment());
            // a second one, by 6 again
            rig.fromClient(106, 1066, "PASV\r\n");
            assertEquals(1066, rig.fromServer(1060, 112, reply).sequence());
            assertEquals(1130, rig.fromServer(1118, 112, "").sequence());
            assertEquals(1118, rig.fromClient(112, 1130, "").acknowledgment());
            assertEquals(
                    "1060 12 6",
                    EntryDetails.sequence(rig.entry, 3)
                            + " "
                            + EntryDetails.sequence(rig.entry, 4)
                            + " "
                            + EntryDetails.sequence(rig.entry, 5));
            assertEquals(SyncFlags.OUT_SEQ, ConnectionEntry.flags(rig.entry) & 0x600);
        }
    }

    /** SACK blocks behind one and two NOPs: at an odd and at an even address. */
    @ParameterizedTest
    @CsvSource({"1 5 10, 3", "1 1 5 10, 4"})
    void shouldMoveTheEdgesOfSackBlocks(String before, int at) {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.fromClient(100, 1000, "PASV\r\n");
            rig.fromServer(1000, 106, "227 (10,77,2,11,4,1)\r\n");
            int[] options = new int[16];
            int i = 0;
            for (String option : before.split(" ", -1)) {
                options[i++] = Integer.parseInt(option);
            }
            for (int edge : new int[] {1051, 1071}) {
                for (int shift = 24; shift >= 0; shift -= 8) {
                    options[i++] = edge >>> shift & 0xFF;
                }
            }
            Sent sent = rig.fromClient(106, 1023, "", options);

            assertEquals(1022, sent.acknowledgment());
            int tcp = 10 + 14 + 20;
            var numbers = ByteBuffer.wrap(sent.frame());
            assertEquals(1050, numbers.getInt(tcp + 20 + at));
            assertEquals(1070, numbers.getInt(tcp + 20 + at + 4));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadACommandCutAnywhere(boolean again) {
        String said = "NOOP\r\nPORT 10,77,1,9,156,65\r\nNOOP\r\n";
        for (int cut = 1; cut < said.length(); cut++) {
            try (FtpRig rig = FtpRig.of(false)) {
                rig.fromClient(100, 200, said.substring(0, cut));
                if (again && cut < 28) {
                    // more than before, as TCP may repeat it
                    rig.fromClient(100, 200, said.substring(0, cut + 1));
                }
                rig.fromClient(100 + cut, 200, said.substring(cut));

                String expected = "10.77.1.9 40001 10.77.1.100 20 10.77.2.11 20";
                assertEquals(List.of(expected), rig.expected, "cut at " + cut);
            }
        }
    }

    @Test
    void shouldNotJoinAcrossAGap() {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.fromClient(100, 200, "PORT 10,77,1,9,");
            rig.fromClient(120, 200, "156,65\r\n");

            assertEquals(List.of(), rig.expected);
        }
    }

    /**
     * A server, a director that loses packets behind itself, a client: whatever is cut and lost,
     * the client reads the rewritten reply and nothing else, once.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 30, 60})
    void shouldRewriteAReplyCutAnywhere(int lossPercent) {
        SplittableRandom random = new SplittableRandom(lossPercent + 7);
        String head = "200 ok\r\n";
        String tail = "150 here it comes\r\n226 done\r\n";
        String said = head + REPLY + tail;
        for (int round = 0; round < 3000; round++) {
            List<Integer> cuts = new ArrayList<>();
            for (int cut = 1; cut < said.length(); cut++) {
                if (random.nextInt(8) == 0) {
                    cuts.add(cut);
                }
            }
            try (FtpRig rig = FtpRig.of(false)) {
                rig.fromClient(100, 5000, "PASV\r\n");
                String read = converse(rig, said, cuts, random, lossPercent);

                assertEquals(head + TO_CLIENT + tail, read, "cut at " + cuts);
                assertEquals(1, rig.expected.size(), "cut at " + cuts);
                assertEquals(0, rig.counters.failed());
            }
        }
    }

    /** Go-back-N with one segment more each time all was acknowledged. */
    private static String converse(
            FtpRig rig, String said, List<Integer> cuts, SplittableRandom random, int loss) {
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(said.length());
        StringBuilder read = new StringBuilder();
        int acknowledged = 0;
        for (int turn = 0; acknowledged < said.length(); turn++) {
            assertTrue(turn < 1000, "stuck at " + acknowledged + " with cuts " + cuts);
            int from = acknowledged;
            int answered = acknowledged;
            int window = 1 + random.nextInt(3);
            for (int end : ends) {
                if (end <= acknowledged || window-- == 0) {
                    continue;
                }
                Sent sent = rig.fromServer(5000 + from, 106, said.substring(from, end));
                from = end;
                if (sent.verdict() == Verdict.ANSWER) {
                    assertEquals(106, sent.sequence());
                    answered =
                            Math.max(
                                    answered,
                                    lost(random, loss) ? 0 : sent.acknowledgment() - 5000);
                } else if (sent.verdict() == Verdict.PASS && !lost(random, loss)) {
                    int gap = sent.sequence() - 5000 - read.length();
                    if (gap <= 0 && sent.text().length() > -gap) {
                        read.append(sent.text().substring(-gap));
                    }
                    Sent back = rig.fromClient(106, 5000 + read.length(), "");
                    answered =
                            Math.max(
                                    answered,
                                    lost(random, loss) ? 0 : back.acknowledgment() - 5000);
                }
            }
            acknowledged = answered;
        }
        return read.toString();
    }

    private static boolean lost(SplittableRandom random, int percent) {
        return random.nextInt(100) < percent;
    }

    @Test
    void shouldLetGoWhatIsNoReplyAfterAll() {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.fromClient(100, 200, "PASV\r\n");
            Sent held = rig.fromServer(200, 106, "22");
            assertEquals(Verdict.ANSWER, held.verdict());
            assertEquals(202, held.acknowledgment());
            Sent sent = rig.fromServer(202, 106, "6 done\r\n");

            assertEquals("226 done\r\n", sent.text());
            assertEquals(200, sent.sequence());
            assertEquals("226 done\r\n", rig.fromServer(202, 106, "6 done\r\n").text());
        }
    }

    @Test
    void shouldLeaveTlsAlone() {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.fromClient(100, 200, "\u0016\u0003\u0001PASV\r\nPORT 10,77,1,9,156,65\r\n");
            rig.fromClient(150, 200, "PASV\r\nPORT 10,77,1,9,156,65\r\n");

            assertEquals(List.of(), rig.expected);
            assertEquals(REPLY, rig.fromServer(200, 150, REPLY).text());
        }
    }

    @Test
    void shouldDropAReplyThatCannotBeHonoured() {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.full = true;
            rig.fromClient(100, 200, "PASV\r\n");

            assertEquals(Verdict.DROP, rig.fromServer(200, 106, REPLY).verdict());
            assertEquals(1, rig.counters.failed());
        }
    }

    @Test
    void shouldDropWhatIsDamaged() {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.fromClient(100, 200, "PASV\r\n");
            Sent good = rig.fromServer(200, 106, "220 hello\r\n");
            byte[] bad = good.frame().clone();
            bad[bad.length - 1] ^= 1;

            assertEquals(Verdict.DROP, rig.put(true, bad).verdict());
            assertEquals(1, rig.counters.badChecksums());
        }
    }

    @Test
    void shouldForgetAConnectionThatBeginsAnew() {
        try (FtpRig rig = FtpRig.of(false)) {
            rig.fromClient(100, 200, "PASV\r\n");
            rig.put(false, FtpRig.SYN, 1, 0, "");

            assertEquals(REPLY, rig.fromServer(200, 106, REPLY).text());
        }
    }

    @Test
    void shouldConcernTheControlConnectionsOfItsPorts() {
        try (FtpRig rig = FtpRig.of(false)) {
            assertTrue(rig.apps.concerns(rig.entry));
            long other = rig.table.add(6, 1, 2, 3, 2121, 4, 21, SyncFlags.MASQ);
            assertTrue(rig.apps.concerns(other));
            long direct = rig.table.add(6, 1, 2, 4, 21, 4, 21, SyncFlags.DROUTE);
            assertFalse(rig.apps.concerns(direct));
            long web = rig.table.add(6, 1, 2, 3, 80, 4, 80, SyncFlags.MASQ);
            assertFalse(rig.apps.concerns(web));
            assertTrue(rig.table.sequence(web, 1, 2, 3));
            assertTrue(rig.apps.concerns(web));
        }
    }

    /** Any bytes in any pieces: no exception, and every frame that comes out is right. */
    @Test
    void shouldStandAnything() {
        SplittableRandom random = new SplittableRandom(4);
        String[] words = {
            "PASV\r\n",
            "EPSV\r\n",
            "227 ",
            "229 (",
            "|",
            "1,",
            "(",
            ")",
            "\r",
            "\n",
            "PORT ",
            "EPRT |1|"
        };
        for (int round = 0; round < 2000; round++) {
            try (FtpRig rig = FtpRig.of(random.nextBoolean())) {
                rig.partial = random.nextBoolean();
                for (int i = 0; i < 20; i++) {
                    StringBuilder text = new StringBuilder();
                    for (int n = random.nextInt(6); n > 0; n--) {
                        text.append(
                                random.nextInt(3) == 0
                                        ? String.valueOf((char) random.nextInt(256))
                                        : words[random.nextInt(words.length)]);
                    }
                    int sequence = 5000 + random.nextInt(60);
                    rig.put(
                            random.nextBoolean(),
                            random.nextInt(20) == 0 ? random.nextInt(256) : FtpRig.ACK,
                            sequence,
                            5000 + random.nextInt(60),
                            text.toString());
                }
            }
        }
    }
}
