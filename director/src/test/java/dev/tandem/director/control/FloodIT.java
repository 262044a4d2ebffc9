package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.control.ForwardingNetwork.Way;
import dev.tandem.director.forward.DropReason;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.EchoClients;
import dev.tandem.director.testing.EchoServer;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.SynFlood;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A flood of SYNs, five times what the table can hold, comes over a director between real kernels
 * while established connections go on.
 */
@Tag("netns")
@Timeout(90)
class FloodIT {
    private static final Way WAY = new Way(false, Forwarding.NAT, Tunnel.IPIP, false);
    private static final int PORT = 8000;
    private static final int LIMIT = 20_000;
    private static final int SYNS = 5 * LIMIT;
    private static final long FLOOD_NS = 4_000_000_000L;
    private static final int ESTABLISHED = 200;
    private static final int NEWCOMERS = 50;

    /** Several times what TCP waits before it asks again, at first 1 s. */
    private static final int NEWCOMER_MS = 20_000;

    private static final InetSocketAddress SERVICE =
            new InetSocketAddress(Lan.inet(WAY.virtual()), PORT);

    private ForwardingNetwork network;

    @BeforeEach
    void build() throws Exception {
        network = new ForwardingNetwork();
        network.routeToClient(SynFlood.SOURCES);
        var _ = network.keep(EchoServer.open(network.host(WAY), WAY.bound(), WAY.serverPort(PORT)));
    }

    @AfterEach
    void remove() throws Exception {
        network.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldKeepEstablishedConnectionsAndTakeNewOnesAfterIt(int mode) throws Exception {
        Director director = start(mode);

        flood(director);

        DirectorStatus after = director.status();
        assertTrue(after.defence().entriesForgotten() > 0, after::toString);
        assertTrue(dropped(after, DropReason.SACRIFICED) > 0, after::toString);
        long startNs = System.nanoTime();
        List<FutureTask<Integer>> newcomers = new ArrayList<>();
        for (int i = 0; i < NEWCOMERS; i++) {
            newcomers.add(TestNamespaces.start(network.client(), FloodIT::comeAndGo));
        }
        for (FutureTask<Integer> newcomer : newcomers) {
            assertEquals('!', newcomer.get());
        }
        System.out.printf(
                "mode %d: forgot %d, sacrificed %d, no room for %d; %d newcomers within %d ms%n",
                mode,
                after.defence().entriesForgotten(),
                dropped(after, DropReason.SACRIFICED),
                dropped(after, DropReason.TABLE_FULL),
                NEWCOMERS,
                (System.nanoTime() - startNs) / 1_000_000);
    }

    /** The control run: nobody new comes in, and those who are there go on all the same. */
    @Test
    void shouldRefuseNewConnectionsWithoutDefences() throws Exception {
        Director director = start(0);

        flood(director);

        DirectorStatus after = director.status();
        assertEquals(0, after.defence().entriesForgotten());
        assertEquals(0, dropped(after, DropReason.SACRIFICED));
        assertTrue(dropped(after, DropReason.TABLE_FULL) >= SYNS / 2, after::toString);
        assertThrows(
                SocketTimeoutException.class,
                () ->
                        TestNamespaces.call(
                                network.client(), () -> EchoClients.connect(SERVICE, 2_000)));
    }

    private Director start(int mode) throws Exception {
        return network.start(
                List.of(WAY.service(Transport.TCP, PORT)),
                LIMIT,
                DirectorSettings.DEFAULT
                        .with(Setting.DROP_ENTRY, mode)
                        .with(Setting.DROP_PACKET, mode)
                        .with(Setting.SECURE_TCP, mode));
    }

    /** Most SYNs reach the director, and no established connection is lost by them. */
    private void flood(Director director) throws Exception {
        try (EchoClients established = EchoClients.open(network.client(), SERVICE, ESTABLISHED)) {
            int before = established.rounds();
            SynFlood.send(
                    network.client(),
                    "c0",
                    network.directorHardware(),
                    WAY.virtual(),
                    PORT,
                    SYNS,
                    FLOOD_NS);
            int meanwhile = established.rounds();
            DirectorStatus after = director.status();
            Await.until(
                    "all are answered after the flood",
                    () -> established.rounds() >= meanwhile + 3 || established.lost() > 0);

            assertEquals(0, established.lost(), after::toString);
            assertTrue(meanwhile > before, "nothing was answered during the flood");
            assertTrue(after.connections() <= LIMIT, after::toString);
            long seen =
                    after.total().connections()
                            + dropped(after, DropReason.SACRIFICED)
                            + dropped(after, DropReason.TABLE_FULL);
            System.out.printf(
                    "of %d SYNs %d were seen; %d rounds of %d connections during the flood%n",
                    SYNS, seen - ESTABLISHED, meanwhile - before, ESTABLISHED);
            assertTrue(seen >= SYNS / 2, after::toString);
        }
    }

    private static long dropped(DirectorStatus status, DropReason reason) {
        return status.dropped().getOrDefault(reason.name(), 0L);
    }

    private static int comeAndGo() throws IOException {
        try (Socket socket = EchoClients.connect(SERVICE, NEWCOMER_MS)) {
            socket.getOutputStream().write('!');
            return socket.getInputStream().read();
        }
    }
}
