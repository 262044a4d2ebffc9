package dev.tandem.director.conn;

import static dev.tandem.director.conn.Fixture.CLIENT;
import static dev.tandem.director.conn.Fixture.CLIENT_PORT;
import static dev.tandem.director.conn.Fixture.REAL;
import static dev.tandem.director.conn.Fixture.SECOND;
import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.Fixture.TCP;
import static dev.tandem.director.conn.Fixture.UDP;
import static dev.tandem.director.conn.Fixture.VIRTUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.wire.SyncFlags;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsTest {
    private static final int SYN_ACK = Tcp.SYN | Tcp.ACK;
    private static final int FIN = Tcp.FIN | Tcp.ACK;

    private final ConnectionTable table = new ConnectionTable(64);
    private final Services services = Fixture.services();
    private final Connections connections = new Connections(table, services, ReplicationHook.NONE);
    private final RealServer web = Fixture.server(services, TCP, 80);

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void shouldBindToAServerWhenScheduled() {
        long entry = schedule(TCP, 80, CLIENT_PORT);

        assertEquals(REAL, ConnectionEntry.realAddress(entry));
        assertEquals(8080, ConnectionEntry.realPort(entry));
        assertEquals(web.id(), ConnectionEntry.serverId(entry));
        assertEquals(SyncFlags.INACTIVE, ConnectionEntry.flags(entry));
        assertEquals(3, ConnectionEntry.timeoutSeconds(entry));
        assertEquals(Refusal.NONE, connections.refusal());
        assertCounts(web, 0, 1);
        assertEquals(1, web.traffic().connections());
        assertEquals(1, web.service().traffic().connections());
        assertEquals(entry, table.findOut(TCP, REAL, 8080, CLIENT, CLIENT_PORT));
    }

    @Test
    void shouldExpectNoOutputWhenRoutedDirectly() {
        long entry = schedule(TCP, 443, CLIENT_PORT);

        assertEquals(
                SyncFlags.INACTIVE | SyncFlags.NOOUTPUT | SyncFlags.DROUTE,
                ConnectionEntry.flags(entry));
    }

    @Test
    void shouldSayWhyWhenNoServerIsThere() {
        services.replace(List.of(Fixture.emptyService(Transport.TCP, 80)));

        assertEquals(ConnectionTable.NONE, schedule(TCP, 80, CLIENT_PORT));
        assertEquals(Refusal.NO_SERVER, connections.refusal());
    }

    @Test
    void shouldSayWhyWhenTheTableIsFull() {
        for (int port = 1000; port < 1000 + table.limit(); port++) {
            assertNotEquals(ConnectionTable.NONE, schedule(TCP, 80, port));
        }

        assertEquals(ConnectionTable.NONE, schedule(TCP, 80, CLIENT_PORT));
        assertEquals(Refusal.TABLE_FULL, connections.refusal());
        assertCounts(web, 0, 64);
        assertEquals(64, web.traffic().connections());
    }

    /** Packets of client and server; after each: state, timeout, active and inactive count. */
    @ParameterizedTest
    @CsvSource({
        "80,  cS:SYN_RECV:60:1:0 sA:SYN_RECV:60:1:0 ca:ESTABLISHED:900:1:0 cf:CLOSE_WAIT:60:0:1"
                + " sf:TIME_WAIT:120:0:1 ca:TIME_WAIT:120:0:1",
        "80,  cS:SYN_RECV:60:1:0 sA:SYN_RECV:60:1:0 ca:ESTABLISHED:900:1:0 sf:FIN_WAIT:120:0:1"
                + " cf:TIME_WAIT:120:0:1 sa:TIME_WAIT:120:0:1",
        "80,  cS:SYN_RECV:60:1:0 sr:CLOSE:10:0:1",
        "443, cS:SYN_RECV:60:1:0 ca:ESTABLISHED:900:1:0 cf:FIN_WAIT:120:0:1 ca:FIN_WAIT:120:0:1",
        "443, cS:SYN_RECV:60:1:0 ca:ESTABLISHED:900:1:0 cr:CLOSE:10:0:1",
        // back to active: an old server's answer opens a closed connection again
        "80,  cS:SYN_RECV:60:1:0 ca:ESTABLISHED:900:1:0 sf:FIN_WAIT:120:0:1 sS:SYN_SENT:120:1:0",
    })
    void shouldFollowAConnection(int port, String trace) {
        long entry = schedule(TCP, port, CLIENT_PORT);
        RealServer server = Fixture.server(services, TCP, port);
        for (String step : trace.split(" ", -1)) {
            String[] cells = step.split(":", -1);
            int flags = flags(cells[0].charAt(1));
            if (cells[0].charAt(0) == 'c') {
                connections.clientPacket(entry, Packets.of(flags, 60), START);
            } else {
                connections.serverPacket(entry, Packets.of(flags, 60), START);
            }
            assertEquals(cells[1], ConnectionView.stateName(entry), step);
            int timeout = Integer.parseInt(cells[2]);
            assertEquals(timeout, ConnectionEntry.timeoutSeconds(entry), step);
            assertEquals(START + timeout * SECOND, ConnectionEntry.deadlineNs(entry), step);
            assertCounts(server, Integer.parseInt(cells[3]), Integer.parseInt(cells[4]));
        }
    }

    /** From then on the kernel takes the full table: a FIN of the client leads elsewhere. */
    @Test
    void shouldExpectOutputForGoodWhenAnAnswerOfADirectlyRoutedConnectionIsSeen() {
        long entry = schedule(TCP, 443, CLIENT_PORT);
        connections.clientPacket(entry, Packets.of(Tcp.SYN, 60), START);
        connections.serverPacket(entry, Packets.of(SYN_ACK, 60), START);
        connections.clientPacket(entry, Packets.of(Tcp.ACK, 60), START);
        connections.clientPacket(entry, Packets.of(FIN, 60), START);

        assertEquals(TcpState.CLOSE_WAIT.code(), ConnectionEntry.state(entry));
        assertEquals(0, ConnectionEntry.flags(entry) & SyncFlags.NOOUTPUT);
    }

    @Test
    void shouldNeverCountUdpAsActive() {
        RealServer dns = Fixture.server(services, UDP, 53);
        long entry = schedule(UDP, 53, CLIENT_PORT);
        connections.clientPacket(entry, Packets.of(0, 60), START);
        connections.serverPacket(entry, Packets.of(0, 500), START + SECOND);

        assertCounts(dns, 0, 1);
        assertEquals(0, ConnectionEntry.state(entry));
        assertEquals(300, ConnectionEntry.timeoutSeconds(entry));
        assertEquals(START + 301 * SECOND, ConnectionEntry.deadlineNs(entry));
    }

    @Test
    void shouldCountPacketsAndBytesOfServerAndService() {
        long entry = schedule(TCP, 80, CLIENT_PORT);
        connections.clientPacket(entry, Packets.of(Tcp.SYN, 60), START);
        connections.serverPacket(entry, Packets.of(SYN_ACK, 61), START);
        connections.clientPacket(entry, Packets.of(Tcp.ACK, 52), START);

        for (var traffic : List.of(web.traffic(), web.service().traffic())) {
            assertEquals(2, traffic.inPackets());
            assertEquals(112, traffic.inBytes());
            assertEquals(1, traffic.outPackets());
            assertEquals(61, traffic.outBytes());
        }
        assertEquals(2, ConnectionEntry.inPackets(entry));
    }

    @Test
    void shouldStartAgainFromZeroWhenThePacketCountIsAtItsEnd() {
        long entry = schedule(UDP, 53, CLIENT_PORT);
        ConnectionEntry.inPackets(entry, Integer.MAX_VALUE);

        connections.clientPacket(entry, Packets.of(0, 60), START);

        assertEquals(0, ConnectionEntry.inPackets(entry));
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE, S, true",
        "TIME_WAIT, S, true",
        "TIME_WAIT, A, true",
        "TIME_WAIT, a, false",
        "CLOSE, r, false",
        "FIN_WAIT, S, false",
        "ESTABLISHED, S, false",
        "SYN_RECV, S, false",
        "LAST_ACK, S, false",
    })
    void shouldMakeWayForANewConnectionWhenTheOldOneIsOver(
            TcpState state, char flags, boolean reused) {
        long entry = schedule(TCP, 80, CLIENT_PORT);
        ConnectionEntry.state(entry, state.code());

        long found =
                connections.findForClient(
                        Packets.ipv4(TCP, CLIENT, CLIENT_PORT, VIRTUAL, 80, flags(flags)));

        assertEquals(reused ? ConnectionTable.NONE : entry, found);
        assertEquals(reused ? 0 : 1, table.size());
        assertCounts(web, 0, reused ? 0 : 1);
    }

    /** Flag bits mean nothing in UDP, whose only state has a number of TCP's. */
    @Test
    void shouldNotMakeWayWhenItIsUdp() {
        long entry = schedule(UDP, 53, CLIENT_PORT);

        assertEquals(
                entry,
                connections.findForClient(
                        Packets.ipv4(UDP, CLIENT, CLIENT_PORT, VIRTUAL, 53, Tcp.SYN)));
    }

    @Test
    void shouldStartConnectionsOnlyWithASynOrUdp() {
        assertTrue(connections.startsConnection(Packets.ipv4(TCP, 1, 1, 2, 2, Tcp.SYN)));
        assertTrue(connections.startsConnection(Packets.ipv4(TCP, 1, 1, 2, 2, SYN_ACK)));
        assertTrue(connections.startsConnection(Packets.ipv4(UDP, 1, 1, 2, 2, 0)));
        assertFalse(connections.startsConnection(Packets.ipv4(TCP, 1, 1, 2, 2, Tcp.ACK)));
        assertFalse(connections.startsConnection(Packets.ipv4(TCP, 1, 1, 2, 2, Tcp.SYN | Tcp.RST)));
        assertFalse(connections.startsConnection(Packets.ipv4(TCP, 1, 1, 2, 2, Tcp.RST)));
        assertFalse(connections.startsConnection(Packets.ipv4(TCP, 1, 1, 2, 2, 0)));
    }

    @Test
    void shouldKeepTheEntryAndGoOnWhenTheServerWentAndCameBack() {
        long entry = schedule(TCP, 80, CLIENT_PORT);
        connections.clientPacket(entry, Packets.of(Tcp.SYN, 60), START);
        assertFalse(connections.isServerGone(entry));

        services.replace(List.of(Fixture.emptyService(Transport.TCP, 80)));

        assertTrue(connections.isServerGone(entry));
        assertEquals(1, table.size());

        services.replace(Fixture.configuration());

        assertFalse(connections.isServerGone(entry));
        assertEquals(web, connections.server(entry));
        assertCounts(Fixture.server(services, TCP, 80), 1, 0);
    }

    @Test
    void shouldForgetTheRemovedServerAfterItsLastConnectionExpired() {
        long entry = schedule(TCP, 80, CLIENT_PORT);
        int id = web.id();
        services.replace(List.of());
        for (int minute = 0; minute < 10; minute++) {
            services.doWork(TimeUnit.MINUTES.toNanos(minute));
        }
        assertEquals(web, services.server(id));

        connections.remove(entry);
        for (int minute = 10; minute < 14; minute++) {
            services.doWork(TimeUnit.MINUTES.toNanos(minute));
        }

        assertEquals(null, services.server(id));
    }

    @Test
    void shouldExpireEachConnectionAtItsTime() {
        connections.doWork(START);
        long established = schedule(TCP, 80, 1);
        connections.clientPacket(established, Packets.of(Tcp.SYN, 60), START);
        connections.clientPacket(established, Packets.of(Tcp.ACK, 60), START);
        long halfOpen = schedule(TCP, 80, 2);
        connections.clientPacket(halfOpen, Packets.of(Tcp.SYN, 60), START);
        schedule(TCP, 80, 3);
        assertCounts(web, 2, 1);

        runUntil(START, START + 2 * SECOND);
        assertEquals(3, table.size());

        runUntil(START + 2 * SECOND, START + 5 * SECOND);
        assertEquals(2, table.size());
        assertCounts(web, 2, 0);

        runUntil(START + 5 * SECOND, START + 62 * SECOND);
        assertEquals(established, table.findIn(TCP, CLIENT, 1, VIRTUAL, 80));
        assertEquals(ConnectionTable.NONE, table.findIn(TCP, CLIENT, 2, VIRTUAL, 80));
        assertCounts(web, 1, 0);

        runUntil(START + 62 * SECOND, START + 902 * SECOND);
        assertEquals(0, table.size());
        assertCounts(web, 0, 0);
    }

    @Test
    void shouldLiveOnWhenPacketsKeepComing() {
        long entry = schedule(UDP, 53, CLIENT_PORT);
        for (int minute = 0; minute < 30; minute++) {
            long now = START + minute * 60L * SECOND;
            connections.clientPacket(entry, Packets.of(0, 60), now);
            runUntil(now, now + 60 * SECOND);
        }

        assertEquals(1, table.size());
    }

    private void runUntil(long fromNs, long toNs) {
        for (long now = fromNs; now <= toNs; now += SECOND / 10) {
            connections.doWork(now);
        }
    }

    private long schedule(int protocol, int port, int clientPort) {
        return connections.schedule(
                Fixture.service(services, protocol, port),
                Packets.ipv4(
                        Fixture.service(services, protocol, port).protocol().number(),
                        CLIENT,
                        clientPort,
                        VIRTUAL,
                        port,
                        0),
                START);
    }

    private static void assertCounts(RealServer server, int active, int inactive) {
        assertEquals(active, server.activeConnections(), "active");
        assertEquals(inactive, server.inactiveConnections(), "inactive");
    }

    private static int flags(char letter) {
        return switch (letter) {
            case 'S' -> Tcp.SYN;
            case 'A' -> SYN_ACK;
            case 'a' -> Tcp.ACK;
            case 'f' -> FIN;
            case 'r' -> Tcp.RST;
            default -> throw new IllegalArgumentException(String.valueOf(letter));
        };
    }
}
