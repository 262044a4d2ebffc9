package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.io.Memory;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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

    private final HostState state = new HostState();
    private final List<Long> asked = new ArrayList<>();
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
                        new Route(254, TestMessages.address("10.0.0.0"), 24, 0, 0, 1, 7, 0, 0),
                        new Route(
                                254,
                                TestMessages.address("10.5.0.0"),
                                16,
                                0,
                                0,
                                1,
                                7,
                                TestMessages.address(SERVER),
                                1280),
                        new Route(254, TestMessages.address("10.6.0.0"), 16, 0, 0, 1, 8, 0, 0)));
        state.publish();
    }

    private void receive(int type, TestMessages message) {
        ByteBuffer buffer = message.buffer();
        state.onMessage(type, buffer, 0, message.length());
    }

    private void neighbour(int neighbourState, long hardwareAddress) {
        receive(
                Rtnetlink.RTM_NEWNEIGH,
                TestMessages.neighbour(7, neighbourState)
                        .address(1, SERVER)
                        .hardwareAddress(2, hardwareAddress));
        state.publish();
    }

    private long lookup(String destination) {
        return hops.lookup(TestMessages.address(destination));
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
        assertEquals(List.of(Neighbour.key(7, TestMessages.address(SERVER))), asked);
    }

    @Test
    void shouldNotAskForMoreThanSomeHundredNeighboursAtOnce() {
        for (int i = 1; i < 255; i++) {
            lookup("10.0.0." + i);
        }
        state.replaceRoutes(
                List.of(new Route(254, TestMessages.address("10.0.0.0"), 8, 0, 0, 1, 7, 0, 0)));
        state.publish();
        for (int i = 1; i < 10_000; i++) {
            hops.lookup(TestMessages.address("10.7.0.0") + i);
        }
        assertTrue(asked.size() <= 512, "asked " + asked.size()); // a second may have gone by
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
        state.replaceRoutes(new ArrayList<>(state.routes().all()));
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
        int gatewayed = TestMessages.address("10.5.0.0");
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200_000; i++) {
                hops.lookup(gatewayed + (i & 0xFFFF));
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
    }
}
