package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.JavaCommand;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * curl fetches a file from an FTP server behind a real director's NAT, over every kind of data
 * connection.
 */
@Tag("netns")
class FtpIT {
    private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();
    private static final String PREFIX = "tandem-ftp-" + ProcessHandle.current().pid();
    private static final Namespace CLIENT = new Namespace(PREFIX + "-c");
    private static final Namespace DIRECTOR = new Namespace(PREFIX + "-d");
    private static final Namespace SERVER = new Namespace(PREFIX + "-s");

    @TempDir static Path directory;

    private static final byte[] FILE = new byte[1_000_000];
    private static Process daemon;
    private static FtpServer server;
    private static FtpServer server6;

    @BeforeAll
    static void start() throws Exception {
        new Random(7).nextBytes(FILE);
        for (Namespace host : List.of(CLIENT, DIRECTOR, SERVER)) {
            Commands.run("ip", "netns", "add", host.name());
            host.ip(List.of("link set lo up"));
        }
        wire(CLIENT, "eth0", DIRECTOR, "outside");
        wire(SERVER, "eth0", DIRECTOR, "inside");
        CLIENT.ip(addresses("eth0", "10.8.1.2/24", "fd08:1::2/64"));
        DIRECTOR.ip(addresses("outside", "10.8.1.1/24", "fd08:1::1/64"));
        DIRECTOR.ip(addresses("inside", "10.8.2.1/24", "fd08:2::1/64"));
        SERVER.ip(addresses("eth0", "10.8.2.2/24", "fd08:2::2/64"));
        SERVER.ip(List.of("route add default via 10.8.2.100", "route add default via fd08:2::100"));
        daemon = startDaemon();
        server = FtpServer.start(SERVER, "10.8.2.2", FILE);
        server6 = FtpServer.start(SERVER, "fd08:2::2", FILE);
    }

    private static void wire(Namespace one, String port, Namespace other, String otherPort)
            throws IOException {
        Commands.run(
                "ip",
                "link",
                "add",
                port,
                "netns",
                one.name(),
                "type",
                "veth",
                "peer",
                "name",
                otherPort,
                "netns",
                other.name());
    }

    private static List<String> addresses(String port, String ipv4, String ipv6) {
        return List.of(
                "link set " + port + " up",
                "address add " + ipv4 + " dev " + port,
                "address add " + ipv6 + " dev " + port + " nodad");
    }

    private static Process startDaemon() throws Exception {
        Path file = directory.resolve("ftp.yaml");
        Path ready = directory.resolve("ready");
        Path log = directory.resolve("log");
        Files.writeString(
                file,
                """
                node: a
                cluster: ftp
                role: standalone
                director: {interfaces: [outside, inside], connections: 65536}
                addresses:
                  - {address: 10.8.1.100, interface: outside}
                  - {address: "fd08:1::100", interface: outside}
                  - {address: 10.8.2.100, interface: inside}
                  - {address: "fd08:2::100", interface: inside}
                services:
                  - protocol: tcp
                    address: 10.8.1.100
                    port: 21
                    servers: [{address: 10.8.2.2, forwarding: nat}]
                  - protocol: tcp
                    address: "fd08:1::100"
                    port: 21
                    servers: [{address: "fd08:2::2", forwarding: nat}]
                api: {socket: %s, reports: %s}
                """
                        .formatted(directory.resolve("sock"), directory.resolve("reports")));
        Process started =
                new ProcessBuilder(
                                JavaCommand.in(
                                        DIRECTOR,
                                        "dev.tandem.tools.Main",
                                        "run",
                                        "-c",
                                        file.toString(),
                                        "--ready-file",
                                        ready.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!Files.exists(ready)) {
            if (!started.isAlive() || System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no daemon:\n" + Files.readString(log));
            }
            Thread.onSpinWait();
        }
        return started;
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        server6.close();
        daemon.destroy();
        daemon.waitFor();
        for (Namespace host : List.of(CLIENT, DIRECTOR, SERVER)) {
            Commands.run("ip", "netns", "delete", host.name());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.8.1.100 --disable-epsv",
                "10.8.1.100 ",
                "10.8.1.100 --ftp-port - --disable-eprt",
                "10.8.1.100 --ftp-port -",
                "[fd08:1::100] ",
                "[fd08:1::100] --ftp-port -"
            })
    void shouldFetchAFile(String line) throws IOException {
        String address = line.substring(0, line.indexOf(' '));
        Path fetched = directory.resolve("fetched");
        var command = new ArrayList<>(CLIENT.command("curl", "-sS", "-g", "--max-time", "10"));
        for (String option : line.substring(address.length()).strip().split(" ", -1)) {
            if (!option.isEmpty()) {
                command.add(option);
            }
        }
        command.addAll(List.of("-o", fetched.toString(), "ftp://user:word@" + address + "/file"));

        Commands.run(command, "");

        assertTrue(Files.exists(fetched));
        assertArrayEquals(FILE, Files.readAllBytes(fetched));
        Files.delete(fetched);
    }
}
