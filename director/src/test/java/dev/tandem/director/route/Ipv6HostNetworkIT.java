package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.Lan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** director d0 2001:db8:1::1/64 -- n0 2001:db8:1::2, fe80::3; d1 2001:db8:2::1/64 -- m0 ::2. */
@Tag("netns")
@Timeout(60)
class Ipv6HostNetworkIT {
    private static final String NEIGHBOUR = "2001:db8:1::2";
    private static final String BEYOND = "2001:db8:ffff::7";
    private static final String ROUTER = "fe80::3";

    private final TestNamespaces namespaces = new TestNamespaces();
    private final List<AfPacketPort> ports = new ArrayList<>();
    private String director = "";
    private String north = "";
    private HostNetwork network;
    private NextHops hops;

    @BeforeEach
    void build() throws Exception {
        director = namespaces.addWithIpv6("d");
        north = namespaces.addWithIpv6("n");
        String south = namespaces.addWithIpv6("m");
        namespaces.connect(director, "d0", north, "n0");
        namespaces.connect(director, "d1", south, "m0");
        addAddress(director, "2001:db8:1::1/64", "d0");
        addAddress(director, "2001:db8:2::1/64", "d1");
        addAddress(north, "2001:db8:1::2/64", "n0");
        addAddress(north, "fe80::3/64", "n0");
        addAddress(south, "2001:db8:2::2/64", "m0");
        network = TestNamespaces.call(director, HostNetwork::open);
        for (String device : List.of("d0", "d1")) {
            int index = ports.size();
            AfPacketPort.RingSlots slots = new AfPacketPort.RingSlots(512, 15);
            ports.add(TestNamespaces.call(director, () -> AfPacketPort.open(device, index, slots)));
        }
        hops = network.nextHops(ports);
    }

    private static void addAddress(String namespace, String address, String device) {
        TestNamespaces.in(namespace, "ip", "-6", "addr", "add", address, "dev", device, "nodad");
    }

    @AfterEach
    void remove() {
        network.close();
        ports.forEach(AfPacketPort::close);
        namespaces.close();
    }

    @Test
    void shouldFindNeighbourThatNobodyResolvedYet() {
        Await.until("the way to the neighbour", () -> lookup(NEIGHBOUR) == NextHops.UNRESOLVED);
        long slot = resolved(NEIGHBOUR);
        assertEquals(0, NextHops.port(slot));
        assertEquals(1500, NextHops.mtu(slot));
        assertEquals(
                TestNamespaces.parse(TestNamespaces.hardwareAddress(north, "n0")),
                Memory.getLongBe(slot) >>> 16);
        assertEquals(
                ports.get(0).hardwareAddress(), Memory.getLongBe(slot + 4) & 0xFFFF_FFFF_FFFFL);
        assertEquals("2001:db8:1::1", source(NEIGHBOUR));
    }

    @Test
    void shouldGoThroughLinkLocalRouterWithTheRoutesMtuAndSource() {
        assertEquals(NextHops.NO_ROUTE, lookup(BEYOND));
        route("add", "default", "via", ROUTER, "dev", "d0", "mtu", "1300");
        long slot = resolved(BEYOND);
        assertEquals(0, NextHops.port(slot));
        assertEquals(1300, NextHops.mtu(slot));
        route("replace", "default", "via", "2001:db8:2::2", "src", "2001:db8:1::1");
        Await.until("the other route", () -> NextHops.port(resolved(BEYOND)) == 1);
        assertEquals("2001:db8:1::1", source(BEYOND));
        route("add", "blackhole", "2001:db8:ffff::/48");
        Await.until("the black hole", () -> lookup(BEYOND) == NextHops.NO_ROUTE);
    }

    @Test
    void shouldLoseRouteWhenLinkGoesDown() {
        route("add", "default", "via", ROUTER, "dev", "d0");
        resolved(BEYOND);
        TestNamespaces.in(director, "ip", "link", "set", "d0", "down");
        Await.until("no way", () -> lookup(BEYOND) == NextHops.NO_ROUTE);
        assertEquals(NextHops.NO_ROUTE, lookup(NEIGHBOUR));
    }

    @Test
    void shouldTellTheHostsOwnAddressesAsTheyComeAndGo() {
        Await.until("the own address", () -> lookup("2001:db8:1::1") == NextHops.LOCAL);
        assertEquals(NextHops.LOCAL, lookup("::1"));
        assertEquals(NextHops.NO_ROUTE, lookup("ff02::1"));
        addAddress(director, "2001:db8:1::9/64", "d1");
        Await.until("one more", () -> lookup("2001:db8:1::9") == NextHops.LOCAL);
        assertEquals("d1", network.addresses().get(Lan.inet("2001:db8:1::9")));
        TestNamespaces.in(director, "ip", "addr", "del", "2001:db8:1::9/64", "dev", "d1");
        Await.until("one less", () -> lookup("2001:db8:1::9") != NextHops.LOCAL);
    }

    @Test
    void shouldHaveKernelManageNeighboursAndRouters() {
        network.keepResolved(List.of(Lan.inet(NEIGHBOUR)));
        Await.until("managed", () -> isManaged(NEIGHBOUR));
        TestNamespaces.in(director, "ip", "-6", "neigh", "flush", "all");
        TestNamespaces.in(director, "ip", "-6", "neigh", "del", NEIGHBOUR, "dev", "d0");
        Await.until("managed again", () -> isManaged(NEIGHBOUR));
        route("add", "default", "via", ROUTER, "dev", "d0");
        Await.until("router managed", () -> isManaged(ROUTER));
        network.keepResolved(List.of());
        Await.until("let go", () -> !isManaged(NEIGHBOUR));
    }

    private boolean isManaged(String neighbour) {
        return TestNamespaces.in(director, "ip", "-6", "neigh", "show", "dev", "d0")
                .lines()
                .anyMatch(line -> line.startsWith(neighbour + " ") && line.contains("managed"));
    }

    private void route(String... words) {
        List<String> command = new ArrayList<>(List.of("ip", "-6", "route"));
        command.addAll(List.of(words));
        TestNamespaces.in(director, command.toArray(String[]::new));
    }

    private long lookup(String destination) {
        return hops.lookup(Lan.high(destination), Lan.low(destination));
    }

    private String source(String destination) {
        long slot = hops.route(Lan.high(destination), Lan.low(destination));
        return Addresses.format(NextHops.sourceHigh(slot), NextHops.sourceLow(slot));
    }

    private long resolved(String destination) {
        // one look both times: after another it may be on its way to somewhere else
        long[] slot = {0};
        Await.until(
                "next hop of " + destination,
                () -> {
                    slot[0] = lookup(destination);
                    return slot[0] > 0;
                });
        return slot[0];
    }
}
