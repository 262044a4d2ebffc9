package dev.tandem.director.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.control.Director;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.Lan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What belongs to connections without being of their ports, beside a host that is the gateway
 * between two networks: errors and FTP's data.
 *
 * <pre>
 *   client 10.9.1.2 -- d0 10.9.1.1 | host | d1 10.9.2.1 -- 10.9.2.2 server
 * </pre>
 */
@Tag("netns")
@Timeout(60)
class GuardedTrafficIT extends GatewayHost {
    private static final String SERVER = "10.9.2.2";
    private static final int FTP = 21;
    private static final int BULK = 81;
    private static final int CLOSED = 53;
    private static final int DATAGRAMS = 54;
    private static final int BULK_BYTES = 300_000;
    private static final int TIMEOUT_MS = 3_000;

    private void startDirector(AddressHolder holder) throws Exception {
        if (holder == AddressHolder.HOST) {
            TestNamespaces.in(host, "ip", "addr", "add", VIP + "/32", "dev", "d0");
        }
        DirectorConfig config =
                new DirectorConfig(
                        List.of("d0", "d1"),
                        holder,
                        holder == AddressHolder.HOST
                                ? List.of()
                                : List.of(new VirtualAddress(Lan.inet(VIP), "d0")),
                        List.of(
                                service(Transport.TCP, FTP),
                                service(Transport.TCP, BULK),
                                service(Transport.UDP, CLOSED),
                                service(Transport.UDP, DATAGRAMS)),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT);
        Director director = TestNamespaces.call(host, () -> Director.open(config));
        open.add(director);
        director.start();
        director.leaseUntil(System.nanoTime() + LEASE_NS);
        var _ = Await.value(director.takeAddresses());
        String last = holder == AddressHolder.HOST ? "chain answers" : "chain replies";
        Await.until(
                "hidden", () -> TestNamespaces.in(host, "nft", "list", "ruleset").contains(last));
    }

    private static VirtualServiceConfig service(Transport protocol, int port) {
        return new VirtualServiceConfig(
                protocol,
                Lan.inet(VIP),
                port,
                "rr",
                List.of(new RealServerConfig(Lan.inet(SERVER), port, Forwarding.NAT, 1)));
    }

    private <T> T client(Callable<T> task) throws Exception {
        return TestNamespaces.call(client, task);
    }

    private ServerSocket listen(int port) throws Exception {
        ServerSocket listener =
                TestNamespaces.call(server, () -> new ServerSocket(port, 9, Lan.inet(SERVER)));
        open.add(listener);
        listener.setSoTimeout(TIMEOUT_MS);
        return listener;
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellClientThatTheServersPortIsClosed(AddressHolder holder) throws Exception {
        startDirector(holder);

        assertThrows(
                PortUnreachableException.class,
                () ->
                        client(() -> {
                            try (DatagramSocket socket = new DatagramSocket()) {
                                socket.setSoTimeout(TIMEOUT_MS);
                                socket.connect(Lan.inet(VIP), CLOSED);
                                socket.send(new DatagramPacket(new byte[9], 9));
                                socket.receive(new DatagramPacket(new byte[9], 9));
                                return 0;
                            }
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellServerThatTheClientsPortIsClosed(AddressHolder holder) throws Exception {
        startDirector(holder);
        DatagramSocket atServer =
                TestNamespaces.call(server, () -> new DatagramSocket(DATAGRAMS, Lan.inet(SERVER)));
        open.add(atServer);
        atServer.setSoTimeout(TIMEOUT_MS);
        int _ =
                client(() -> {
                    try (DatagramSocket socket = new DatagramSocket()) {
                        socket.connect(Lan.inet(VIP), DATAGRAMS);
                        socket.send(new DatagramPacket(new byte[9], 9));
                        return 0;
                    }
                });
        DatagramPacket packet = new DatagramPacket(new byte[9], 9);
        atServer.receive(packet);
        atServer.connect(packet.getSocketAddress());
        atServer.send(packet);

        assertThrows(PortUnreachableException.class, () -> atServer.receive(packet));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellServerOfASmallerMtu(AddressHolder holder) throws Exception {
        TestNamespaces.in(host, "ip", "link", "set", "d0", "mtu", "1300");
        startDirector(holder);
        ServerSocket listener = listen(BULK);
        FutureTask<Integer> sending =
                TestNamespaces.start(
                        server,
                        () -> {
                            try (Socket socket = listener.accept()) {
                                socket.getOutputStream().write(new byte[BULK_BYTES]);
                                return 0;
                            }
                        });

        int received =
                client(() -> {
                    try (Socket socket = connect(VIP, BULK)) {
                        return socket.getInputStream().readAllBytes().length;
                    }
                });

        assertEquals(BULK_BYTES, received);
        assertEquals(0, sending.get());
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryDataOfPassiveFtp(AddressHolder holder) throws Exception {
        startDirector(holder);
        ServerSocket control = listen(FTP);
        ServerSocket data = listen(0);
        FutureTask<Integer> serving = TestNamespaces.start(server, () -> serveFtp(control, data));

        String word =
                client(() -> {
                    try (Socket socket = connect(VIP, FTP);
                            BufferedReader lines = reader(socket)) {
                        assertEquals("220 hello", lines.readLine());
                        say(socket, "PASV");
                        String answer = lines.readLine();
                        String[] six =
                                answer.substring(answer.indexOf('(') + 1, answer.indexOf(')'))
                                        .split(",", -1);
                        assertEquals(VIP, String.join(".", List.of(six).subList(0, 4)), answer);
                        int port = 256 * Integer.parseInt(six[4]) + Integer.parseInt(six[5]);
                        try (Socket transfer = connect(VIP, port);
                                BufferedReader file = reader(transfer)) {
                            return file.readLine();
                        }
                    }
                });

        assertEquals("a file", word);
        assertEquals(0, serving.get());
    }

    private static int serveFtp(ServerSocket control, ServerSocket data) throws IOException {
        try (Socket socket = control.accept();
                BufferedReader lines = reader(socket)) {
            say(socket, "220 hello");
            assertEquals("PASV", lines.readLine());
            int port = data.getLocalPort();
            say(
                    socket,
                    "227 Entering Passive Mode (%s,%d,%d)"
                            .formatted(SERVER.replace('.', ','), port / 256, port % 256));
            try (Socket transfer = data.accept()) {
                say(transfer, "a file");
            }
            return 0;
        }
    }

    private static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(Lan.inet(address), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
