package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.control.ForwardingNetwork.Way;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Decapsulator;
import dev.tandem.director.testing.NameServer;
import dev.tandem.director.testing.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that everybody has, through every way of forwarding: curl, iperf3 by TCP and UDP, dig.
 */
@Tag("netns")
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealClientsIT {
    private static final int FIRST_WEB_PORT = 8000;
    private static final int FIRST_IPERF_PORT = 5201;
    private static final int FIRST_DNS_PORT = 5300;
    private static final int FILE_BYTES = 20_000_000;
    private static final byte[] FILE = new byte[FILE_BYTES];

    /** A floor that only something broken falls below. */
    private static final double TCP_FLOOR_MBITS = 50;

    private static final int UDP_MBITS = 20;

    /** What a receiver that shares its processors may lose; the director may lose nothing. */
    private static final double UDP_MAX_LOSS_PERCENT = 30;

    /** Fits into every tunnel: datagrams larger than a packet become fragments. */
    private static final int UDP_BYTES = 1200;

    private static final Pattern BITS_PER_SECOND =
            Pattern.compile("\"bits_per_second\":\\s*([0-9.e+]+)");
    private static final Pattern LOST_PERCENT = Pattern.compile("\"lost_percent\":\\s*([0-9.e+]+)");

    @TempDir private Path directory;
    private ForwardingNetwork network;
    private Director director;

    static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            ways.add(new Way(ipv6, Forwarding.NAT, Tunnel.IPIP, ipv6));
            ways.add(new Way(ipv6, Forwarding.DR, Tunnel.IPIP, ipv6));
            ways.add(new Way(ipv6, Forwarding.TUNNEL, Tunnel.IPIP, ipv6));
            ways.add(new Way(ipv6, Forwarding.TUNNEL, Tunnel.IPIP, !ipv6));
            ways.add(
                    new Way(
                            ipv6,
                            Forwarding.TUNNEL,
                            new Tunnel(
                                    Tunnel.Type.GUE, Decapsulator.GUE_PORT, Tunnel.Checksum.CSUM),
                            ipv6));
            ways.add(
                    new Way(
                            ipv6,
                            Forwarding.TUNNEL,
                            new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.CSUM),
                            ipv6));
        }
        return ways;
    }

    private static int port(int first, Way way) {
        return first + ways().indexOf(way);
    }

    @BeforeAll
    void build() throws Exception {
        new Random(20).nextBytes(FILE);
        network = new ForwardingNetwork().withTunnels();
        List<VirtualServiceConfig> services = new ArrayList<>();
        for (Way way : ways()) {
            services.add(way.service(Transport.TCP, port(FIRST_WEB_PORT, way)));
            services.add(way.service(Transport.TCP, port(FIRST_IPERF_PORT, way)));
            services.add(way.service(Transport.UDP, port(FIRST_IPERF_PORT, way)));
            services.add(way.service(Transport.UDP, port(FIRST_DNS_PORT, way)));
        }
        director = network.start(services, 4096, DirectorSettings.DEFAULT);
        for (Way way : ways()) {
            String host = network.host(way);
            int web = way.serverPort(port(FIRST_WEB_PORT, way));
            var _ = network.keep(WebServer.open(host, way.bound(), web, FILE));
            int dns = way.serverPort(port(FIRST_DNS_PORT, way));
            var _ = network.keep(NameServer.open(host, way.bound(), dns, address(way)));
        }
    }

    @AfterAll
    void remove() throws Exception {
        network.close();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldServeCurl(Way way) throws Exception {
        Path fetched = directory.resolve("fetched");
        String host = way.ipv6() ? "[" + way.virtual() + "]" : way.virtual();

        String code =
                client(
                        "curl",
                        "-sS",
                        "-g",
                        "--max-time",
                        "20",
                        "-w",
                        "%{http_code}",
                        "-o",
                        fetched.toString(),
                        "http://%s:%d/file".formatted(host, port(FIRST_WEB_PORT, way)));

        assertEquals("200", code);
        assertArrayEquals(sha256(FILE), sha256(Files.readAllBytes(fetched)));
        Files.delete(fetched);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldServeDig(Way way) {
        String answer =
                client(
                        "dig",
                        "@" + way.virtual(),
                        "-p",
                        Integer.toString(port(FIRST_DNS_PORT, way)),
                        "+short",
                        "+tries=1",
                        "+time=3",
                        "server.example",
                        "A");

        assertEquals(address(way), answer);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldServeIperfByTcp(Way way) throws Exception {
        String end = iperf(way);

        double mbits = number(BITS_PER_SECOND, end.substring(end.indexOf("sum_received"))) / 1e6;
        assertTrue(mbits >= TCP_FLOOR_MBITS, () -> mbits + " Mbit/s");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldServeIperfByUdp(Way way) throws Exception {
        long lostBefore = lost();

        String end = iperf(way, "-u", "-b", UDP_MBITS + "M", "-l", Integer.toString(UDP_BYTES));

        String sum = end.substring(end.indexOf("\"sum\""));
        double mbits = number(BITS_PER_SECOND, sum) / 1e6;
        double lostPercent = number(LOST_PERCENT, sum);
        assertTrue(mbits >= UDP_MBITS * 0.9, () -> mbits + " Mbit/s");
        assertTrue(lostPercent <= UDP_MAX_LOSS_PERCENT, () -> lostPercent + " % lost");
        assertEquals(lostBefore, lost(), "lost by the director");
    }

    /** Frames that the director did not get out of its ring in time, or not onto the wire. */
    private long lost() {
        return director.status().ports().stream()
                .map(DirectorStatus.PortStatus::counters)
                .mapToLong(counted -> counted.receiveDropped() + counted.sendFailed())
                .sum();
    }

    /** For a second. Returns what the client says at the end, in JSON. */
    private String iperf(Way way, String... options) throws Exception {
        int port = port(FIRST_IPERF_PORT, way);
        List<String> listen =
                List.of(
                        "ip",
                        "netns",
                        "exec",
                        network.host(way),
                        "iperf3",
                        "-s",
                        "-1",
                        "--forceflush",
                        "-B",
                        way.bound(),
                        "-p",
                        Integer.toString(way.serverPort(port)));
        Process server = new ProcessBuilder(listen).redirectErrorStream(true).start();
        try (var lines = server.inputReader()) {
            while (!String.valueOf(lines.readLine()).contains("listening")) {
                if (!server.isAlive()) {
                    throw new IOException("iperf3 did not start");
                }
            }
            List<String> command = new ArrayList<>(List.of("iperf3", "-J", "-t", "1"));
            command.addAll(List.of("-c", way.virtual(), "-p", Integer.toString(port)));
            command.addAll(List.of(options));
            String said = client(command.toArray(String[]::new));
            return said.substring(said.indexOf("\"end\""));
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private String client(String... command) {
        return TestNamespaces.in(network.client(), command);
    }

    /** What the way's own name server answers. */
    private static String address(Way way) {
        return "192.0.2." + (1 + ways().indexOf(way));
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text.toLowerCase(Locale.ROOT));
        assertTrue(matcher.find(), text);
        return Double.parseDouble(matcher.group(1));
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
