package dev.tandem.tools.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.JavaCommand;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands, and a daemon that does what they say. */
@Tag("netns")
class LiveIpvsadmIT {
    private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();
    private static final String FIRST = "10.9.0.100";

    @TempDir static Path directory;

    private static final Namespace HOST =
            new Namespace("tandem-ipvsadm-" + ProcessHandle.current().pid());

    private static Process daemon;

    private static Path socket() {
        return directory.resolve("a.sock");
    }

    @BeforeAll
    static void start() throws Exception {
        Commands.run("ip", "netns", "add", HOST.name());
        HOST.ip(
                List.of(
                        "link set lo up",
                        "link add out type veth peer name wire",
                        "address add 10.9.0.1/24 dev out",
                        "link set out up",
                        "link set wire up"));
        Path file = directory.resolve("a.yaml");
        Files.writeString(
                file,
                """
                node: a
                cluster: web
                role: manual
                director: {interfaces: [out], connections: 65536}
                addresses:
                  - {address: %s, interface: out}
                services:
                  - protocol: tcp
                    address: %s
                    port: 80
                    servers: [{address: 10.9.0.11, forwarding: nat}]
                api: {socket: %s, reports: %s}
                """
                        .formatted(FIRST, FIRST, socket(), directory.resolve("reports")));
        Path log = directory.resolve("a.log");
        daemon =
                new ProcessBuilder(
                                JavaCommand.in(
                                        HOST,
                                        "dev.tandem.tools.Main",
                                        "run",
                                        "-c",
                                        file.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!answers()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no daemon:\n" + Files.readString(log));
            }
            Thread.onSpinWait();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        daemon.destroy();
        daemon.waitFor();
        Commands.run("ip", "netns", "delete", HOST.name());
    }

    @BeforeEach
    void clear() {
        assertEquals(0, run("-C").code());
    }

    private static boolean answers() {
        try {
            return !new ApiClient(socket()).status().node().isEmpty();
        } catch (IOException | ApiException _) {
            return false;
        }
    }

    private static Run run(String line) {
        return restore(line, "");
    }

    private static Run restore(String line, String input) {
        DaemonControl control = new DaemonControl(Autostart.of(socket().toString(), Map.of()), "");
        return Run.of(control, List.of(line.split(" ", -1)), input);
    }

    /** Every kind of service and server there is, as one table. */
    private static final String TABLE =
            """
            -A -t 10.9.0.100:80 -s wlc
            -a -t 10.9.0.100:80 -r 10.9.0.11:8080 -m -w 7 -x 100 -y 50
            -a -t 10.9.0.100:80 -r 10.9.0.12:80 -g -w 0
            -a -t 10.9.0.100:80 -r 10.9.0.13:80 -i -w 1 --tun-type ipip
            -a -t 10.9.0.100:80 -r 10.9.0.14:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
            -a -t 10.9.0.100:80 -r 10.9.0.15:80 -i -w 1 --tun-type gre --tun-nocsum
            -A -t 10.9.0.101:0 -s rr -p 360 -M 255.255.255.0
            -A -u 10.9.0.100:53 -s rr -o
            -a -u 10.9.0.100:53 -r 10.9.0.11:53 -m -w 1
            -A -t [2001:db8::100]:443 -s wlc -p 60 -M 64
            -a -t [2001:db8::100]:443 -r [2001:db8::11]:443 -m -w 1
            -A -f 7 -s wlc
            -a -f 7 -r 10.9.0.11:0 -m -w 1
            """;

    @Test
    void shouldKeepAWholeTable() {
        Run restored = restore("-R", TABLE);

        assertEquals("", restored.err());
        assertEquals(0, restored.code());
        assertEquals(TABLE, run("-S -n --thresholds").out());
        assertEquals(TABLE.replace(" -x 100 -y 50", ""), run("-Sn").out(), "as ipvsadm saves it");
        assertEquals(
                """
                Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\s
                  -> RemoteAddress:Port
                TCP  10.9.0.100:80 wlc
                  -> 10.9.0.11:8080               100        50         0          0        \s
                  -> 10.9.0.12:80                 0          0          0          0        \s
                  -> 10.9.0.13:80                 0          0          0          0        \s
                  -> 10.9.0.14:80                 0          0          0          0        \s
                  -> 10.9.0.15:80                 0          0          0          0        \s
                """,
                run("-Ln --thresholds -t 10.9.0.100:80").out());
        assertTrue(
                run("-Ln --tun-info")
                        .out()
                        .contains("  -> 10.9.0.14:80                 Tunnel  gue:6080:+c   1"));
        // the newest server first, as the kernel has them
        assertTrue(
                run("-Ln --nosort -t 10.9.0.100:80")
                        .out()
                        .lines()
                        .toList()
                        .get(3)
                        .contains(".15:80"));
    }

    /** What is done first ('/' between), the command, what it says, its exit code. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-A -t 10.9.0.100:80 | -A -t 10.9.0.100:80 | Service already exists | 255",
                "-C | -A -t 10.9.0.100:80 -s nosuch | Scheduler or persistence engine not found | 255",
                "-C | -A -t 10.9.0.100:80 --pe nosuch -p | Scheduler or persistence engine not found | 255",
                "-C | -E -t 10.9.0.100:80 | No such service | 255",
                "-C | -D -t 10.9.0.100:80 | No such service | 255",
                "-C | -Z -t 10.9.0.100:80 | No such service | 255",
                "-C | -Z | '' | 0",
                "-C | -a -t 10.9.0.100:80 -r 10.9.0.11 | Service not defined | 255",
                "-A -t 10.9.0.100:80 | -e -t 10.9.0.100:80 -r 10.9.0.11 | No such destination | 255",
                "-A -t 10.9.0.100:80 | -d -t 10.9.0.100:80 -r 10.9.0.11 | No such destination | 255",
                "-A -t 10.9.0.100:80/-a -t 10.9.0.100:80 -r 10.9.0.11 -m | -a -t 10.9.0.100:80 -r 10.9.0.11 -m | Destination already exists | 255",
                "-A -t 10.9.0.100:80 | -a -t 10.9.0.100:80 -r 10.9.0.11 -x 5 -y 6 | Numerical result out of range | 255",
                "-C | -Ln -t 10.9.0.100:80 | No such service | 1",
            })
    void shouldBeRefusedAsByAKernel(String before, String command, String said, int code) {
        assertEquals("", restore("-R", before.replace('/', '\n')).err());

        Run run = run(command);

        assertEquals(said.isEmpty() ? "" : said + "\n", run.err());
        assertEquals(code, run.code());
    }

    @Test
    void shouldEditAndDelete() {
        restore("-R", TABLE);
        assertEquals("", run("-E -t 10.9.0.100:80 -s rr -b flag-2").err());
        assertEquals("", run("-e -t 10.9.0.100:80 -r 10.9.0.11:8080 -m -w 9").err());
        assertEquals("", run("-d -t 10.9.0.100:80 -r 10.9.0.12").err());
        assertEquals("", run("-D -f 7").err());

        String saved = run("-Sn --thresholds").out();

        assertTrue(saved.startsWith("-A -t 10.9.0.100:80 -s rr -b flag-2\n"), saved);
        assertTrue(saved.contains("-r 10.9.0.11:8080 -m -w 9\n"), saved);
        assertTrue(!saved.contains("10.9.0.12") && !saved.contains("-f 7"), saved);
    }

    @Test
    void shouldSetTimeoutsButForZero() {
        assertEquals("", run("--set 1000 0 30").err());
        assertEquals("Timeout (tcp tcpfin udp): 1000 120 30\n", run("-L --timeout").out());
        assertEquals("", run("--set 900 120 300").err());
    }

    @Test
    void shouldStartAndStopSyncAsAKernel() {
        assertEquals("", run("-L --daemon").out());
        assertEquals("No daemon is running\n", run("--stop-daemon master").err());
        assertEquals(
                "No such device\n", run("--start-daemon master --mcast-interface nosuch").err());
        String master = "--start-daemon master --mcast-interface out --syncid 5";

        assertEquals("", run(master).err());
        assertEquals("Daemon has already run\n", run(master).err());
        assertEquals(
                "",
                run("--start-daemon backup --mcast-interface out --mcast-group ff05::51").err());
        assertEquals(
                """
                master sync daemon (mcast=out, syncid=5, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)
                backup sync daemon (mcast=out, syncid=0, maxlen=1452, group=ff05::51, port=8848, ttl=1)
                """,
                run("-L --daemon").out());
        assertEquals("", run("--stop-daemon master").err());
        assertEquals("No daemon is running\n", run("--stop-daemon master").err());
        assertEquals("", run("--stop-daemon backup").err());
        assertEquals("", run("-L --daemon").out());
    }

    @Test
    void shouldKeepInTheFileWhatWasChanged() throws Exception {
        Path file = directory.resolve("a.yaml");
        restore("-R", "-A -t 10.9.0.100:81 -s rr\n-a -t 10.9.0.100:81 -r 10.9.0.11 -m -w 3\n");

        assertTrue(new ApiClient(socket()).saveConfig().changed());

        String kept = Files.readString(file);
        assertTrue(
                kept.contains(
                        """
                        services:
                          - protocol: tcp
                            address: 10.9.0.100
                            port: 81
                            scheduler: rr
                            servers:
                              - {address: 10.9.0.11, forwarding: nat, weight: 3}
                        api:\
                        """),
                kept);
        assertTrue(!new ApiClient(socket()).saveConfig().changed());
        restore("-R", "-A -t 10.9.0.77:80\n");
        ApiException refused =
                assertThrows(ApiException.class, () -> new ApiClient(socket()).saveConfig());
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("10.9.0.77 is not one of the virtual addresses"));
        assertEquals(kept, Files.readString(file));
    }

    @Test
    void shouldRestoreAThousandServers() {
        StringBuilder lines = new StringBuilder("-A -t 10.9.0.100:80 -s wlc\n");
        for (int i = 0; i < 1000; i++) {
            lines.append(
                    "-a -t 10.9.0.100:80 -r 10.10.%d.%d:80 -m -w 1\n"
                            .formatted(i / 200, i % 200 + 1));
        }
        assertEquals("", restore("-R", lines.toString()).err());
        assertEquals(lines.toString(), run("-Sn").out());
    }
}
