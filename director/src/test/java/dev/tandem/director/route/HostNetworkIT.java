package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.testing.Lan;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** director d0 10.9.1.1/24 -- n0 10.9.1.2, .3; d1 10.9.2.1/24 -- m0 10.9.2.2. */
@Tag("netns")
@Timeout(60)
class HostNetworkIT {
    private static final int NEIGHBOUR = 0x0A090102;
    private static final int GATEWAY = 0x0A090103;
    private static final int BEYOND = 0x0A0A0A0A;

    private final TestNamespaces namespaces = new TestNamespaces();
    private final List<AfPacketPort> ports = new ArrayList<>();
    private String director = "";
    private String north = "";
    private String south = "";
    private HostNetwork network;
    private NextHops hops;

    @BeforeEach
    void build() throws Exception {
        director = namespaces.add("d");
        north = namespaces.add("n");
        south = namespaces.add("m");
        namespaces.connect(director, "d0", north, "n0");
        namespaces.connect(director, "d1", south, "m0");
        TestNamespaces.in(director, "ip", "addr", "add", "10.9.1.1/24", "dev", "d0");
        TestNamespaces.in(director, "ip", "addr", "add", "10.9.2.1/24", "dev", "d1");
        TestNamespaces.in(north, "ip", "addr", "add", "10.9.1.2/24", "dev", "n0");
        TestNamespaces.in(north, "ip", "addr", "add", "10.9.1.3/24", "dev", "n0");
        TestNamespaces.in(south, "ip", "addr", "add", "10.9.2.2/24", "dev", "m0");
        network = TestNamespaces.call(director, HostNetwork::open);
        for (String device : List.of("d0", "d1")) {
            int index = ports.size();
            AfPacketPort.RingSlots slots = new AfPacketPort.RingSlots(512, 15);
            ports.add(TestNamespaces.call(director, () -> AfPacketPort.open(device, index, slots)));
        }
        hops = network.nextHops(ports);
    }

    @AfterEach
    void remove() {
        network.close();
        ports.forEach(AfPacketPort::close);
        namespaces.close();
    }

    @Test
    void shouldFindNeighbourThatNobodyResolvedYet() {
        assertEquals(NextHops.UNRESOLVED, hops.lookup(NEIGHBOUR));
        long slot = resolved(NEIGHBOUR);
        assertEquals(0, NextHops.port(slot));
        assertEquals(1500, NextHops.mtu(slot));
        assertEquals(hardwareAddress(north, "n0"), Memory.getLongBe(slot) >>> 16);
        assertEquals(
                ports.get(0).hardwareAddress(), Memory.getLongBe(slot + 4) & 0xFFFF_FFFF_FFFFL);
    }

    @Test
    void shouldFollowNeighbourWhenItsHardwareAddressChanges() {
        resolved(NEIGHBOUR);
        long generation = hops.generation();
        TestNamespaces.in(
                director,
                "ip",
                "neigh",
                "replace",
                "10.9.1.2",
                "lladdr",
                "02:00:00:00:00:77",
                "dev",
                "d0",
                "nud",
                "reachable");
        await(() -> Memory.getLongBe(resolved(NEIGHBOUR)) >>> 16 == 0x0200_0000_0077L);
        assertTrue(hops.generation() > generation);
    }

    @Test
    void shouldKeepGenerationWhenNeighbourOnlyChangesState() {
        resolved(NEIGHBOUR);
        TestNamespaces.in(
                director,
                "ip",
                "neigh",
                "change",
                "10.9.1.2",
                "dev",
                "d0",
                "lladdr",
                TestNamespaces.hardwareAddress(north, "n0"),
                "nud",
                "stale");
        long generation = hops.generation();
        TestNamespaces.in(
                director,
                "ip",
                "neigh",
                "change",
                "10.9.1.2",
                "dev",
                "d0",
                "lladdr",
                TestNamespaces.hardwareAddress(north, "n0"),
                "nud",
                "reachable");
        // a change that we do see, sent after the one that must make no difference
        TestNamespaces.in(director, "ip", "link", "set", "d1", "mtu", "1400");
        await(() -> network.links().values().stream().anyMatch(link -> link.mtu() == 1400));
        assertEquals(generation + 1, hops.generation());
    }

    @Test
    void shouldFollowRouteWhenItChanges() {
        assertEquals(NextHops.NO_ROUTE, hops.lookup(BEYOND));
        TestNamespaces.in(
                director, "ip", "route", "add", "default", "via", "10.9.1.3", "mtu", "1300");
        await(() -> hops.lookup(BEYOND) != NextHops.NO_ROUTE);
        long slot = resolved(BEYOND);
        assertEquals(0, NextHops.port(slot));
        assertEquals(1300, NextHops.mtu(slot));
        TestNamespaces.in(director, "ip", "route", "replace", "default", "via", "10.9.2.2");
        await(() -> NextHops.port(resolved(BEYOND)) == 1);
        TestNamespaces.in(director, "ip", "route", "add", "blackhole", "10.10.0.0/16");
        await(() -> hops.lookup(BEYOND) == NextHops.NO_ROUTE);
    }

    @Test
    void shouldLoseRouteWhenLinkGoesDownAndSayNothingOfIt() {
        TestNamespaces.in(director, "ip", "route", "add", "default", "via", "10.9.1.3");
        resolved(BEYOND);
        TestNamespaces.in(director, "ip", "link", "set", "d0", "down");
        await(() -> hops.lookup(BEYOND) == NextHops.NO_ROUTE);
        assertEquals(NextHops.NO_ROUTE, hops.lookup(NEIGHBOUR));
    }

    @Test
    void shouldTakeFirstLiveNextHopWhenRouteHasSeveral() {
        TestNamespaces.in(
                director,
                "ip",
                "route",
                "add",
                "default",
                "nexthop",
                "via",
                "10.9.1.3",
                "dev",
                "d0",
                "nexthop",
                "via",
                "10.9.2.2",
                "dev",
                "d1");
        await(() -> hops.lookup(BEYOND) != NextHops.NO_ROUTE);
        assertEquals(0, NextHops.port(resolved(BEYOND)));
        TestNamespaces.in(north, "ip", "link", "set", "n0", "down"); // takes d0's carrier
        await(() -> NextHops.port(resolved(BEYOND)) == 1);
    }

    @Test
    void shouldNotRouteToTheHostItselfNorToBroadcasts() {
        for (String address : List.of("10.9.1.1", "127.0.0.1")) {
            assertEquals(NextHops.LOCAL, hops.lookup(Lan.address(address)), address);
        }
        for (String address : List.of("10.9.1.255", "224.0.0.81")) {
            assertEquals(NextHops.NO_ROUTE, hops.lookup(Lan.address(address)), address);
        }
    }

    @Test
    void shouldHaveKernelManageNeighboursThatAreKept() {
        network.keepResolved(List.of(Addresses.toInetAddress(NEIGHBOUR)));
        await(() -> neighbours("d0").contains("10.9.1.2") && neighbours("d0").contains("managed"));
        resolved(NEIGHBOUR);
        TestNamespaces.in(director, "ip", "neigh", "flush", "all");
        TestNamespaces.in(director, "ip", "neigh", "del", "10.9.1.2", "dev", "d0");
        await(() -> neighbours("d0").contains("managed"));
        network.keepResolved(List.of());
        await(() -> !neighbours("d0").contains("managed"));
    }

    @Test
    void shouldKeepGatewaysOfServedInterfaces() {
        TestNamespaces.in(director, "ip", "route", "add", "default", "via", "10.9.1.3");
        await(() -> neighbours("d0").contains("10.9.1.3") && neighbours("d0").contains("managed"));
    }

    @Test
    void shouldLeavePermanentNeighbourAlone() {
        TestNamespaces.in(
                director,
                "ip",
                "neigh",
                "add",
                "10.9.1.2",
                "lladdr",
                "02:00:00:00:00:88",
                "dev",
                "d0",
                "nud",
                "permanent");
        await(() -> hops.lookup(NEIGHBOUR) > 0);
        network.keepResolved(
                List.of(Addresses.toInetAddress(NEIGHBOUR), Addresses.toInetAddress(GATEWAY)));
        await(() -> neighbours("d0").contains("managed"));
        assertTrue(neighbours("d0").contains("02:00:00:00:00:88 PERMANENT"), neighbours("d0"));
    }

    @Test
    void shouldTellListenerWhenCarrierComesAndGoes() {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        network.addLinkListener((name, up) -> told.add(name + " " + up));
        TestNamespaces.in(south, "ip", "link", "set", "m0", "down");
        await(() -> told.contains("d1 false"));
        TestNamespaces.in(south, "ip", "link", "set", "m0", "up");
        await(() -> told.contains("d1 true"));
        TestNamespaces.in(director, "ip", "link", "del", "d1");
        await(() -> told.size() == 3);
        assertEquals("d1 false", told.getLast());
        assertFalse(network.links().containsKey("d1"));
    }

    @Test
    void shouldKnowTheHostsAddresses() throws Exception {
        InetAddress added = InetAddress.getByName("10.9.9.9");
        assertEquals("d0", network.addresses().get(InetAddress.getByName("10.9.1.1")));
        TestNamespaces.in(director, "ip", "addr", "add", "10.9.9.9/32", "dev", "d1");
        await(() -> "d1".equals(network.addresses().get(added)));
        TestNamespaces.in(director, "ip", "addr", "del", "10.9.9.9/32", "dev", "d1");
        await(() -> !network.addresses().containsKey(added));
    }

    @Test
    void shouldTellTheSourceThatTheHostWouldSendFrom() {
        TestNamespaces.in(director, "ip", "route", "add", "10.10.0.0/16", "via", "10.9.1.3");
        await(() -> hops.route(BEYOND) > 0);
        assertEquals(Lan.low("10.9.1.1"), NextHops.sourceLow(hops.route(BEYOND)));
        TestNamespaces.in(director, "ip", "addr", "add", "10.9.9.9/32", "dev", "d1");
        TestNamespaces.in(
                director,
                "ip",
                "route",
                "replace",
                "10.10.0.0/16",
                "via",
                "10.9.1.3",
                "src",
                "10.9.9.9");
        await(() -> NextHops.sourceLow(hops.route(BEYOND)) == Lan.low("10.9.9.9"));
    }

    private String neighbours(String device) {
        return TestNamespaces.in(director, "ip", "neigh", "show", "dev", device);
    }

    private long resolved(int destination) {
        // one look both times: after another it may be on its way to somewhere else
        long[] slot = {0};
        await(() -> {
            slot[0] = hops.lookup(destination);
            return slot[0] > 0;
        });
        return slot[0];
    }

    private static long hardwareAddress(String name, String device) {
        return TestNamespaces.parse(TestNamespaces.hardwareAddress(name, device));
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "time is up");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
