package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.Decapsulator;
import dev.tandem.director.testing.EchoServer;
import dev.tandem.director.testing.Lan;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way of forwarding between real kernels: a client, a director, a server that is reached by
 * translation, and one that holds the virtual address itself, behind direct routing or a tunnel.
 *
 * <pre>
 *   client c0 .1.9 ───┐             ┌── n0 .2.11 back by way of the director
 *                     ├── bridge ───┤
 *   director a0 ──────┘             └── d0 .2.12, virtual address on lo, back straight
 *     10.88.1.100 virtual, 10.88.2.100 gateway; the same in 2001:db8:1:: and 2001:db8:2::
 * </pre>
 */
@Tag("netns")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingIT {
    private static final String VIP = "10.88.1.100";
    private static final String VIP6 = "2001:db8:1::100";
    private static final String NAT_SERVER = "10.88.2.11";
    private static final String NAT_SERVER6 = "2001:db8:2::11";
    private static final String SERVER = "10.88.2.12";
    private static final String SERVER6 = "2001:db8:2::12";
    private static final int FIRST_PORT = 8000;
    private static final int BULK_BYTES = 3_000_000;
    private static final int TIMEOUT_MS = 5_000;

    /** A way of forwarding; its place in the list makes its port. */
    record Way(boolean ipv6, Forwarding forwarding, Tunnel tunnel, boolean serverIpv6) {
        String server() {
            boolean nat = forwarding == Forwarding.NAT;
            return serverIpv6 ? nat ? NAT_SERVER6 : SERVER6 : nat ? NAT_SERVER : SERVER;
        }

        String virtual() {
            return ipv6 ? VIP6 : VIP;
        }
    }

    private final TestNamespaces namespaces = new TestNamespaces();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private String client = "";

    static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            ways.add(new Way(ipv6, Forwarding.NAT, Tunnel.IPIP, ipv6));
            ways.add(new Way(ipv6, Forwarding.DR, Tunnel.IPIP, ipv6));
            for (boolean serverIpv6 : new boolean[] {false, true}) {
                for (Tunnel tunnel : tunnels()) {
                    ways.add(new Way(ipv6, Forwarding.TUNNEL, tunnel, serverIpv6));
                }
            }
        }
        return ways;
    }

    private static List<Tunnel> tunnels() {
        return List.of(
                Tunnel.IPIP,
                new Tunnel(Tunnel.Type.GUE, Decapsulator.GUE_PORT, Tunnel.Checksum.NONE),
                new Tunnel(Tunnel.Type.GUE, Decapsulator.GUE_PORT, Tunnel.Checksum.CSUM),
                new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.NONE),
                new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.CSUM));
    }

    private static int port(Way way) {
        return FIRST_PORT + ways().indexOf(way);
    }

    private static int serverPort(Way way) {
        return port(way) + (way.forwarding == Forwarding.NAT ? 1000 : 0);
    }

    @BeforeAll
    void build() throws Exception {
        String bridge = namespaces.add("br");
        TestNamespaces.in(bridge, "ip", "link", "add", "br0", "type", "bridge");
        TestNamespaces.in(bridge, "ip", "link", "set", "br0", "up");
        client = plug(bridge, "c", "c0", "10.88.1.9", "2001:db8:1::9");
        TestNamespaces.in(client, "ip", "route", "add", "10.88.2.0/24", "dev", "c0");
        TestNamespaces.in(client, "ip", "-6", "route", "add", "2001:db8:2::/64", "dev", "c0");
        String director = plug(bridge, "a", "a0", "10.88.1.1", "2001:db8:1::1");
        address(director, "a0", "10.88.2.1", "2001:db8:2::1");
        String natServer = plug(bridge, "n", "n0", NAT_SERVER, NAT_SERVER6);
        TestNamespaces.in(natServer, "ip", "route", "add", "10.88.1.0/24", "via", "10.88.2.100");
        TestNamespaces.in(
                natServer, "ip", "-6", "route", "add", "2001:db8:1::/64", "via", "2001:db8:2::100");
        String server = plug(bridge, "d", "d0", SERVER, SERVER6);
        holdVirtualAddresses(server);
        opened.add(Decapsulator.open(server, "d0"));
        openDirector(director);
        for (Way way : ways()) {
            boolean nat = way.forwarding == Forwarding.NAT;
            String address = nat ? way.server() : way.virtual();
            opened.add(EchoServer.open(nat ? natServer : server, address, serverPort(way)));
        }
    }

    private String plug(String bridge, String name, String device, String ipv4, String ipv6) {
        String namespace = namespaces.addWithIpv6(name);
        namespaces.connect(namespace, device, bridge, "p" + device);
        TestNamespaces.in(bridge, "ip", "link", "set", "p" + device, "master", "br0");
        TestNamespaces.in(namespace, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
        TestNamespaces.in(namespace, "sysctl", "-qw", "net.ipv4.conf." + device + ".rp_filter=0");
        address(namespace, device, ipv4, ipv6);
        return namespace;
    }

    private static void address(String name, String device, String ipv4, String ipv6) {
        TestNamespaces.in(name, "ip", "addr", "add", ipv4 + "/24", "dev", device);
        TestNamespaces.in(name, "ip", "-6", "addr", "add", ipv6 + "/64", "dev", device, "nodad");
    }

    private static void holdVirtualAddresses(String server) {
        TestNamespaces.in(server, "sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1");
        TestNamespaces.in(server, "sysctl", "-qw", "net.ipv4.conf.all.arp_announce=2");
        TestNamespaces.in(server, "ip", "addr", "add", VIP + "/32", "dev", "lo");
        TestNamespaces.in(server, "ip", "-6", "addr", "add", VIP6 + "/128", "dev", "lo", "nodad");
        TestNamespaces.in(server, "ip", "route", "add", "10.88.1.0/24", "dev", "d0");
        TestNamespaces.in(server, "ip", "-6", "route", "add", "2001:db8:1::/64", "dev", "d0");
    }

    private void openDirector(String name) throws Exception {
        List<VirtualServiceConfig> services =
                ways().stream()
                        .flatMap(way ->
                                Stream.of(Transport.TCP, Transport.UDP)
                                        .map(protocol -> service(protocol, way)))
                        .toList();
        DirectorConfig config =
                new DirectorConfig(
                        List.of("a0"),
                        AddressHolder.DIRECTOR,
                        Stream.of(VIP, VIP6, "10.88.2.100", "2001:db8:2::100")
                                .map(text -> new VirtualAddress(Lan.inet(text), "a0"))
                                .toList(),
                        services,
                        List.of(),
                        Optional.empty(),
                        4096,
                        0,
                        DirectorSettings.DEFAULT);
        Director director = TestNamespaces.call(name, () -> Director.open(config));
        opened.add(director);
        director.start();
        director.leaseUntil(System.nanoTime() + 600_000_000_000L);
        var _ = Await.value(director.takeAddresses());
    }

    private static VirtualServiceConfig service(Transport protocol, Way way) {
        RealServerConfig server =
                new RealServerConfig(
                        Lan.inet(way.server()),
                        serverPort(way),
                        way.forwarding,
                        1,
                        0,
                        0,
                        way.tunnel);
        return new VirtualServiceConfig(
                protocol, Lan.inet(way.virtual()), port(way), "rr", List.of(server));
    }

    @AfterAll
    void remove() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        namespaces.close();
    }

    /** Segments of full size, so that into a tunnel path MTU discovery has to shorten them. */
    @ParameterizedTest
    @MethodSource("ways")
    void shouldCarryTcpInBulkBothWays(Way way) throws Exception {
        byte[] sent = new byte[BULK_BYTES];
        new Random(port(way)).nextBytes(sent);
        byte[] received =
                TestNamespaces.call(
                        client,
                        () -> {
                            try (Socket socket = new Socket()) {
                                socket.setSoTimeout(TIMEOUT_MS);
                                socket.connect(
                                        new InetSocketAddress(Lan.inet(way.virtual()), port(way)),
                                        TIMEOUT_MS);
                                Thread writer =
                                        Thread.ofPlatform()
                                                .start(() -> {
                                                    try {
                                                        socket.getOutputStream().write(sent);
                                                        socket.shutdownOutput();
                                                    } catch (java.io.IOException e) {
                                                        throw new java.io.UncheckedIOException(e);
                                                    }
                                                });
                                byte[] echo = socket.getInputStream().readAllBytes();
                                writer.join();
                                return echo;
                            }
                        });
        assertEquals(sent.length, received.length);
        assertArrayEquals(sent, received);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldCarryDatagrams(Way way) throws Exception {
        // a large one comes in fragments; the servers' decapsulator takes none
        List<Integer> sizes =
                way.forwarding == Forwarding.TUNNEL ? List.of(1, 1000) : List.of(1, 1000, 8000);
        for (int size : sizes) {
            byte[] sent = new byte[size];
            new Random(size).nextBytes(sent);
            byte[] received =
                    TestNamespaces.call(
                            client,
                            () -> {
                                try (DatagramSocket socket = new DatagramSocket()) {
                                    socket.setSoTimeout(TIMEOUT_MS);
                                    socket.connect(Lan.inet(way.virtual()), port(way));
                                    socket.send(new DatagramPacket(sent, size));
                                    DatagramPacket reply = new DatagramPacket(new byte[9000], 9000);
                                    socket.receive(reply);
                                    return Arrays.copyOf(reply.getData(), reply.getLength());
                                }
                            });
            assertArrayEquals(sent, received, size + " bytes");
        }
    }
}
