package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.testing.Lan;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachedNextHopsTest {
    private static final int REACHABLE = 0x02;
    private static final int STALE = 0x04;
    private static final int FAILED = 0x20;
    private static final int PERMANENT = 0x80;
    private static final long SERVER_MAC = 0x0200_0000_00AAL;
    private static final long OTHER_MAC = 0x0200_0000_00BBL;
    private static final long OWN_MAC = 0x0211_2233_4455L;
    private static final String SERVER = "10.0.0.2";
    private static final String SERVER6 = "2001:db8::2";
    private static final String ROUTER6 = "fe80::1";

    private final HostState state = new HostState();
    private final List<Neighbour.Key> asked = new ArrayList<>();
    private final CachedNextHops hops = new CachedNextHops(state::view, new int[] {7}, asked::add);

    @BeforeEach
    void build() {
        receive(
                Rtnetlink.RTM_NEWLINK,
                TestMessages.link(7, 1, 0x41)
                        .text(3, "eth0")
                        .number(4, 1500)
                        .hardwareAddress(1, OWN_MAC));
        state.replaceRoutes(
                List.of(
                        route("10.0.0.0", 24, 1, 7, null, 0, null),
                        route("10.5.0.0", 16, 1, 7, SERVER, 1280, null),
                        route("10.6.0.0", 16, 1, 8, null, 0, null),
                        route("10.7.0.0", 16, 1, 7, "fe80::1", 0, "10.0.0.9"),
                        route("10.0.0.1", 32, 2, 7, null, 0, null),
                        route("2001:db8::", 64, 1, 7, null, 0, null),
                        route("2001:db8:5::", 48, 1, 7, "fe80::1", 1400, null),
                        route("2001:db8:6::", 48, 1, 7, SERVER6, 1000, "2001:db8::99"),
                        route("2001:db8::1", 128, 2, 7, null, 0, null),
                        route("fe80::", 64, 1, 7, null, 0, null)));
        state.publish();
    }

    private static Route route(
            String destination,
            int prefixLength,
            int type,
            int interfaceIndex,
            @Nullable String gateway,
            int mtu,
            @Nullable String source) {
        return new Route(
                type == Route.TYPE_LOCAL ? Route.TABLE_LOCAL : Route.TABLE_MAIN,
                TestMessages.ip(destination),
                prefixLength,
                0,
                0,
                type,
                interfaceIndex,
                gateway == null ? null : TestMessages.ip(gateway),
                mtu,
                source == null ? null : TestMessages.ip(source));
    }

    private void receive(int type, TestMessages message) {
        ByteBuffer buffer = message.buffer();
        state.onMessage(type, buffer, 0, message.length());
    }

    private void neighbour(int neighbourState, long hardwareAddress) {
        neighbour(SERVER, neighbourState, hardwareAddress);
    }

    private void neighbour(String address, int neighbourState, long hardwareAddress) {
        TestMessages message =
                TestMessages.neighbour(7, neighbourState)
                        .address(1, address)
                        .hardwareAddress(2, hardwareAddress);
        receive(Rtnetlink.RTM_NEWNEIGH, address.contains(":") ? message.ipv6() : message);
        state.publish();
    }

    private void ownAddress(String address, int prefixLength, int scope, int flags) {
        TestMessages message =
                TestMessages.address(7, prefixLength).address(1, address).number(8, flags);
        message.buffer().put(3, (byte) scope);
        receive(Rtnetlink.RTM_NEWADDR, address.contains(":") ? message.ipv6() : message);
        state.publish();
    }

    private long lookup(String destination) {
        return destination.contains(":")
                ? hops.lookup(Lan.high(destination), Lan.low(destination))
                : hops.lookup(Lan.address(destination));
    }

    private String source(String destination) {
        long slot =
                destination.contains(":")
                        ? hops.route(Lan.high(destination), Lan.low(destination))
                        : hops.route(Lan.address(destination));
        assertTrue(slot > 0, destination);
        return destination.contains(":")
                ? Addresses.format(NextHops.sourceHigh(slot), NextHops.sourceLow(slot))
                : Addresses.format((int) NextHops.sourceLow(slot));
    }

    @Test
    void shouldWriteBothHardwareAddressesAsTheyGoOut() {
        neighbour(REACHABLE, SERVER_MAC);
        long slot = lookup(SERVER);
        assertTrue(slot > 0);
        assertEquals(SERVER_MAC, Memory.getLongBe(slot) >>> 16);
        assertEquals(OWN_MAC >>> 32, Memory.getShortBe(slot + 6));
        assertEquals((int) OWN_MAC, Memory.getIntBe(slot + 8));
        assertEquals(0, NextHops.port(slot));
        assertEquals(1500, NextHops.mtu(slot));
    }

    @Test
    void shouldGoThroughGatewayWithTheRoutesMtu() {
        neighbour(PERMANENT, SERVER_MAC);
        long slot = lookup("10.5.6.7");
        assertEquals(SERVER_MAC, Memory.getLongBe(slot) >>> 16);
        assertEquals(1280, NextHops.mtu(slot));
    }

    @Test
    void shouldAskOnceWhenNeighbourIsUnknown() {
        assertEquals(NextHops.UNRESOLVED, lookup(SERVER));
        assertEquals(NextHops.UNRESOLVED, lookup("10.5.6.7"));
        assertEquals(NextHops.UNRESOLVED, lookup(SERVER6));
        assertEquals(NextHops.UNRESOLVED, lookup("2001:db8:6::7"));
        assertEquals(NextHops.UNRESOLVED, lookup("2001:db8:5::7"));
        assertEquals(NextHops.UNRESOLVED, lookup("10.7.0.1"));
        assertEquals(
                Stream.of(SERVER, SERVER6, ROUTER6)
                        .map(address -> new Neighbour.Key(7, TestMessages.ip(address)))
                        .toList(),
                asked);
    }

    @Test
    void shouldReachIpv6DestinationsOnTheLinkAndBehindLinkLocalRouters() {
        neighbour(SERVER6, REACHABLE, SERVER_MAC);
        neighbour(ROUTER6, STALE, OTHER_MAC);
        assertNextHop(SERVER6, SERVER_MAC, 1500);
        assertNextHop("2001:db8:5::7", OTHER_MAC, 1400);
        assertNextHop("2001:db8:6::7", SERVER_MAC, 1280); // no link may have less
        assertNextHop("10.7.0.1", OTHER_MAC, 1500); // IPv4 by a router known by IPv6
    }

    private void assertNextHop(String destination, long hardwareAddress, int mtu) {
        long slot = lookup(destination);
        assertTrue(slot > 0, destination);
        assertEquals(hardwareAddress, Memory.getLongBe(slot) >>> 16);
        assertEquals(OWN_MAC, Memory.getLongBe(slot + 4) & 0xFFFF_FFFF_FFFFL);
        assertEquals(0, NextHops.port(slot));
        assertEquals(mtu, NextHops.mtu(slot));
    }

    @Test
    void shouldTakeIpv6MtuOfTheLinkWhenARouterToldIt() {
        neighbour(SERVER6, REACHABLE, SERVER_MAC);
        receive(
                Rtnetlink.RTM_NEWLINK,
                TestMessages.link(7, 1, 0x41).bytes(12, TestMessages.ipv6Settings(1300)).ipv6());
        state.publish();
        assertNextHop(SERVER6, SERVER_MAC, 1300);
        neighbour(REACHABLE, SERVER_MAC);
        assertNextHop(SERVER, SERVER_MAC, 1500);
    }

    @Test
    void shouldTellTheHostsOwnAddresses() {
        assertEquals(NextHops.LOCAL, lookup("10.0.0.1"));
        assertEquals(NextHops.LOCAL, lookup("2001:db8::1"));
        assertEquals(NextHops.LOCAL, lookup("2001:db8::1"));
    }

    @Test
    void shouldNotTakeAnIpv4AddressForTheIpv6AddressOfTheSameNumber() {
        neighbour(REACHABLE, SERVER_MAC);
        assertTrue(lookup(SERVER) > 0);
        assertEquals(NextHops.NO_ROUTE, lookup("::10.0.0.2"));
        assertTrue(lookup(SERVER) > 0);
    }

    @Test
    void shouldChooseIpv4SourceAsTheKernelDoes() {
        assertEquals("0.0.0.0", source(SERVER));
        ownAddress("10.9.9.9", 32, 0, 0);
        ownAddress("10.0.0.1", 24, 0, 0);
        ownAddress("10.0.0.7", 24, 0, 1); // secondary
        assertEquals("10.0.0.1", source(SERVER));
        assertEquals("10.0.0.1", source("10.5.0.1")); // that of the gateway's network
        assertEquals("10.0.0.9", source("10.7.0.1")); // the route says so
    }

    @Test
    void shouldChooseIpv6SourceAsTheKernelDoes() {
        assertEquals("::", source(SERVER6));
        ownAddress("fe80::9", 64, 253, 0);
        assertEquals("fe80::9", source(SERVER6));
        ownAddress("2001:db8::11", 64, 0, 0x40); // tentative
        assertEquals("fe80::9", source(SERVER6));
        ownAddress("2001:db8::11", 64, 0, 0x20); // deprecated
        assertEquals("2001:db8::11", source(SERVER6));
        ownAddress("2001:db8:5::12", 64, 0, 0);
        assertEquals("2001:db8:5::12", source(SERVER6));
        ownAddress("2001:db8::13", 64, 0, 1); // temporary
        assertEquals("2001:db8:5::12", source(SERVER6));
        ownAddress("2001:db8::14", 64, 0, 0);
        assertEquals("2001:db8::14", source(SERVER6));
        assertEquals("2001:db8:5::12", source("2001:db8:5::7"));
        assertEquals("2001:db8::99", source("2001:db8:6::7"));
    }

    @Test
    void shouldHaveNoWayForWhatIsNotUnicast() {
        for (String destination : List.of("::", "ff02::1", "ff0e::5", "fe80::2", "2001:db9::1")) {
            assertEquals(NextHops.NO_ROUTE, lookup(destination), destination);
        }
    }

    @Test
    void shouldNotAskForMoreThanSomeHundredNeighboursAtOnce() {
        for (int i = 1; i < 255; i++) {
            lookup("10.0.0." + i);
        }
        state.replaceRoutes(List.of(route("10.0.0.0", 8, 1, 7, null, 0, null)));
        state.publish();
        for (int i = 1; i < 10_000; i++) {
            hops.lookup(Lan.address("10.7.0.0") + i);
        }
        assertTrue(asked.size() <= 512, "asked " + asked.size()); // a second may have gone by
    }

    @Test
    void shouldPrepareForManyDestinationsWhoseRouterIsKnownOrNot() {
        prepare("10.5.6.7", "10.5.6.8", "224.0.0.81", "192.0.2.1");
        assertEquals(List.of(key(SERVER)), asked);
        neighbour(REACHABLE, SERVER_MAC);
        prepare("10.5.6.7", "10.5.6.8", "10.0.0.77", "10.0.0.78", "10.5.6.9");
        assertEquals(List.of(key(SERVER), key("10.0.0.77"), key("10.0.0.78")), asked);
        neighbour("10.0.0.77", REACHABLE, OTHER_MAC);
        neighbour(FAILED, SERVER_MAC);
        asked.clear();
        prepare("10.0.0.79", "10.5.6.7");
        assertEquals(List.of(key("10.0.0.79")), asked, "the router within this second already");
        assertEquals(NextHops.UNRESOLVED, lookup("10.5.6.7"));
    }

    private void prepare(String... destinations) {
        for (String destination : destinations) {
            hops.prepare(Lan.address(destination));
        }
    }

    private static Neighbour.Key key(String address) {
        return new Neighbour.Key(7, TestMessages.ip(address));
    }

    @Test
    void shouldNotUseFailedNeighbour() {
        neighbour(REACHABLE, SERVER_MAC);
        assertTrue(lookup(SERVER) > 0);
        neighbour(FAILED, SERVER_MAC);
        assertEquals(NextHops.UNRESOLVED, lookup(SERVER));
    }

    @Test
    void shouldHaveNoRouteThroughOtherInterfacesNorToMulticast() {
        assertEquals(NextHops.NO_ROUTE, lookup("10.6.0.1"));
        assertEquals(NextHops.NO_ROUTE, lookup("192.0.2.1"));
        assertEquals(NextHops.NO_ROUTE, lookup("224.0.0.81"));
        assertEquals(NextHops.NO_ROUTE, lookup("255.255.255.255"));
        assertEquals(NextHops.NO_ROUTE, lookup("0.0.0.0"));
    }

    @Test
    void shouldKeepGenerationWhenNothingDiffersForPackets() {
        neighbour(REACHABLE, SERVER_MAC);
        long generation = hops.generation();
        neighbour(STALE, SERVER_MAC);
        neighbour(REACHABLE, SERVER_MAC);
        List<Route> same = new ArrayList<>(state.ipv4().all());
        same.addAll(state.ipv6().all());
        state.replaceRoutes(same);
        state.publish();
        assertEquals(generation, hops.generation());
        neighbour(REACHABLE, OTHER_MAC);
        assertEquals(generation + 1, hops.generation());
        assertEquals(OTHER_MAC, Memory.getLongBe(lookup(SERVER)) >>> 16);
    }

    @Test
    void shouldForgetDeletedNeighbourAndLink() {
        neighbour(REACHABLE, SERVER_MAC);
        assertTrue(lookup(SERVER) > 0);
        receive(Rtnetlink.RTM_DELNEIGH, TestMessages.neighbour(7, 0).address(1, SERVER));
        state.publish();
        assertEquals(NextHops.UNRESOLVED, lookup(SERVER));
        receive(Rtnetlink.RTM_DELLINK, TestMessages.link(7, 1, 0).text(3, "eth0"));
        state.publish();
        assertEquals(NextHops.NO_ROUTE, lookup(SERVER));
        assertTrue(state.routesChanged());
    }

    @Test
    void shouldAllocateNothingForHitsAndMisses() {
        neighbour(REACHABLE, SERVER_MAC);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        neighbour(SERVER6, REACHABLE, SERVER_MAC);
        int gatewayed = Lan.address("10.5.0.0");
        long gatewayed6 = Lan.high("2001:db8:6::");
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200_000; i++) {
                hops.lookup(gatewayed + (i & 0xFFFF));
                hops.lookup(gatewayed6, i & 0x3FFFF);
                hops.route(gatewayed6, i & 0x3FFFF);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
    }
}
