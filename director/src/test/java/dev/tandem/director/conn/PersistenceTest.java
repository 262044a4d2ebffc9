package dev.tandem.director.conn;

import static dev.tandem.director.config.Transport.TCP;
import static dev.tandem.director.config.Transport.UDP;
import static dev.tandem.director.conn.ConnectionTable.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates: which key, which server and port, how long, and when they hold no more. */
class PersistenceTest {
    private static final String VIP = "10.0.0.1";
    private static final String VIP6 = "2001:db8::1";

    /**
     * One packet at a service, and what the table then holds. A service is PORT or mark NUMBER; the
     * server's port is 8080 or 0.
     */
    @ParameterizedTest
    @CsvSource({
        "80,     8080, 255.255.255.255, 80,   10.9.8.7:0 10.0.0.1:80 10.1.0.1:8080 template",
        "80,     8080, 255.255.255.0,   80,   10.9.8.0:0 10.0.0.1:80 10.1.0.1:8080 template",
        "80,     0,    255.255.0.0,     80,   10.9.0.0:0 10.0.0.1:80 10.1.0.1:0 template",
        "21,     8080, 255.255.255.255, 21,   10.9.8.7:0 10.0.0.1:0 10.1.0.1:0 template",
        "21,     8080, 255.255.255.255, 2000, 10.9.8.7:0 10.0.0.1:0 10.1.0.1:0 template",
        "0,      8080, 255.255.255.255, 443,  10.9.8.7:0 10.0.0.1:0 10.1.0.1:0 template",
        "mark 7, 8080, 255.255.255.255, 443,  10.9.8.7:0 0.0.0.7:0 10.1.0.1:0 template",
    })
    void shouldKeepTheClientByATemplate(
            String service, int serverPort, String mask, int port, String template) {
        boolean byMark = service.startsWith("mark");
        try (Lab lab = new Lab(16)) {
            int netmask = ByteBuffer.wrap(Lab.ip(mask).getAddress()).getInt();
            lab.add(
                    byMark ? new ServiceId.MarkService(7, false) : Lab.at(TCP, VIP, port(service)),
                    Lab.options(300, netmask),
                    Lab.server("10.1.0.1", serverPort, Forwarding.NAT));
            Packet packet = packet(TCP, "10.9.8.7", 1000, VIP, port);
            packet.fwmark = byMark ? 7 : 0;

            long entry = lab.client(packet);

            boolean own = !byMark && port(service) == port;
            int realPort = own && serverPort != 0 ? serverPort : port;
            String connection =
                    "TCP 10.9.8.7:1000 10.0.0.1:%d 10.1.0.1:%d".formatted(port, realPort);
            assertEquals(connection, Lab.text(entry));
            String protocol = byMark ? "IP " : "TCP ";
            assertTrue(lab.texts().contains(protocol + template), lab.texts().toString());
            assertEquals(2, lab.table.size());
            lab.assertCounts("10.1.0.1", 1, 0, 1);
            assertEquals(1, lab.server("10.1.0.1").traffic().connections());
            assertEquals(byMark ? 7 : 0, EntryDetails.fwmark(entry));
        }
    }

    private static int port(String service) {
        return Integer.parseInt(service);
    }

    /** Two servers in turn; packets of clients, and the server that each is given. */
    @ParameterizedTest
    @CsvSource({
        "255.255.255.255, 10.9.8.7 10.9.8.7 10.9.8.8 10.9.8.7, 1 1 2 1",
        "255.255.255.0,   10.9.8.7 10.9.8.8 10.9.9.8 10.9.8.1, 1 1 2 1",
        "0.0.0.0,         10.9.8.7 11.9.8.8 12.9.9.8,          1 1 1",
    })
    void shouldTakeAClientNetworkForOne(String mask, String clients, String servers) {
        try (Lab lab = new Lab(64)) {
            int netmask = ByteBuffer.wrap(Lab.ip(mask).getAddress()).getInt();
            lab.add(Lab.at(TCP, VIP, 80), Lab.options(300, netmask), two());
            int port = 1000;
            String[] expected = servers.split(" ", -1);
            for (String client : clients.split(" ", -1)) {
                long entry = lab.client(packet(TCP, client, port, VIP, 80));
                assertEquals("10.1.0." + expected[port - 1000], real(entry));
                port++;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "64,  2001:db8:9::7 2001:db8:9::ffff 2001:db8:9:1::7, 1 1 2",
        "128, 2001:db8:9::7 2001:db8:9::8 2001:db8:9::7,      1 2 1",
        "33,  2001:db8::7 2001:db8:7fff::1 2001:db8:8000::1,  1 1 2",
        "100, 2001:db8::7 2001:db8::fff:ffff 2001:db8::1000:0, 1 1 2",
    })
    void shouldTakeAnIpv6PrefixForOne(int prefix, String clients, String servers) {
        try (Lab lab = new Lab(64)) {
            lab.add(
                    Lab.at(TCP, VIP6, 80),
                    Lab.options(300, prefix),
                    Lab.server("2001:db8:1::2", 80, Forwarding.NAT),
                    Lab.server("2001:db8:1::1", 80, Forwarding.NAT));
            int port = 1000;
            String[] expected = servers.split(" ", -1);
            for (String client : clients.split(" ", -1)) {
                long entry = lab.client(packet(TCP, client, port, VIP6, 80));
                assertEquals("[2001:db8:1::" + expected[port - 1000] + "]", real(entry));
                port++;
            }
        }
    }

    /** FTP's data connections follow their control connection, as do all ports of port 0. */
    @Test
    void shouldKeepAllPortsTogetherWhereTheTemplateHasNone() {
        try (Lab lab = new Lab(64)) {
            lab.add(Lab.at(TCP, VIP, 21), Lab.options(300, -1), two());
            assertEquals("10.1.0.1", real(lab.client(packet(TCP, "10.9.8.7", 1, VIP, 21))));
            assertEquals("10.1.0.1", real(lab.client(packet(TCP, "10.9.8.7", 2, VIP, 50000))));
            assertEquals("10.1.0.2", real(lab.client(packet(TCP, "10.9.8.8", 3, VIP, 50000))));
            assertEquals("10.1.0.2", real(lab.client(packet(TCP, "10.9.8.8", 4, VIP, 21))));
        }
    }

    @Test
    void shouldLiveAsLongAsItIsUsedAndNoLonger() {
        try (Lab lab = new Lab(64)) {
            lab.add(Lab.at(UDP, VIP, 53), Lab.options(400, -1), two());
            lab.client(packet(UDP, "10.9.8.7", 1, VIP, 53));
            lab.pass(390);
            assertEquals(
                    1, lab.table.size(), "the connection's 300 s are over, not the template's");
            long entry = lab.client(packet(UDP, "10.9.8.7", 2, VIP, 53));
            assertEquals("10.1.0.1", real(entry), "the template's time began anew");
            lab.pass(301);
            lab.pass(101);
            assertEquals(0, lab.table.size());
            lab.assertCounts("10.1.0.1", 0, 0, 0);
            assertEquals("10.1.0.2", real(lab.client(packet(UDP, "10.9.8.7", 3, VIP, 53))));
        }
    }

    /** The kernel would leave it with 60 seconds for good. */
    @Test
    void shouldOutliveItsConnectionsAndKeepItsTimeout() {
        try (Lab lab = new Lab(64)) {
            lab.add(Lab.at(TCP, VIP, 80), Lab.options(100, -1), two());
            long entry = lab.client(packet(TCP, "10.9.8.7", 1, VIP, 80));
            lab.connections.clientPacket(entry, ack(), lab.now);
            long template = lab.table.parent(entry);
            lab.pass(850);
            assertEquals(2, lab.table.size());
            assertTrue(lab.told.contains(template));
            assertEquals(100, ConnectionEntry.timeoutSeconds(template));
            lab.client(packet(TCP, "10.9.8.7", 2, VIP, 80));
            assertEquals(lab.now + 100 * Lab.SECOND, ConnectionEntry.deadlineNs(template));
            lab.pass(52 + 61 + 61);
            assertEquals(List.of(), lab.texts());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true,  true",
        "0, 1, true,  true",
        "1, 1, true,  true",
        "1, 0, true,  false",
        "0, 1, false, false",
    })
    void shouldHoldToAServerWhileThatIsOfUse(
            int quiescent, int weight, boolean configured, boolean stays) {
        try (Lab lab = new Lab(64)) {
            lab.set(Setting.EXPIRE_QUIESCENT_TEMPLATE, quiescent);
            ServiceId id = lab.add(Lab.at(TCP, VIP, 80), Lab.options(300, -1), two());
            lab.client(packet(TCP, "10.9.8.7", 1, VIP, 80));
            if (configured) {
                lab.services.edit(
                        id, new RealServerConfig(Lab.ip("10.1.0.1"), 80, Forwarding.NAT, weight));
            } else {
                lab.services.delete(id, Lab.ip("10.1.0.1"), 80);
            }
            long entry = lab.client(packet(TCP, "10.9.8.7", 2, VIP, 80));
            assertEquals(stays ? "10.1.0.1" : "10.1.0.2", real(entry));
            if (!stays) {
                assertTrue(
                        lab.texts()
                                .contains("TCP 10.9.8.7:0 10.0.0.1:65535 10.1.0.1:65535 template"));
                assertEquals("10.1.0.2", real(lab.client(packet(TCP, "10.9.8.7", 3, VIP, 80))));
            }
        }
    }

    /** rr gives the other server next, so that it is seen whether the template holds. */
    private static RealServerConfig[] two() {
        return new RealServerConfig[] {
            Lab.server("10.1.0.2", 80, Forwarding.NAT), Lab.server("10.1.0.1", 80, Forwarding.NAT)
        };
    }

    @Test
    void shouldBeAssuredByWhatIsEstablishedUnderIt() {
        try (Lab lab = new Lab(64)) {
            lab.add(Lab.at(TCP, VIP, 80), Lab.options(300, -1), two());
            lab.add(Lab.at(UDP, VIP, 53), Lab.options(300, -1), two());
            long tcp = lab.client(packet(TCP, "10.9.8.7", 1, VIP, 80));
            assertEquals("NONE", ConnectionView.stateName(lab.table.parent(tcp)));
            lab.connections.clientPacket(tcp, ack(), lab.now);
            assertEquals("ASSURED", ConnectionView.stateName(lab.table.parent(tcp)));
            long udp = lab.client(packet(UDP, "10.9.8.7", 1, VIP, 53));
            lab.client(packet(UDP, "10.9.8.7", 1, VIP, 53));
            assertEquals("NONE", ConnectionView.stateName(lab.table.parent(udp)));
            lab.connections.serverPacket(udp, packet(UDP, VIP, 53, VIP, 1), lab.now);
            assertEquals("ASSURED", ConnectionView.stateName(lab.table.parent(udp)));
        }
    }

    @Test
    void shouldLeaveNothingWhenThereIsNoRoomForTheConnection() {
        try (Lab lab = new Lab(3)) {
            lab.add(Lab.at(TCP, VIP, 80), Lab.options(300, -1), two());
            assertEquals(NONE, lab.client(packet(TCP, "10.9.8.7", 1, VIP, 80)));
            assertEquals(Refusal.TABLE_FULL, lab.connections.refusal());
            assertEquals(0, lab.table.cells());
            lab.assertCounts("10.1.0.1", 0, 0, 0);
        }
    }

    @Test
    void shouldGoByAnEnginesDataAcrossClientPorts() {
        PersistenceEngine engine = new ByClientPort();
        try (Lab lab = new Lab(64, Map.of("odd", engine))) {
            var options = new ServiceOptions("rr", 0, 300, -1, "odd", false);
            lab.add(Lab.at(UDP, VIP, 5060), options, two());
            long first = lab.client(packet(UDP, "10.9.8.7", 1001, VIP, 5060));
            long second = lab.client(packet(UDP, "10.9.8.7", 1002, VIP, 5060));
            long third = lab.client(packet(UDP, "10.9.8.7", 1003, VIP, 5060));
            assertEquals("10.1.0.1", real(first));
            assertEquals("10.1.0.2", real(second), "another parity");
            assertEquals("10.1.0.1", real(third));
            assertEquals(lab.table.parent(first), lab.table.parent(third));
            assertNotEquals(lab.table.parent(first), lab.table.parent(second));
            assertEquals("odd", ConnectionView.of(lab.table.parent(first), 0).peName());

            assertEquals(NONE, lab.client(packet(UDP, "10.9.8.7", 2000, VIP, 5060)));
            assertEquals(Refusal.ENGINE, lab.connections.refusal());
        }
    }

    /** Clients are told apart by their port's parity; port 2000 is none. */
    private static final class ByClientPort implements PersistenceEngine {
        @Override
        public String name() {
            return "odd";
        }

        @Override
        public Result fill(Packet packet, EngineData data) {
            if (packet.sourcePort == 2000) {
                return Result.REFUSED;
            }
            data.set(
                    name().getBytes(StandardCharsets.US_ASCII),
                    new byte[] {(byte) (packet.sourcePort % 2)});
            return Result.FOUND;
        }
    }

    private static String real(long entry) {
        String real = ConnectionView.of(entry, 0).real();
        return real.substring(0, real.lastIndexOf(':'));
    }

    private static Packet ack() {
        return packet(TCP, "10.9.8.7", 1, VIP, 80, Tcp.ACK);
    }

    private static Packet packet(
            Transport transport, String client, int clientPort, String virtual, int port) {
        return packet(transport, client, clientPort, virtual, port, Tcp.SYN);
    }

    private static Packet packet(
            Transport transport,
            String client,
            int clientPort,
            String virtual,
            int port,
            int flags) {
        return Lab.packet(
                transport, client, clientPort, virtual, port, transport == TCP ? flags : 0);
    }
}
