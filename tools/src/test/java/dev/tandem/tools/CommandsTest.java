package dev.tandem.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.api.ApiServer;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.FakeBackend;
import dev.tandem.tools.api.History;
import dev.tandem.tools.api.Json;
import dev.tandem.tools.api.Overview;
import dev.tandem.tools.api.SettingsRequest;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.api.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands against a daemon with fixed data, as a user would type them. */
class CommandsTest {
    @TempDir private Path dir;
    private final FakeBackend backend = new FakeBackend();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path socket;
    private ApiServer server;

    @BeforeEach
    void open() throws IOException {
        socket = dir.resolve("a.sock");
        server = ApiServer.open(socket, backend);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void shouldPrintTheStatusForPeople() {
        assertEquals(0, run("status", "--socket", socket.toString()));
        assertEquals(
                """
                a of web is MASTER, epoch 7, up 1d 2h
                  master    a
                  why       b was silent for 300 ms
                  group     proves itself by key 2
                  gateway   10.77.1.254 answers, last did 12 ms ago
                  refused   heartbeats from 10.77.3.9 are not believed: for a reason
                  entries   1234 of 1048576
                  services  version 7.3 from a; b has the same; c has others: own file, cannot have version 7.3 from a: there is no scheduler x
                  sync      link 224.0.0.81:8848 syncid 7, sending, 12 waiting
                  settings  version 1, ports 4, ttl 1, maxlen 1472, queue 256, sock-size 0, threshold 3, period 50, refresh-period 0, retries 0, persist-mode false, flush 5 ms, hardening permissive, keys 2, 1 (the first signs)
                  hardening coverage 61.7 % of the master's 2000 entries, behind 30 ms, wants the whole table, epoch 7, senders 1
                  tables    not synced: 3 of 4096 buckets differ; coverage 98.0000 % of the master's 2000 connections, 40 missing, behind 2300 ms
                  defence   memory low, drop_entry 1 active, drop_packet 1 waiting, entries forgotten 12
                  guard     on, hides things; failed 5

                ADDRESS        INTERFACE  HERE
                198.51.100.10  outside    yes
                10.77.2.100    inside     yes

                TRACKED       STATE   WEIGHT  ADDS  SINCE  FAILURES  WHY
                interface up  GOOD     fault     0  1m 1s         0
                script dns    FAILED     -20   -20     5s         9  ended with 1

                PEER  STATE    EPOCH  PRIORITY  ENTRIES  SYNC LAG      HEARD
                b     BACKUP       7       100     1230         4  17 ms ago
                c     UNKNOWN      -         -        -         -      never

                SERVICE                   FORWARD  WEIGHT  ACTIVE  INACTIVE  CONNS  IN PKTS  OUT PKTS  IN BYTES  OUT BYTES
                tcp 198.51.100.10:80 wlc                                      1200   123456     98765     12.3G        999
                  -> 10.77.2.11:8080      nat           2     700       100    800   100000     80000     12.0G        500
                  -> 10.77.2.12:8080      dr            1     300       100    400    23456     18765      346M        499

                PORT     RECEIVED  LOST  TRUNCATED  TAGGED  NOT-OURS  SENT  FAILED  ERRNO  LINK-DOWN
                outside      1000     2          0       1         4   900       0                 0
                inside        800     0          0       0         0   700       3    100          1

                  packets   toServer 123456, toClient 98765
                  dropped   no-service 17, ttl 2
                  helpers   ftpExpected 3
                  failing   mine 4
                  sync      recordsSent 55
                  link      sent 9, socketDrops 3
                  signed    verified 800, plain 2
                  rejected  BAD_MAC 4
                  heartbeat sent 100, received 90
                  notify    told 6
                """,
                out.toString());
    }

    @Test
    void shouldPrintTheStatusAsJson() throws IOException {
        assertEquals(0, run("status", "--json", "--socket", socket.toString()));
        assertEquals(backend.status("web"), Json.read(out.toString(), Status.class));
    }

    @Test
    void shouldPrintTheStatusOfEveryCluster() throws IOException {
        backend.several = true;
        assertEquals(0, run("status", "--socket", socket.toString()));
        assertEquals(
                List.of(
                        "a of web is MASTER, epoch 7, up 1d 2h",
                        "a of db is MASTER, epoch 7, up 1d 2h"),
                out.toString().lines().filter(line -> line.startsWith("a of ")).toList());
        out.getBuffer().setLength(0);
        assertEquals(0, run("status", "--json", "--socket", socket.toString()));
        assertEquals(backend.overview(), Json.read(out.toString(), Overview.class));
        out.getBuffer().setLength(0);
        assertEquals(0, run("status", "--json", "--cluster", "db", "--socket", socket.toString()));
        assertEquals(backend.status("db"), Json.read(out.toString(), Status.class));
    }

    @Test
    void shouldPassOnWhichClusterIsMeant() {
        assertEquals(0, run("connections", "--cluster", "db", "--socket", socket.toString()));
        assertEquals("db", backend.askedCluster);
        assertEquals(0, run("reports", "--cluster", "web", "--socket", socket.toString()));
        assertEquals("web", backend.askedCluster);
    }

    @Test
    void shouldPrintTheSettings() {
        assertEquals(0, run("settings", "--cluster", "db", "--socket", socket.toString()));
        assertEquals("db", backend.askedCluster);
        assertEquals(List.of(), backend.askedSettings);
        assertEquals(
                """
                SETTING      VALUE  DEFAULT  RANGE      MEANING
                drop_entry       3        0  0-3        forget some
                timeout_udp    300      300  1-8589934  seconds
                """,
                out.toString());
        assertEquals(0, run("settings", "a", "net.ipv4.vs.b", "--socket", socket.toString()));
        assertEquals(List.of("a", "net.ipv4.vs.b"), backend.askedSettings);
    }

    @Test
    void shouldSetSettings() {
        assertEquals(
                0, run("settings", "b=1", "net.ipv4.vs.a = -2", "--socket", socket.toString()));
        assertEquals("b = 1\nnet.ipv4.vs.a = -2\n", out.toString());
        assertEquals(
                new SettingsRequest(null, Map.of("b", 1L, "net.ipv4.vs.a", -2L)),
                backend.wantedSettings);
        backend.refusal = "nothing was set: too much";
        assertEquals(2, run("settings", "b=9", "--socket", socket.toString()));
        assertTrue(err.toString().contains("nothing was set: too much"), err.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "a=1 b, 'b: show or set, not both at once'",
        "a=one, 'a=one: the value must be a whole number'",
        "a=, 'a=: the value must be a whole number'",
        "a=1 a=2, 'a is there twice'"
    })
    void shouldRefuseToSetWhatIsNoSetting(String words, String why) {
        assertEquals(2, run(("settings --socket " + socket + " " + words).split(" ")));
        assertTrue(err.toString().startsWith(why), err.toString());
        assertNull(backend.wantedSettings);
    }

    @ParameterizedTest
    @CsvSource({
        "'--take', false, true, false, false",
        "'--take --force --cluster db', true, true, false, true",
        "'--release --cluster db', true, false, true, false"
    })
    void shouldTakeAndReleaseByCommand(
            String words, boolean named, boolean take, boolean release, boolean force) {
        assertEquals(
                0, run(("failover --socket " + socket + " " + words).split(" ")), err.toString());
        assertEquals(
                new FailoverRequest(named ? "db" : null, null, take, release, force, false),
                backend.ordered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--take --release",
                "--to b --take",
                "--release --force",
                "--take --dry-run"
            })
    void shouldRefuseOrdersThatContradictThemselves(String words) {
        assertEquals(2, run(("failover --socket " + socket + " " + words).split(" ")));
        assertNull(backend.ordered);
        assertFalse(err.toString().isEmpty());
    }

    @Test
    void shouldMakeAKeyOnceAndForItsOwnerAlone() throws IOException {
        Path file = dir.resolve("web.key");
        assertEquals(0, run("key", file.toString()));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String text = Files.readString(file);
        assertEquals(32, Base64.getDecoder().decode(text.strip()).length);
        assertEquals(2, run("key", file.toString()));
        assertEquals(
                "tandem: " + file + " is there already; nothing was changed\n", err.toString());
        assertEquals(text, Files.readString(file));
    }

    @Test
    void shouldShowAndReloadTheKeys() {
        assertEquals(0, run("sync-keys", "--socket", socket.toString()));
        assertEquals(
                "web, sync: key 2 signs; taken: 2, 1\nweb, failover: key 2 signs; taken: 2, 1\n",
                out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("sync-keys", "--reload", "--socket", socket.toString()));
        assertEquals("web, sync: key 3 signs; taken: 3, 2\n", out.toString());
        backend.refusal = "nothing was changed: a.yaml:9: sync.keys[0].file: there is no file";
        assertEquals(1, run("sync-keys", "--reload", "--socket", socket.toString()));
        assertEquals("tandem: " + backend.refusal + "\n", err.toString());
    }

    @Test
    void shouldPrintConnectionsAsIpvsadmDoes() {
        assertEquals(
                0,
                run(
                        "connections",
                        "--socket",
                        socket.toString(),
                        "--protocol",
                        "tcp",
                        "--limit",
                        "2"));
        assertEquals(
                """
                IPVS connection entries
                pro expire state       source             virtual            destination
                TCP 14:59  ESTABLISHED 203.0.113.9:40001  198.51.100.10:80   10.77.2.11:8080
                UDP 01:01  UDP         203.0.113.10:5353  198.51.100.10:53   10.77.2.12:53
                (the first 2; 1234 in the whole table. --limit shows more)
                """,
                out.toString());
    }

    @Test
    void shouldLeaveFilteringToTheDaemon() {
        assertEquals(2, run("connections", "--socket", socket.toString(), "--protocol", "icmp"));
        assertEquals(
                "tandem: parameter 'protocol': unknown protocol 'icmp'; known: tcp, udp, sctp, esp, ah, ip\n",
                err.toString());
    }

    @Test
    void shouldPrintTheReportOfAFailover() {
        assertEquals(0, run("failover", "--to", "b", "--socket", socket.toString()));
        String report =
                """
                2026-03-04T05:06:07.890Z  a -> b  epoch 8  7.5 ms  1234 connections
                  flush          1.3 ms
                  silence        0.5 ms
                  grant          2.0 ms
                  take           3.8 ms
                  cluster   web
                  cause     command
                  evidence  asked for by an operator
                """;
        assertEquals(report, out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("reports", "--socket", socket.toString()));
        assertEquals(report, out.toString());
    }

    @Test
    void shouldPrintTheHistory() throws IOException {
        assertEquals(0, run("failover", "history", "--limit", "5", "--socket", socket.toString()));
        assertEquals(5, backend.askedLimit);
        assertEquals(
                """
                2026-03-04T05:06:07.890Z  a CANDIDATE -> MASTER  epoch 8  after 21 ms
                  cause     the probe stayed silent
                  evidence  asked for by an operator
                  phases    7.5 ms: flush 1.3, silence 0.5, grant 2.0, take 3.8
                  entries   1234
                  master    itself
                  votes for a in epoch 8
                  saw b     BACKUP in epoch 7, 17 ms before, priority 100, 1230 entries, 4 to send, votes for a
                  saw c     nothing yet
                """,
                out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("failover", "history", "--json", "--socket", socket.toString()));
        assertEquals(new History(backend.history("", 1)), Json.read(out.toString(), History.class));
        assertEquals(2, run("failover", "history", "--limit", "0", "--socket", socket.toString()));
        assertTrue(
                err.toString().contains("'limit': '0' is not a whole number from 1 to 500"),
                err.toString());
    }

    @Test
    void shouldSayWhy() throws IOException {
        assertEquals(0, run("why", "--cluster", "web", "--socket", socket.toString()));
        assertEquals(
                """
                a of web is BACKUP in epoch 7
                  because    b is master
                  master     b
                  not master b is master in epoch 7
                  ready      no: its table lacks 3 entries
                  priority   80
                  tracked    interface up is good
                  tracked    script dns ended with 1: adds -20
                  vote       a votes for b in epoch 7
                  vote       b votes for b in epoch 7, heard 17 ms ago
                  vote       w was never heard
                  gateway    10.77.1.254 answers b
                  if master  nobody would take over: a is SYNCING
                """,
                out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("why", "--json", "--socket", socket.toString()));
        assertEquals(backend.why(""), Json.read(out.toString(), Why.class));
    }

    @Test
    void shouldSayWhatAMoveWouldLookAt() {
        assertEquals(1, run("failover", "--to", "b", "--dry-run", "--socket", socket.toString()));
        assertEquals(
                """
                good  state     b is BACKUP
                bad   lag       b is 7 records behind
                a -> b would be refused; nothing was done
                """,
                out.toString());
        assertNull(backend.ordered);
        out.getBuffer().setLength(0);
        String force = "failover --to b --dry-run --force --json --socket " + socket;
        assertEquals(0, run(force.split(" ")));
        assertTrue(out.toString().contains("\"passed\" : true"), out.toString());
    }

    @Test
    void shouldPrintWhatBothNodesSaid() {
        StringWriter text = new StringWriter();
        ReportText.print(FakeBackend.proven(), new PrintWriter(text, true));
        assertTrue(
                text.toString()
                        .endsWith(
                                """
                                  lost      0, by comparing the tables
                                  gap       6.3 ms from the old master's silence to the new one's first word
                                  late      3 packets forwarded by the old master
                                  before    a (process 41) MASTER in epoch 7, 1234 connections, 0 to send, services 0a
                                  after     a (process 41) BACKUP in epoch 8, 1234 connections, 0 to send, services 0a
                                """),
                text.toString());
    }

    @Test
    void shouldGoIntoMaintenanceAndOut() {
        assertEquals(0, run("maintenance", "on", "--socket", socket.toString()));
        assertTrue(out.toString().startsWith("2026-03-04T05:06:07.890Z  a -> b"), out.toString());
        assertTrue(out.toString().endsWith("a of web is in maintenance\n"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("maintenance", "off", "--socket", socket.toString()));
        assertEquals("a of web is in maintenance no more\n", out.toString());
        assertEquals(2, run("maintenance", "--socket", socket.toString()));
        assertEquals(2, run("maintenance", "maybe", "--socket", socket.toString()));
        backend.refusal = "no backup is ready";
        assertEquals(1, run("maintenance", "on", "--socket", socket.toString()));
        assertTrue(err.toString().endsWith("tandem: no backup is ready\n"), err.toString());
    }

    @Test
    void shouldSayWhyAFailoverWasRefused() {
        backend.refusal = "b is not ready: its table lags by 17 records";
        assertEquals(1, run("failover", "--socket", socket.toString()));
        assertEquals("tandem: b is not ready: its table lags by 17 records\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldSayThatNoDaemonAnswers() {
        assertEquals(2, run("status", "--socket", dir.resolve("none").toString()));
        assertTrue(err.toString().startsWith("tandem: no daemon answers at " + dir), err::toString);
    }

    @Test
    void shouldCheckAGoodFile() {
        assertEquals(0, run("check", "examples/a.yaml"));
        assertEquals(
                """
                examples/a.yaml: good: node a of web, addresses 2, services 2, real servers 4, peers 1
                note: without 'failover.keys' whoever can send to the ports of failover can take part
                """,
                out.toString());
    }

    @Test
    void shouldReportABadFileAndItsMistakesOnly() throws IOException {
        Path file = Files.writeString(dir.resolve("bad.yaml"), "node: a\nclustr: web\n");
        assertEquals(2, run("check", file.toString()));
        List<String> lines = err.toString().lines().toList();
        assertTrue(
                lines.contains(file + ":2: clustr: is not a key; did you mean 'cluster'?"),
                err::toString);
        assertTrue(lines.stream().allMatch(line -> line.startsWith(file + ":")), err::toString);
        assertEquals("", out.toString());
        err.getBuffer().setLength(0);
        assertEquals(2, run("run", "-c", file.toString()));
        assertEquals(lines, err.toString().lines().toList());
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        assertEquals(2, run("check", dir + "/none.yaml"));
        assertEquals("tandem: there is no file " + dir + "/none.yaml\n", err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "check",
                "status",
                "connections",
                "failover",
                "failover history",
                "why",
                "maintenance",
                "reports",
                "sync"
            })
    void shouldHelpWithAnExample(String command) {
        String[] words = (command + " --help").strip().split(" ");
        assertEquals(0, run(words));
        assertTrue(out.toString().matches("(?s).*Examples?:.*"), out::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "status --nonsense", "run", "check", "connections --limit"})
    void shouldRefuseBadUsageWithTwo(String line) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ", -1)));
        assertFalse(err.toString().isEmpty());
        assertEquals("", out.toString());
    }

    @Test
    void shouldSayHowASimulationEnds(@TempDir Path directory) throws Exception {
        assertEquals(0, run("simulate", "--runs", "3", "--witness", "--json"));
        assertEquals("{\"runs\":3,\"violations\":0}\n", out.toString());

        Path scenario = directory.resolve("nobody.txt");
        Files.writeString(scenario, "0 start a\n100 expect a\n100 end\n");
        out.getBuffer().setLength(0);
        assertEquals(1, run("simulate", "--scenario", scenario.toString()));
        assertTrue(out.toString().contains("seed 1: expected owner: '', not 'a'"), out.toString());

        Files.writeString(scenario, "0 start z\n");
        assertEquals(2, run("simulate", "--scenario", scenario.toString()));
        assertTrue(err.toString().contains("line 1: 'z' is no node, there are a, b"));
    }

    private int run(String... args) {
        CommandLine line = Main.commandLine();
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
