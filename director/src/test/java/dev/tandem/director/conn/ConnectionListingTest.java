package dev.tandem.director.conn;

import static dev.tandem.director.conn.Fixture.CLIENT;
import static dev.tandem.director.conn.Fixture.REAL;
import static dev.tandem.director.conn.Fixture.SECOND;
import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.Fixture.TCP;
import static dev.tandem.director.conn.Fixture.UDP;
import static dev.tandem.director.conn.Fixture.VIRTUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.Services;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.wire.SyncFlags;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionListingTest {
    private final ConnectionTable table = new ConnectionTable(64);
    private final Services services = Fixture.services();
    private final Connections connections = new Connections(table, services, ReplicationHook.NONE);

    @BeforeEach
    void connect() {
        connections.clientPacket(schedule(TCP, 80, 1), Packets.of(Tcp.SYN, 60), START);
        connections.clientPacket(schedule(TCP, 80, 2), Packets.of(Tcp.ACK, 60), START);
        connections.clientPacket(schedule(TCP, 443, 3), Packets.of(Tcp.SYN, 60), START);
        connections.clientPacket(schedule(UDP, 53, 4), Packets.of(0, 60), START);
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void shouldShowAConnectionAsPeopleReadIt() {
        long entry = table.findIn(TCP, CLIENT, 2, VIRTUAL, 80);

        assertEquals(
                new ConnectionView(
                        "TCP",
                        "10.77.1.1:2",
                        "10.77.1.100:80",
                        "10.77.2.11:8080",
                        "ESTABLISHED",
                        898,
                        900,
                        "nat",
                        true,
                        false,
                        false,
                        0,
                        0,
                        1,
                        "",
                        ""),
                ConnectionView.of(entry, START + SECOND + 1));
    }

    @Test
    void shouldShowAConnectionThatAPeerMadeForAServerUnknownHere() {
        long entry =
                table.add(UDP, CLIENT, 5, VIRTUAL, 54, REAL, 54, SyncFlags.SYNC | SyncFlags.TUNNEL);
        ConnectionEntry.startTimer(entry, 10, START);

        ConnectionView view = ConnectionView.of(entry, START + 60 * SECOND);

        assertEquals("tunnel", view.forwarding());
        assertEquals("UDP", view.state());
        assertTrue(view.synced());
        assertFalse(view.bound());
        assertEquals(0, view.expiresSeconds());
    }

    /** Columns of the filter, then the client ports of the connections that match. */
    @ParameterizedTest
    @CsvSource({
        "'',  '',          '',              '',           '',          1 2 3 4",
        "tcp, '',          '',              '',           '',          1 2 3",
        "UDP, '',          '',              '',           '',          4",
        "'',  10.77.1.1,   '',              '',           '',          1 2 3 4",
        "'',  10.77.1.2,   '',              '',           '',          ''",
        "'',  10.77.1.1:3, '',              '',           '',          3",
        "'',  :3,          '',              '',           '',          3",
        "'',  '',          10.77.1.100:80,  '',           '',          1 2",
        "'',  '',          10.77.1.101:80,  '',           '',          ''",
        "'',  '',          '',              :5353,        '',          4",
        "'',  '',          '',              10.77.2.11,   '',          1 2 3 4",
        "'',  '',          '',              '',           syn_recv,    1 3",
        "tcp, '',          :443,            '',           SYN_RECV,    3",
        "'',  '',          '',              '',           udp,         4",
        "'',  '',          '',              '',           LISTEN,      ''",
    })
    void shouldListWhatMatches(
            String protocol,
            String client,
            String virtual,
            String real,
            String state,
            String ports) {
        ConnectionFilter filter = ConnectionFilter.parse(protocol, client, virtual, real, state);
        ConnectionListing listing = new ConnectionListing(table, filter, 100);

        assertTrue(listing.scan(100, START));

        assertEquals(ports, ports(listing.result()));
    }

    @Test
    void shouldTakeSeveralTurnsWhenTheTableIsLarge() {
        ConnectionListing listing = new ConnectionListing(table, ConnectionFilter.ALL, 100);

        assertFalse(listing.scan(3, START));
        assertEquals("1 2 3", ports(listing.result()));
        assertTrue(listing.scan(3, START));
        assertEquals("1 2 3 4", ports(listing.result()));
    }

    @Test
    void shouldStopAtTheLimit() {
        ConnectionListing listing = new ConnectionListing(table, ConnectionFilter.ALL, 2);

        assertTrue(listing.scan(100, START));

        assertEquals("1 2", ports(listing.result()));
    }

    @ParameterizedTest
    @CsvSource({
        "icmp, '', '', 'unknown protocol ''icmp''; known: tcp, udp, sctp, esp, ah, ip'",
        "'', 10.0.0, '', '''10.0.0'' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT'",
        "'', 10.0.0.256, '', '''10.0.0.256'' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT'",
        "'', 10.0.0.1:70000, '',"
                + " '''10.0.0.1:70000'' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT'",
        "'', example.org, '', '''example.org'' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT'",
    })
    void shouldSayWhatIsWrongWhenAFilterCannotBeRead(
            String protocol, String client, String state, String message) {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ConnectionFilter.parse(protocol, client, "", "", state));

        assertEquals(message, error.getMessage());
    }

    @Test
    void shouldNameTheStatesWhenAStateIsUnknown() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ConnectionFilter.parse("", "", "", "", "OPEN"));

        assertEquals(
                "unknown state 'OPEN'; known: NONE, ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT,"
                        + " TIME_WAIT, CLOSE, CLOSE_WAIT, LAST_ACK, LISTEN, SYNACK, UDP, INIT1, INIT,"
                        + " C-SENT, C-REPLIED, C-WAIT, COOKIE, C-ECHOED, S-SENT, S-RECEIVED,"
                        + " S-ACK-SENT, REJECTED, CLOSED, ASSURED",
                error.getMessage());
    }

    private static String ports(List<ConnectionView> views) {
        return views.stream()
                .map(view -> view.client().substring(view.client().indexOf(':') + 1))
                .collect(Collectors.joining(" "));
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
}
