package dev.tandem.director.conn;

import static dev.tandem.director.config.Transport.SCTP;
import static dev.tandem.director.config.Transport.TCP;
import static dev.tandem.director.config.Transport.UDP;
import static dev.tandem.director.conn.ConnectionTable.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.sync.wire.SyncFlags;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New connections without persistence, and how old ones make way for them. */
class SchedulingTest {
    private static final String CLIENT = "10.9.8.7";
    private static final String VIP = "10.0.0.1";

    private final Lab lab = new Lab(64);

    @AfterEach
    void close() {
        lab.close();
    }

    /** A service by PORT or by mark 7; what a packet from and to these ports becomes. */
    @ParameterizedTest
    @CsvSource({
        "80, 8080, 1000, 80,   10.1.0.1:8080",
        "80, 0,    1000, 80,   10.1.0.1:80",
        "80, 8080, 20,   80,   LEFT",
        "0,  8080, 1000, 80,   NO_SERVER",
        "21, 21,   1000, 21,   10.1.0.1:21",
        "21, 21,   1000, 4000, LEFT",
        "m,  8080, 1000, 443,  10.1.0.1:8080",
        "m,  0,    1000, 443,  10.1.0.1:443",
        "m,  0,    20,   443,  LEFT",
    })
    void shouldChooseServerAndPort(
            String service, int serverPort, int clientPort, int port, String outcome) {
        boolean byMark = service.equals("m");
        lab.add(
                byMark
                        ? new ServiceId.MarkService(7, false)
                        : Lab.at(TCP, VIP, Integer.parseInt(service)),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", serverPort, Forwarding.NAT));
        Packet packet = tcp(clientPort, port, Tcp.SYN);
        packet.fwmark = 7;
        long entry = lab.schedule(packet);
        if (entry == NONE) {
            assertEquals(outcome, lab.connections.refusal().name());
            assertEquals(0, lab.table.size());
        } else {
            assertEquals(outcome, ConnectionView.of(entry, 0).real());
            assertEquals(byMark ? 7 : 0, EntryDetails.fwmark(entry));
            lab.assertCounts("10.1.0.1", 0, 1, 0);
        }
    }

    @Test
    void shouldGiveEachPacketAServerOfItsOwnWhenItIsOnlyOne() {
        lab.add(
                Lab.at(UDP, VIP, 53),
                new ServiceOptions("rr", 0, 0, -1, "", true),
                Lab.server("10.1.0.2", 53, Forwarding.NAT),
                Lab.server("10.1.0.1", 53, Forwarding.NAT));
        Packet packet = Lab.packet(UDP, CLIENT, 1000, VIP, 53, 0);
        for (int i = 0; i < 4; i++) {
            long entry = lab.client(packet);
            String server = "10.1.0." + (1 + i % 2);
            assertEquals(server + ":53", ConnectionView.of(entry, 0).real());
            assertTrue(ConnectionEntry.isOnePacket(entry));
            lab.assertCounts(server, 0, 1, 0);
            lab.connections.done(entry);
            lab.assertCounts(server, 0, 0, 0);
            assertEquals(0, lab.table.size());
            assertEquals(0, lab.table.cells());
        }
        assertEquals(2, lab.server("10.1.0.1").traffic().connections());
        assertEquals(2, lab.server("10.1.0.1").traffic().inPackets());
    }

    /** Who forgets to end one does not leave it counted: the next one ends it. */
    @Test
    void shouldEndTheLastOnePacketConnectionWithTheNext() {
        lab.add(
                Lab.at(UDP, VIP, 53),
                new ServiceOptions("rr", 0, 300, -1, "", true),
                Lab.server("10.1.0.1", 53, Forwarding.NAT));
        lab.client(Lab.packet(UDP, CLIENT, 1000, VIP, 53, 0));
        lab.client(Lab.packet(UDP, CLIENT, 1001, VIP, 53, 0));
        lab.assertCounts("10.1.0.1", 0, 1, 1);
        long template = lab.table.entryAt(0);
        assertEquals(1, EntryDetails.children(template));
        lab.connections.done(lab.table.transientEntry());
        lab.connections.done(lab.table.transientEntry());
        lab.assertCounts("10.1.0.1", 0, 0, 1);
        assertEquals(0, EntryDetails.children(template));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,    10.9.8.7,         2001:db8:1::1, 2",
        "2001:db8::1, 2001:db8:9::7,    10.1.0.1,      2",
        "2001:db8::1, 2001:db8:9::7,    2001:db8:1::1, 2",
        "10.0.0.1,    10.9.8.7,         10.1.0.1,      1",
    })
    void shouldTunnelFromEitherFamilyToEither(
            String virtual, String client, String server, int cells) {
        lab.add(
                Lab.at(TCP, virtual, 80),
                ServiceOptions.of("rr", virtual.contains(":")),
                Lab.server(server, 80, Forwarding.TUNNEL));
        Packet packet = Lab.packet(TCP, client, 1000, virtual, 80, Tcp.SYN);

        long entry = lab.client(packet);

        assertEquals(cells, lab.table.cells());
        assertEquals(server.contains(":"), ConnectionEntry.isRealIpv6(entry));
        assertEquals(lab.server(server).addressHigh(), ConnectionEntry.realHigh(entry));
        assertEquals(lab.server(server).addressLow(), ConnectionEntry.realLow(entry));
        String real = server.contains(":") ? "[" + server + "]:80" : server + ":80";
        assertEquals(real, ConnectionView.of(entry, 0).real());
        assertEquals(entry, lab.connections.findForClient(packet));
        assertTrue((ConnectionEntry.flags(entry) & SyncFlags.NOOUTPUT) != 0);
    }

    /** State of the old connection, mode, method, parent; whether a SYN gets another one. */
    @ParameterizedTest
    @CsvSource({
        "TIME_WAIT,   1, NAT, false, true",
        "CLOSE,       1, NAT, false, true",
        "TIME_WAIT,   0, NAT, false, false",
        "TIME_WAIT,   2, NAT, false, true",
        "FIN_WAIT,    1, DR,  false, false",
        "FIN_WAIT,    2, DR,  false, true",
        "FIN_WAIT,    3, DR,  false, true",
        "FIN_WAIT,    3, NAT, false, false",
        "ESTABLISHED, 3, DR,  false, false",
        "TIME_WAIT,   1, NAT, true,  false",
    })
    void shouldReuseAClientPort(
            TcpState state, int mode, Forwarding method, boolean persistent, boolean anew) {
        lab.set(Setting.CONN_REUSE_MODE, mode);
        lab.add(
                Lab.at(TCP, VIP, 80),
                Lab.options(persistent ? 300 : 0, -1),
                Lab.server("10.1.0.2", 80, method),
                Lab.server("10.1.0.1", 80, method));
        long old = lab.client(tcp(1000, 80, Tcp.SYN));
        ConnectionEntry.state(old, state.code());
        long entry = lab.connections.findForClient(tcp(1000, 80, Tcp.SYN));
        assertEquals(anew ? NONE : old, entry);
        assertEquals(old, anew ? old : lab.connections.findForClient(tcp(1000, 80, Tcp.ACK)));
    }

    @Test
    void shouldReuseAPortOfSctp() {
        lab.add(
                Lab.at(SCTP, VIP, 80),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", 80, Forwarding.NAT));
        try (var init = new Chunk(CLIENT, VIP, 1);
                var data = new Chunk(CLIENT, VIP, 0)) {
            long old = lab.client(init.packet);
            assertEquals("INIT1", ConnectionView.stateName(old));
            ConnectionEntry.state(old, SctpState.CLOSED.code());
            assertEquals(old, lab.connections.findForClient(data.packet));
            assertEquals(NONE, lab.connections.findForClient(init.packet));
            assertFalse(lab.connections.startsConnection(data.packet));
            lab.set(Setting.SLOPPY_SCTP, 1);
            assertTrue(lab.connections.startsConnection(data.packet));
        }
    }

    @Test
    void shouldOpenWithAnySegmentButAResetWhenSloppy() {
        lab.set(Setting.SLOPPY_TCP, 1);
        assertTrue(lab.connections.startsConnection(tcp(1000, 80, Tcp.ACK)));
        assertTrue(lab.connections.startsConnection(tcp(1000, 80, 0)));
        assertFalse(lab.connections.startsConnection(tcp(1000, 80, Tcp.RST | Tcp.ACK)));
    }

    /** The old one stays for its data connections; what comes under its key is another. */
    @Test
    void shouldRetireAControlConnectionUntilItsDataConnectionsEnd() {
        lab.add(
                Lab.at(TCP, VIP, 21),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", 21, Forwarding.NAT));
        long control = lab.client(tcp(1000, 21, Tcp.SYN));
        long data = expect(control, 0);
        assertEquals(data, expect(control, 0), "it waits anew");
        assertEquals("LISTEN", ConnectionView.stateName(data));
        ConnectionEntry.state(control, TcpState.TIME_WAIT.code());
        long other = lab.client(tcp(1000, 21, Tcp.SYN));
        assertNotEquals(control, other);
        assertTrue(ConnectionEntry.isRetired(control));
        assertEquals(other, lab.connections.findForClient(tcp(1000, 21, Tcp.ACK)));
        lab.assertCounts("10.1.0.1", 2, 1, 0);
        lab.pass(121);
        lab.pass(62);
        assertEquals(0, lab.table.size());
        lab.assertCounts("10.1.0.1", 0, 0, 0);
    }

    private long expect(long control, int clientPort) {
        return lab.connections.expect(
                control,
                new ConnectionKey().announced(control, 0, low(CLIENT), clientPort, 4000),
                0,
                low("10.1.0.1"),
                4000,
                lab.now);
    }

    private static long low(String address) {
        return Addresses.low(Lab.ip(address));
    }

    /** Settings; whether the old connection is found by a SYN and by an ACK, its server removed. */
    @ParameterizedTest
    @CsvSource({
        "'',                                 old,  old,  true",
        "expire_nodest_conn,                 none, none, false",
        "nodest_drain,                       old,  old,  false",
        "expire_nodest_conn nodest_drain,    old,  old,  false",
    })
    void shouldTreatConnectionsOfARemovedServerAsSet(
            String settings, String bySyn, String byAck, boolean dropped) {
        for (String name : settings.isEmpty() ? new String[0] : settings.split(" ", -1)) {
            lab.set(Setting.named(name).orElseThrow(), 1);
        }
        ServiceId id =
                lab.add(
                        Lab.at(TCP, VIP, 80),
                        Lab.options(0, -1),
                        Lab.server("10.1.0.1", 80, Forwarding.NAT));
        for (int flags : new int[] {Tcp.SYN, Tcp.ACK}) {
            long old = lab.client(tcp(1000 + flags, 80, Tcp.SYN));
            lab.connections.clientPacket(old, tcp(1000 + flags, 80, Tcp.ACK), lab.now);
            lab.services.delete(id, Lab.ip("10.1.0.1"), 80);
            long found = lab.connections.findForClient(tcp(1000 + flags, 80, flags));
            String expected = flags == Tcp.SYN ? bySyn : byAck;
            assertEquals(expected.equals("old") ? old : NONE, found);
            assertEquals(dropped, found != NONE && lab.connections.isServerGone(found));
            lab.services.add(id, Lab.server("10.1.0.1", 80, Forwarding.NAT));
        }
    }

    @Test
    void shouldEndAllConnectionsOfARemovedServer() {
        lab.set(Setting.EXPIRE_NODEST_CONN, 1);
        ServiceId id =
                lab.add(
                        Lab.at(TCP, VIP, 80),
                        Lab.options(300, -1),
                        Lab.server("10.1.0.2", 80, Forwarding.NAT),
                        Lab.server("10.1.0.1", 80, Forwarding.NAT));
        for (int client = 1; client <= 10; client++) {
            lab.client(Lab.packet(TCP, "10.9.8." + client, 1000, VIP, 80, Tcp.SYN));
        }
        assertEquals(20, lab.table.size());
        lab.services.delete(id, Lab.ip("10.1.0.1"), 80);
        while (lab.connections.doWork(lab.now) > 0) {
            // more of the table
        }
        assertEquals(10, lab.table.size());
        lab.assertCounts("10.1.0.2", 5, 0, 5);
    }

    @Test
    void shouldRescheduleASynOfAQuiescedServerOnlyWhenSoSet() {
        ServiceId id =
                lab.add(
                        Lab.at(TCP, VIP, 80),
                        Lab.options(0, -1),
                        Lab.server("10.1.0.1", 80, Forwarding.NAT));
        long old = lab.client(tcp(1000, 80, Tcp.SYN));
        lab.services.edit(id, new RealServerConfig(Lab.ip("10.1.0.1"), 80, Forwarding.NAT, 0));
        assertEquals(old, lab.connections.findForClient(tcp(1000, 80, Tcp.SYN)));
        lab.set(Setting.EXPIRE_NODEST_CONN, 1);
        assertEquals(old, lab.connections.findForClient(tcp(1000, 80, Tcp.ACK)));
        assertEquals(NONE, lab.connections.findForClient(tcp(1000, 80, Tcp.SYN)));
    }

    /** AH and ESP have no entries of their own. */
    @ParameterizedTest
    @CsvSource({"50", "51"})
    void shouldFindIpsecByItsKeyExchange(int protocol) {
        lab.add(
                Lab.at(UDP, VIP, 500),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", 500, Forwarding.NAT));
        long entry = lab.client(Lab.packet(UDP, CLIENT, 500, VIP, 500, 0));
        Packet in = Lab.packet(UDP, CLIENT, 0, VIP, 0, 0);
        in.protocol = protocol;
        assertEquals(entry, lab.connections.findForClient(in));
        assertFalse(lab.connections.startsConnection(in));
        Packet out = Lab.packet(UDP, "10.1.0.1", 0, CLIENT, 0, 0);
        out.protocol = protocol;
        assertEquals(entry, lab.connections.findForServer(out));
    }

    @Test
    void shouldPassTheServersByWhenSoAsked() {
        ServiceId id = lab.add(new ServiceId.MarkService(7, false), Lab.options(0, -1));
        assertEquals(7, ((ServiceId.MarkService) id).fwmark());
        Packet packet = tcp(1000, 80, Tcp.SYN);
        packet.fwmark = 7;
        long entry = lab.connections.bypass(lab.services.list().getFirst(), packet, lab.now);
        assertEquals(Forwarding.BYPASS.code(), ConnectionEntry.forwardingCode(entry));
        assertEquals("0.0.0.0:0", ConnectionView.of(entry, 0).real());
        assertEquals(entry, lab.connections.findForClient(packet));
        lab.connections.clientPacket(entry, packet, lab.now);
        lab.pass(62);
        assertEquals(List.of(), lab.texts());
    }

    @Test
    void shouldTakeTimeoutsFromTheSettings() {
        lab.set(Setting.TIMEOUT_SYNRECV, 7);
        lab.set(Setting.TIMEOUT_UDP, 9);
        lab.add(
                Lab.at(TCP, VIP, 80),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", 80, Forwarding.NAT));
        lab.add(
                Lab.at(UDP, VIP, 80),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", 80, Forwarding.NAT));
        assertEquals(7, ConnectionEntry.timeoutSeconds(lab.client(tcp(1000, 80, Tcp.SYN))));
        long udp = lab.client(Lab.packet(UDP, CLIENT, 1000, VIP, 80, 0));
        assertEquals(9, ConnectionEntry.timeoutSeconds(udp));
        lab.set(Setting.TIMEOUT_UDP, 10);
        lab.connections.serverPacket(udp, Lab.packet(UDP, VIP, 80, CLIENT, 1, 0), lab.now);
        assertEquals(10, ConnectionEntry.timeoutSeconds(udp));
    }

    private static Packet tcp(int clientPort, int port, int flags) {
        return Lab.packet(Transport.TCP, CLIENT, clientPort, VIP, port, flags);
    }
}
