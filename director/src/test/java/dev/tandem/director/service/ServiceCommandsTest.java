package dev.tandem.director.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands one by one: what they do, and the kernel's error for each that makes no sense. */
class ServiceCommandsTest {
    private static final ServiceId WEB = Given.id("tcp 10.77.1.100 80");
    private static final ServiceId WEB6 = Given.id("tcp 2001:db8::100 80");
    private static final ServiceId MARK = Given.id("mark 7");
    private static final ServiceId ABSENT = Given.id("udp 10.77.1.100 80");
    private static final ServiceOptions RR = ServiceOptions.of("rr", false);
    private static final ServiceOptions RR6 = ServiceOptions.of("rr", true);
    private static final InetAddress A = Given.address("10.77.2.11");
    private static final RealServerConfig SERVER = Given.server("10.77.2.11", 8080);
    private static final RealServerConfig OTHER = Given.server("10.77.2.12", 8080);

    private final Services services = new Services(Given.surroundings(false));

    @BeforeEach
    void configure() {
        services.add(WEB, RR);
        services.add(WEB6, RR6);
        services.add(MARK, RR);
        services.add(WEB, SERVER);
    }

    record Misuse(String what, ServiceError error, Consumer<Services> command) {
        @Override
        public String toString() {
            return what + ": " + error;
        }
    }

    static Stream<Misuse> misuses() {
        return Stream.of(
                // services; first what the kernel checks first
                misuse("add what is there", ServiceError.EEXIST, s -> s.add(WEB, RR)),
                misuse(
                        "add what is there with an unknown scheduler",
                        ServiceError.EEXIST,
                        s -> s.add(WEB, ServiceOptions.of("best", false))),
                misuse(
                        "unknown scheduler",
                        ServiceError.ENOENT,
                        s -> s.add(ABSENT, ServiceOptions.of("best", false))),
                misuse(
                        "unknown scheduler and bad prefix",
                        ServiceError.ENOENT,
                        s -> s.edit(WEB6, options("best", 0, 0, ""))),
                misuse(
                        "unknown engine",
                        ServiceError.ENOENT,
                        s -> s.add(ABSENT, options("rr", 0, -1, "h323"))),
                misuse(
                        "unknown engine and bad prefix",
                        ServiceError.ENOENT,
                        s -> s.edit(WEB6, options("rr", 0, 0, "h323"))),
                misuse("prefix 0", ServiceError.EINVAL, s -> s.edit(WEB6, options("rr", 0, 0, ""))),
                misuse(
                        "prefix 129",
                        ServiceError.EINVAL,
                        s -> s.edit(WEB6, options("rr", 0, 129, ""))),
                misuse("mark 0", ServiceError.EINVAL, s -> s.add(Given.id("mark 0"), RR)),
                misuse(
                        "port 65536",
                        ServiceError.EINVAL,
                        s -> s.add(Given.id("tcp 10.0.0.1 65536"), RR)),
                misuse(
                        "negative persistence",
                        ServiceError.EINVAL,
                        s -> s.edit(WEB, options("rr", -1, -1, ""))),
                misuse("edit what is absent", ServiceError.ESRCH, s -> s.edit(ABSENT, RR)),
                misuse(
                        "edit what is absent with an unknown scheduler",
                        ServiceError.ESRCH,
                        s -> s.edit(ABSENT, ServiceOptions.of("best", false))),
                misuse("delete what is absent", ServiceError.ESRCH, s -> s.delete(ABSENT)),
                misuse("zero what is absent", ServiceError.ESRCH, s -> s.zero(ABSENT)),
                misuse(
                        "a mark of the other family is another service",
                        ServiceError.ESRCH,
                        s -> s.delete(Given.id("mark6 7"))),
                // servers
                misuse("no service", ServiceError.ESRCH, s -> s.add(ABSENT, SERVER)),
                misuse(
                        "no service, and a negative weight",
                        ServiceError.ESRCH,
                        s -> s.edit(ABSENT, weight(-1))),
                misuse(
                        "delete from no service",
                        ServiceError.ESRCH,
                        s -> s.delete(ABSENT, A, 8080)),
                misuse(
                        "other family by NAT",
                        ServiceError.EINVAL,
                        s -> s.add(WEB, Given.server("2001:db8::1", 80))),
                misuse("method local", ServiceError.EINVAL, s -> s.add(WEB, by(Forwarding.LOCAL))),
                misuse(
                        "method bypass",
                        ServiceError.EINVAL,
                        s -> s.edit(WEB, by(Forwarding.BYPASS))),
                misuse("negative weight", ServiceError.ERANGE, s -> s.edit(WEB, weight(-1))),
                misuse(
                        "negative weight of what is there",
                        ServiceError.ERANGE,
                        s -> s.add(WEB, weight(-1))),
                misuse("l above u", ServiceError.ERANGE, s -> s.edit(WEB, thresholds(4, 5))),
                misuse("l without u", ServiceError.ERANGE, s -> s.edit(WEB, thresholds(0, 1))),
                misuse(
                        "l above u, both above 2147483647",
                        ServiceError.ERANGE,
                        s -> s.edit(WEB, thresholds(-2, -1))),
                misuse(
                        "u above 2147483647",
                        ServiceError.EINVAL,
                        s -> s.edit(WEB, thresholds(-1, 0))),
                misuse(
                        "gue without port",
                        ServiceError.EINVAL,
                        s -> s.add(WEB, tunnel(Tunnel.Type.GUE, 0))),
                misuse(
                        "gue without port, edited",
                        ServiceError.EINVAL,
                        s -> s.edit(WEB, tunnel(Tunnel.Type.GUE, 0))),
                misuse("add what is there", ServiceError.EEXIST, s -> s.add(WEB, SERVER)),
                misuse("edit what is absent", ServiceError.ENOENT, s -> s.edit(WEB, OTHER)),
                misuse(
                        "same address, other port",
                        ServiceError.ENOENT,
                        s -> s.edit(WEB, Given.server("10.77.2.11", 80))),
                misuse("delete what is absent", ServiceError.ENOENT, s -> s.delete(WEB, A, 80)),
                misuse("multicast", ServiceError.EINVAL, s -> s.add(WEB, to("224.0.0.1"))),
                misuse("broadcast", ServiceError.EINVAL, s -> s.add(WEB, to("255.255.255.255"))),
                misuse("0.0.0.0", ServiceError.EINVAL, s -> s.add(WEB, to("0.0.0.0"))),
                misuse("0.1.2.3", ServiceError.EINVAL, s -> s.add(WEB, to("0.1.2.3"))),
                misuse("loopback", ServiceError.EINVAL, s -> s.add(WEB, to("127.0.0.1"))),
                misuse("this director", ServiceError.EINVAL, s -> s.add(WEB, to("10.77.1.1"))),
                misuse("IPv6 link-local", ServiceError.EINVAL, s -> s.add(WEB6, to("fe80::1"))),
                misuse("IPv6 multicast", ServiceError.EINVAL, s -> s.add(WEB6, to("ff02::1"))),
                misuse("IPv6 unspecified", ServiceError.EINVAL, s -> s.add(WEB6, to("::"))),
                misuse("IPv6 loopback", ServiceError.EINVAL, s -> s.add(WEB6, to("::1"))));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void shouldAnswerMisuseWithTheKernelsError(Misuse misuse) {
        ServicesSnapshot before = services.snapshot();

        var e = assertThrows(ServiceException.class, () -> misuse.command.accept(services));

        assertEquals(misuse.error, e.error(), e.getMessage());
        assertSame(before, services.snapshot(), "nothing may have changed");
    }

    @Test
    void shouldTakeAServerOfTheOtherFamilyByTunnelWhenNothingIsReplicated() {
        RealServerConfig mixed =
                new RealServerConfig(
                        Given.address("2001:db8::1"), 80, Forwarding.TUNNEL, 1, 0, 0, Tunnel.IPIP);
        services.add(WEB, mixed);

        var replicated = new Services(Given.surroundings(true));
        replicated.add(WEB, RR);
        var e = assertThrows(ServiceException.class, () -> replicated.add(WEB, mixed));
        assertEquals(ServiceError.EINVAL, e.error());
    }

    @Test
    void shouldPutNewServersAtTheHead() {
        services.add(WEB, OTHER);
        services.add(WEB, Given.server("10.77.2.13", 8080));

        assertEquals("13 12 11", servers());
        assertEquals(
                List.of(SERVER, OTHER, Given.server("10.77.2.13", 8080)),
                services.snapshot().services().getFirst().servers(),
                "in the order of their adding");
    }

    @Test
    void shouldKeepPlaceConnectionsAndCountersOfAnEditedServer() {
        services.add(WEB, OTHER);
        RealServer server = web().server(SERVER);
        assertNotNull(server);
        server.bind(false);
        server.countIn(100);

        services.edit(WEB, weight(0));

        assertEquals("12 11", servers());
        assertSame(server, web().server(SERVER));
        assertEquals(0, server.weight());
        assertEquals(1, server.lastWeight(), "the last one above 0");
        assertEquals(1, server.activeConnections());
        assertEquals(100, server.traffic().inBytes());
        assertEquals("12 12 12", picks(3), "weight 0 takes no new connections");
    }

    @Test
    void shouldReviveAServerWithItsConnectionsAndCounters() {
        RealServer server = web().server(SERVER);
        assertNotNull(server);
        server.bind(false);
        server.countIn(100);

        services.delete(WEB, A, 8080);
        assertEquals("", servers());
        services.add(WEB, weight(3));

        assertSame(server, web().server(SERVER));
        assertEquals(3, server.weight());
        assertEquals(1, server.activeConnections());
        assertEquals(100, server.traffic().inBytes());
    }

    @Test
    void shouldReviveWithCountersOfZeroInAServiceMadeAnew() {
        RealServer server = web().server(SERVER);
        assertNotNull(server);
        server.bind(false);
        server.countIn(100);

        services.flush();
        services.add(WEB, RR);
        services.add(WEB, SERVER);

        assertSame(server, web().server(SERVER));
        assertEquals(1, server.activeConnections());
        assertEquals(0, server.traffic().inBytes());
        assertEquals(100, services.total().inBytes(), "the total goes on");
    }

    @Test
    void shouldScheduleNothingWithoutAScheduler() {
        services.edit(WEB, ServiceOptions.of(ServiceOptions.NO_SCHEDULER, false));
        assertNull(web().pick(Given.packet(6, "192.0.2.1", "10.77.1.100", 80), 0));
        services.add(WEB, OTHER);
        services.delete(WEB, A, 8080);
        services.add(WEB, SERVER);

        services.edit(WEB, RR);

        assertEquals("11 12 11 12", picks(4));
    }

    @Test
    void shouldGoOnWhereItWasWhenNothingOfTheSchedulerIsEdited() {
        services.add(WEB, OTHER);
        assertEquals("12", picks(1));

        services.edit(WEB, options("rr", 300, 0xFFFFFF00, "sip"));

        assertEquals("11 12", picks(2));
        assertTrue(web().options().isPersistent());
        assertEquals(0xFFFFFF00L, web().clientMaskLow());
        assertEquals(0, web().clientMaskHigh());
    }

    @Test
    void shouldMaskIpv6ClientsByPrefix() {
        Map<Integer, List<Long>> masks =
                Map.of(
                        1, List.of(1L << 63, 0L),
                        63, List.of(-2L, 0L),
                        64, List.of(-1L, 0L),
                        65, List.of(-1L, 1L << 63),
                        127, List.of(-1L, -2L),
                        128, List.of(-1L, -1L));
        masks.forEach((prefix, mask) -> {
            services.edit(WEB6, options("rr", 300, prefix, ""));
            VirtualService service = services.find(Given.packet(6, "::1", "2001:db8::100", 80));
            assertNotNull(service);
            assertEquals(mask, List.of(service.clientMaskHigh(), service.clientMaskLow()));
        });
    }

    @Test
    void shouldZeroOneServiceOrAll() {
        services.add(MARK, OTHER);
        RealServer one = web().server(SERVER);
        assertNotNull(one);
        RealServer two = services.list().getLast().servers().getFirst();
        for (RealServer server : List.of(one, two)) {
            server.countScheduled();
            server.countIn(100);
            server.countOut(50);
        }

        services.zero(WEB);

        assertEquals("0 0 0 0 0", counts(one.traffic()));
        assertEquals("0 0 0 0 0", counts(web().traffic()));
        assertEquals("1 1 1 100 50", counts(two.traffic()));
        assertEquals("2 2 2 200 100", counts(services.total()));
        one.countIn(1);
        assertEquals("0 1 0 1 0", counts(one.traffic()), "counting goes on");

        services.zero();

        assertEquals("0 0 0 0 0", counts(two.traffic()));
        assertEquals("0 0 0 0 0", counts(services.total()));
    }

    @Test
    void shouldEstimateRatesEveryTwoSecondsUnlessToldNotTo() {
        var settings = new LiveSettings(DirectorSettings.DEFAULT);
        var estimating = new Services(new Surroundings(_ -> false, false, Set.of(), settings));
        estimating.add(WEB, RR);
        estimating.add(WEB, SERVER);
        RealServer server = estimating.list().getFirst().servers().getFirst();
        estimating.doWork(0);
        for (int i = 0; i < 200; i++) {
            server.countScheduled();
        }
        estimating.doWork(1_999_999_999L);
        assertEquals(0, server.traffic().rates().connections());
        estimating.doWork(2_000_000_000L);
        assertEquals(25, server.traffic().rates().connections());
        assertEquals(25, server.service().traffic().rates().connections());
        assertEquals(25, estimating.total().rates().connections());

        settings.replace(settings.now().with(Setting.RUN_ESTIMATION, 0));
        estimating.doWork(4_000_000_000L);

        assertEquals(25, server.traffic().rates().connections(), "frozen");
        assertEquals(200, server.traffic().connections());
    }

    @Test
    void shouldTellOfEveryChange() {
        List<ServicesSnapshot> told = new ArrayList<>();
        services.onChange(told::add);
        long version = services.snapshot().version();

        services.add(WEB, OTHER);
        services.edit(WEB, ServiceOptions.of("wlc", false));
        services.delete(WEB, A, 8080);
        services.delete(MARK);

        assertEquals(
                List.of(version + 1, version + 2, version + 3, version + 4),
                told.stream().map(ServicesSnapshot::version).toList());
        assertEquals(
                List.of(
                        new VirtualServiceConfig(
                                WEB, ServiceOptions.of("wlc", false), List.of(OTHER)),
                        new VirtualServiceConfig(WEB6, RR6, List.of())),
                told.getLast().services());
        assertSame(told.getLast(), services.snapshot());
    }

    @Test
    void shouldTellOnceOfChangesThatAreMadeTogether() {
        List<ServicesSnapshot> told = new ArrayList<>();
        services.onChange(told::add);
        long version = services.snapshot().version();

        services.together(() -> {
            services.delete(WEB);
            services.delete(WEB6);
            services.add(WEB6, RR6);
            services.add(MARK, OTHER);
        });

        assertEquals(1, told.size());
        assertEquals(version + 1, services.snapshot().version());
        assertNull(services.find(6, 0x0A4D0164, 80));
        assertNotNull(services.findNatServer(false, 17, 0, 0x0A4D020CL, 8080));
        services.together(() -> services.add(MARK, weight(1)));
        assertEquals(2, told.size());
        services.together(
                () -> assertThrows(ServiceException.class, () -> services.add(MARK, weight(1))));
        assertEquals(2, told.size(), "nothing was changed");
        services.delete(MARK);
        assertEquals(3, told.size(), "by itself again");
    }

    @Test
    void shouldFindServersByTheirOwnAddress() {
        services.add(MARK, OTHER);
        services.edit(WEB, tunnel(Tunnel.Type.GUE, 6080));
        long low = 0x0A4D020BL;

        assertNull(services.findNatServer(false, 6, 0, low, 8080), "reached by tunnel now");
        for (int protocol : new int[] {6, 17, 132}) {
            RealServer found = services.findNatServer(false, protocol, 0, low + 1, 8080);
            assertNotNull(found, "a service by mark has every protocol");
            assertEquals(OTHER, found.config());
        }

        services.delete(MARK);

        assertNull(services.findNatServer(false, 6, 0, low + 1, 8080));
    }

    private VirtualService web() {
        VirtualService service = services.find(6, 0x0A4D0164, 80);
        assertNotNull(service);
        return service;
    }

    private String servers() {
        return web().servers().stream()
                .map(server -> String.valueOf(server.addressLow() & 0xFF))
                .collect(Collectors.joining(" "));
    }

    private String picks(int count) {
        return Stream.generate(() -> web().pick(Given.packet(6, "192.0.2.1", "10.77.1.100", 80), 0))
                .limit(count)
                .map(server -> server == null ? "none" : "" + (server.addressLow() & 0xFF))
                .collect(Collectors.joining(" "));
    }

    private static String counts(TrafficCounters traffic) {
        return traffic.connections()
                + " "
                + traffic.inPackets()
                + " "
                + traffic.outPackets()
                + " "
                + traffic.inBytes()
                + " "
                + traffic.outBytes();
    }

    private static Misuse misuse(String what, ServiceError error, Consumer<Services> command) {
        return new Misuse(what, error, command);
    }

    private static ServiceOptions options(
            String scheduler, int persistenceSeconds, int netmask, String engine) {
        return new ServiceOptions(scheduler, 0, persistenceSeconds, netmask, engine, false);
    }

    private static RealServerConfig weight(int weight) {
        return new RealServerConfig(A, 8080, Forwarding.NAT, weight);
    }

    private static RealServerConfig by(Forwarding method) {
        return new RealServerConfig(A, 8080, method, 1);
    }

    private static RealServerConfig to(String address) {
        return Given.server(address, 80);
    }

    private static RealServerConfig thresholds(int upper, int lower) {
        return new RealServerConfig(A, 8080, Forwarding.NAT, 1, upper, lower, Tunnel.IPIP);
    }

    private static RealServerConfig tunnel(Tunnel.Type type, int port) {
        return new RealServerConfig(
                A, 8080, Forwarding.TUNNEL, 1, 0, 0, new Tunnel(type, port, Tunnel.Checksum.NONE));
    }
}
