package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.control.ForwardingNetwork.Way;
import dev.tandem.director.io.TestNamespaces;
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
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way of forwarding between real kernels. */
@Tag("netns")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingIT {
    private static final int FIRST_PORT = 8000;
    private static final int BULK_BYTES = 3_000_000;
    private static final int TIMEOUT_MS = 5_000;

    private ForwardingNetwork network;

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

    @BeforeAll
    void build() throws Exception {
        network = new ForwardingNetwork().withTunnels();
        var _ =
                network.start(
                        ways().stream()
                                .flatMap(way ->
                                        Stream.of(Transport.TCP, Transport.UDP)
                                                .map(protocol -> way.service(protocol, port(way))))
                                .toList(),
                        4096,
                        DirectorSettings.DEFAULT);
        for (Way way : ways()) {
            var _ =
                    network.keep(
                            EchoServer.open(
                                    network.host(way), way.bound(), way.serverPort(port(way))));
        }
    }

    @AfterAll
    void remove() throws Exception {
        network.close();
    }

    /** Segments of full size, so that into a tunnel path MTU discovery has to shorten them. */
    @ParameterizedTest
    @MethodSource("ways")
    void shouldCarryTcpInBulkBothWays(Way way) throws Exception {
        byte[] sent = new byte[BULK_BYTES];
        new Random(port(way)).nextBytes(sent);
        byte[] received =
                TestNamespaces.call(
                        network.client(),
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
                way.forwarding() == Forwarding.TUNNEL ? List.of(1, 1000) : List.of(1, 1000, 8000);
        for (int size : sizes) {
            byte[] sent = new byte[size];
            new Random(size).nextBytes(sent);
            byte[] received =
                    TestNamespaces.call(
                            network.client(),
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
