package dev.tandem.director.service;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.testing.Packets;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private static final int TCP = Transport.TCP.number();
    private static final int UDP = Transport.UDP.number();
    private static final int VIRTUAL = 0x0A4D0164;
    private static final int SERVERS = 0x0A4D0200;

    private final Services services = new Services();

    @Test
    void shouldFindByProtocolAddressAndPort() {
        services.replace(
                List.of(
                        service(Transport.TCP, "10.77.1.100", 80, "rr"),
                        service(Transport.UDP, "10.77.1.100", 80, "rr"),
                        service(Transport.TCP, "10.77.1.101", 80, "rr")));

        VirtualService found = find(TCP, VIRTUAL, 80);
        assertEquals(Transport.TCP, found.protocol());
        assertEquals(VIRTUAL, found.addressLow());
        assertEquals(Transport.UDP, find(UDP, VIRTUAL, 80).protocol());
        assertEquals(VIRTUAL + 1, find(TCP, VIRTUAL + 1, 80).addressLow());
        assertNull(services.find(TCP, VIRTUAL, 81));
        assertNull(services.find(UDP, VIRTUAL + 1, 80));
        assertNull(services.find(132, VIRTUAL, 80));
    }

    @Test
    void shouldFindEachOfThousands() throws UnknownHostException {
        List<VirtualServiceConfig> configs = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            InetAddress address =
                    InetAddress.getByAddress(new byte[] {(byte) 200, 1, (byte) (i >> 8), (byte) i});
            configs.add(new VirtualServiceConfig(Transport.TCP, address, 1 + i, "rr", List.of()));
        }

        services.replace(configs);

        for (int i = 0; i < 5000; i++) {
            assertEquals(1 + i, find(TCP, 0xC8010000 + i, 1 + i).port());
            assertNull(services.find(TCP, 0xC8010000 + i, 2 + i));
        }
    }

    @Test
    void shouldFindNothingWhenThereIsNothing() {
        assertNull(services.find(TCP, VIRTUAL, 80));
    }

    @Test
    void shouldListServersNewestFirst() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11, 12, 13)));

        assertEquals("13 12 11", servers(find(TCP, VIRTUAL, 80)));

        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 14, 11, 15, 13)));

        assertEquals("13 15 11 14", servers(find(TCP, VIRTUAL, 80)));
        assertEquals(
                List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 14, 11, 15, 13)),
                services.snapshot().services());
    }

    @Test
    void shouldPickInTheNewOrderWhenServersAreOrderedAnew() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11, 12, 13)));
        RealServer server = server(12);

        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 12, 13, 11)));

        assertSame(server, server(12));
        assertEquals("11 13 12 11", picks(4));
    }

    @Test
    void shouldGoOnWithTheTurnWhenNothingChanges() {
        List<VirtualServiceConfig> same =
                List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11, 12, 13));
        services.replace(same);
        assertEquals("13", picks(1));

        services.replace(same);

        assertEquals("12 11", picks(2));
    }

    private String picks(int count) {
        List<String> picked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RealServer server = find(TCP, VIRTUAL, 80).pick(Packets.ipv4(6, 1, 1, 3, 80, 0), 0);
            picked.add(Long.toString(requireNonNull(server).address() - SERVERS));
        }
        return String.join(" ", picked);
    }

    @Test
    void shouldKeepLiveStateWhenTheIdentityStays() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));
        VirtualService before = find(TCP, VIRTUAL, 80);
        RealServer server = before.servers().getFirst();
        server.bind(false);
        server.countScheduled();
        server.countIn(100);
        server.countOut(1500);

        services.replace(
                List.of(
                        service(Transport.TCP, "10.77.1.99", 80, "rr"),
                        service(Transport.TCP, "10.77.1.100", 80, "wlc", 11, 12)));

        VirtualService after = find(TCP, VIRTUAL, 80);
        assertSame(before, after);
        assertEquals("wlc", after.options().scheduler());
        assertSame(server, after.server(false, 0, SERVERS + 11, 8080));
        assertEquals(1, server.activeConnections());
        assertEquals(1, after.traffic().connections());
        assertEquals(100, after.traffic().inBytes());
        assertEquals(1500, server.traffic().outBytes());
    }

    @Test
    void shouldUseTheNewWeightAndMethodWhenEdited() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11, 12)));
        RealServer server = server(11);

        services.replace(
                List.of(
                        new VirtualServiceConfig(
                                Transport.TCP,
                                address("10.77.1.100"),
                                80,
                                "rr",
                                List.of(
                                        new RealServerConfig(
                                                address("10.77.2.11"), 8080, Forwarding.DR, 0),
                                        real(12)))));

        assertSame(server, server(11));
        assertEquals(0, server.weight());
        assertEquals(Forwarding.DR, server.forwarding());
        for (int i = 0; i < 4; i++) {
            RealServer picked = find(TCP, VIRTUAL, 80).pick(Packets.ipv4(6, 1, 1, 3, 80, 0), 0);
            assertNotNull(picked);
            assertEquals(SERVERS + 12, picked.address());
        }
    }

    @Test
    void shouldKeepARemovedServerTwoMinutesAfterItsLastConnectionIsGone() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11, 12)));
        RealServer server = server(11);
        server.bind(false);

        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 12)));

        assertFalse(server.configured());
        assertNull(find(TCP, VIRTUAL, 80).server(false, 0, SERVERS + 11, 8080));
        server.countIn(100);
        assertEquals(0, server.traffic().inPackets(), "counted only while configured");
        work(0, 600);
        assertSame(server, services.server(server.id()));

        server.unbind(false);
        work(600, 659);
        assertSame(server, services.server(server.id()), "not seen yet");
        work(659, 779);
        assertSame(server, services.server(server.id()), "unused for less than two minutes");
        work(779, 781);
        assertNull(services.server(server.id()));
    }

    @Test
    void shouldNotForgetAServerThatCameBack() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));
        RealServer server = server(11);
        services.replace(List.of());
        work(0, 100);
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));

        work(100, 1000);

        assertSame(server, services.server(server.id()));
    }

    /** Every second of the time is lived through. */
    private void work(int fromSeconds, int toSeconds) {
        for (long second = fromSeconds; second <= toSeconds; second++) {
            services.doWork(second * 1_000_000_000L);
        }
    }

    @Test
    void shouldReviveARemovedServerWithItsCountersWhenItComesBack() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));
        RealServer server = server(11);
        server.bind(false);
        server.countIn(100);
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr")));

        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));

        assertSame(server, server(11));
        assertTrue(server.configured());
        assertEquals(1, server.activeConnections());
        assertEquals(1, server.traffic().inPackets());
    }

    @Test
    void shouldReviveAServerWithZeroCountersWhenItsServiceWasMadeAnew() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));
        VirtualService old = find(TCP, VIRTUAL, 80);
        RealServer server = server(11);
        server.bind(false);
        server.countIn(100);
        services.replace(List.of());

        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));

        assertNotSame(old, find(TCP, VIRTUAL, 80));
        assertSame(server, server(11));
        assertSame(find(TCP, VIRTUAL, 80), server.service());
        assertEquals(1, server.activeConnections());
        assertEquals(0, server.traffic().inPackets());
    }

    @Test
    void shouldNotConfuseServersOfDifferentServices() {
        services.replace(
                List.of(
                        service(Transport.TCP, "10.77.1.100", 80, "rr", 11),
                        service(Transport.UDP, "10.77.1.100", 80, "rr", 11)));

        RealServer tcp = find(TCP, VIRTUAL, 80).servers().getFirst();
        RealServer udp = find(UDP, VIRTUAL, 80).servers().getFirst();

        assertNotSame(tcp, udp);
        assertSame(tcp, services.server(tcp.id()));
        assertSame(udp, services.server(udp.id()));
    }

    @Test
    void shouldHoldMoreServersThanItStartedWith() {
        int[] many = new int[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = i + 1;
        }

        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", many)));

        for (int host : many) {
            assertSame(server(host), services.server(server(host).id()));
        }
    }

    @Test
    void shouldChangeNothingWhenAnythingIsWrong() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "rr", 11)));
        List<VirtualService> before = services.list();

        assertRefused(
                "TCP 10.77.1.101:80: unknown scheduler 'best'; known: dh, fo, lblc, lblcr, lc,"
                        + " mh, nq, ovf, rr, sed, sh, twos, wlc, wrr",
                service(Transport.TCP, "10.77.1.100", 80, "rr"),
                service(Transport.TCP, "10.77.1.101", 80, "best"));
        assertRefused(
                "TCP 10.77.1.101:80: given twice",
                service(Transport.TCP, "10.77.1.101", 80, "rr"),
                service(Transport.TCP, "10.77.1.101", 80, "wlc"));
        assertRefused(
                "TCP 10.77.1.101:80: server 10.77.2.12:8080 given twice",
                service(Transport.TCP, "10.77.1.101", 80, "rr", 12, 13, 12));
        assertRefused(
                "TCP [2001:db8:0:0:0:0:0:1]:80: 10.77.2.11:8080 is of another address family than"
                        + " its service: it can be reached by tunnel only",
                service(Transport.TCP, "2001:db8::1", 80, "rr", 11));

        assertSame(before, services.list());
        assertEquals("11", servers(find(TCP, VIRTUAL, 80)));
        assertNull(services.find(TCP, VIRTUAL + 1, 80));
    }

    @Test
    void shouldPickNobodyWhenThereIsNoServer() {
        services.replace(List.of(service(Transport.TCP, "10.77.1.100", 80, "wlc")));

        assertNull(find(TCP, VIRTUAL, 80).pick(Packets.ipv4(6, 1, 1, 3, 80, 0), 0));
    }

    private void assertRefused(String message, VirtualServiceConfig... configs) {
        var error =
                assertThrows(
                        IllegalArgumentException.class, () -> services.replace(List.of(configs)));
        assertEquals(message, error.getMessage());
    }

    private VirtualService find(int protocol, int address, int port) {
        VirtualService service = services.find(protocol, address, port);
        assertNotNull(service);
        return service;
    }

    private RealServer server(int host) {
        RealServer server = find(TCP, VIRTUAL, 80).server(false, 0, SERVERS + host, 8080);
        assertNotNull(server);
        return server;
    }

    private static String servers(VirtualService service) {
        return service.servers().stream()
                .map(server -> String.valueOf(server.address() & 0xFF))
                .collect(Collectors.joining(" "));
    }

    private static VirtualServiceConfig service(
            Transport protocol, String address, int port, String scheduler, int... hosts) {
        List<RealServerConfig> servers = new ArrayList<>();
        for (int host : hosts) {
            servers.add(real(host));
        }
        return new VirtualServiceConfig(protocol, address(address), port, scheduler, servers);
    }

    private static RealServerConfig real(int host) {
        return new RealServerConfig(address("10.77.2." + host), 8080, Forwarding.NAT, 1);
    }

    private static InetAddress address(String literal) {
        return literal.contains(":")
                ? java.net.Inet6Address.ofLiteral(literal)
                : Inet4Address.ofLiteral(literal);
    }
}
