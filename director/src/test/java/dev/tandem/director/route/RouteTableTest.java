package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final int BROADCAST = 3;
    private static final int BLACKHOLE = 6;

    private static Route route(int table, String destination, int length, int type, int out) {
        return new Route(
                table, TestMessages.ip(destination), length, 0, 0, type, out, null, 0, null);
    }

    private static Route ranked(int typeOfService, long metric, int out) {
        return new Route(254, IpAddress.ipv4(0), 0, typeOfService, metric, 1, out, null, 0, null);
    }

    private static RouteTable ipv4(Route... routes) {
        return new RouteTable(false, List.of(routes));
    }

    private static Route unicast(String destination, int length, int out) {
        return route(Route.TABLE_MAIN, destination, length, Route.TYPE_UNICAST, out);
    }

    /** The interface that the route leaves through, or what find answered. */
    private static int out(RouteTable table, String destination) {
        IpAddress address = TestMessages.ip(destination);
        int index = table.find(address.high(), address.low());
        return index < 0 ? index : table.route(index).interfaceIndex();
    }

    @Test
    void shouldPreferLongestPrefix() {
        RouteTable table =
                ipv4(
                        unicast("0.0.0.0", 0, 1),
                        unicast("10.0.0.0", 8, 2),
                        unicast("10.1.0.0", 16, 3),
                        unicast("10.1.2.3", 32, 4));
        assertEquals(1, out(table, "192.0.2.1"));
        assertEquals(2, out(table, "10.200.0.1"));
        assertEquals(3, out(table, "10.1.2.4"));
        assertEquals(4, out(table, "10.1.2.3"));
    }

    @Test
    void shouldPreferLongestIpv6PrefixOnBothSidesOfTheMiddle() {
        List<Route> routes =
                List.of(
                        unicast("::", 0, 1),
                        unicast("2001:db8::", 32, 2),
                        unicast("2001:db8:0:1::", 64, 3),
                        unicast("2001:db8:0:1:8000::", 65, 4),
                        unicast("2001:db8:0:1::5", 128, 5),
                        unicast("10.0.0.0", 8, 6));
        RouteTable table = new RouteTable(true, routes);
        assertEquals(1, out(table, "2001:db9::1"));
        assertEquals(2, out(table, "2001:db8:1::1"));
        assertEquals(3, out(table, "2001:db8:0:1::6"));
        assertEquals(4, out(table, "2001:db8:0:1:8000::5"));
        assertEquals(5, out(table, "2001:db8:0:1::5"));
        assertEquals(6, out(new RouteTable(false, routes), "10.0.0.1"));
        assertEquals(RouteTable.NONE, out(new RouteTable(false, routes), "11.0.0.1"));
    }

    @Test
    void shouldFindNothingWhenThereIsNoRoute() {
        assertEquals(RouteTable.NONE, out(RouteTable.EMPTY_IPV4, "10.0.0.1"));
        assertEquals(RouteTable.NONE, out(RouteTable.EMPTY_IPV6, "2001:db8::1"));
        assertEquals(RouteTable.NONE, out(ipv4(unicast("10.0.0.0", 8, 2)), "11.0.0.1"));
    }

    @Test
    void shouldNotRouteWhatIsLocalOrBlackholed() {
        RouteTable table =
                ipv4(
                        unicast("0.0.0.0", 0, 1),
                        route(Route.TABLE_LOCAL, "10.0.0.1", 32, Route.TYPE_LOCAL, 1),
                        route(Route.TABLE_LOCAL, "10.0.0.255", 32, BROADCAST, 1),
                        route(Route.TABLE_MAIN, "10.9.0.0", 16, BLACKHOLE, 0));
        assertEquals(RouteTable.LOCAL, out(table, "10.0.0.1"));
        assertEquals(RouteTable.NONE, out(table, "10.0.0.255"));
        assertEquals(RouteTable.NONE, out(table, "10.9.8.7"));
        assertEquals(1, out(table, "10.0.0.2"));
    }

    @Test
    void shouldGoOnToDefaultTableWhenMainThrowsButNotForIpv6() {
        RouteTable table =
                ipv4(
                        unicast("0.0.0.0", 0, 1),
                        route(Route.TABLE_MAIN, "10.0.0.0", 8, Route.TYPE_THROW, 0),
                        route(Route.TABLE_DEFAULT, "0.0.0.0", 0, 1, 5));
        assertEquals(5, out(table, "10.0.0.1"));
        assertEquals(1, out(table, "11.0.0.1"));
        RouteTable ipv6 = new RouteTable(true, List.of(route(Route.TABLE_DEFAULT, "::", 0, 1, 5)));
        assertEquals(RouteTable.NONE, out(ipv6, "2001:db8::1"));
    }

    @Test
    void shouldPreferLowerMetricAndThenTheFirst() {
        RouteTable table = ipv4(ranked(0, 200, 1), ranked(0, 100, 2), ranked(0, 100, 3));
        assertEquals(2, out(table, "10.0.0.1"));
    }

    @Test
    void shouldFallBackWhenTheBetterRouteIsDown() {
        assertEquals(3, out(ipv4(ranked(0, 0, 0), ranked(0, 100, 3)), "10.0.0.1"));
    }

    @Test
    void shouldIgnoreOtherTablesAndTypesOfService() {
        RouteTable table = ipv4(route(100, "0.0.0.0", 0, 1, 1), ranked(0x10, 0, 2));
        assertEquals(RouteTable.NONE, out(table, "10.0.0.1"));
    }

    @Test
    void shouldBeTheSameOnlyWhenWhatCountsIsTheSame() {
        RouteTable table = ipv4(unicast("10.0.0.0", 8, 2));
        assertTrue(table.sameAs(ipv4(route(100, "0.0.0.0", 0, 1, 1), unicast("10.0.0.0", 8, 2))));
        assertFalse(table.sameAs(ipv4(unicast("10.0.0.0", 8, 3))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAgreeWithLinearSearch(boolean ipv6) {
        SplittableRandom random = new SplittableRandom(7);
        List<Route> routes = new ArrayList<>();
        for (int i = 1; i <= 2000; i++) {
            IpAddress address = anyAddress(random, ipv6);
            int length = random.nextInt(address.bits() + 1);
            routes.add(new Route(254, address.network(length), length, 0, 0, 1, i, null, 0, null));
        }
        RouteTable table = new RouteTable(ipv6, routes);
        for (int i = 0; i < 20_000; i++) {
            IpAddress destination =
                    i % 2 == 0
                            ? anyAddress(random, ipv6)
                            : routes.get(random.nextInt(routes.size())).destination();
            int expected = RouteTable.NONE;
            int longest = -1;
            for (Route route : routes) {
                if (route.prefixLength() > longest
                        && destination.network(route.prefixLength()).equals(route.destination())) {
                    longest = route.prefixLength();
                    expected = route.interfaceIndex();
                }
            }
            int index = table.find(destination.high(), destination.low());
            assertEquals(expected, index < 0 ? index : table.route(index).interfaceIndex());
        }
    }

    private static IpAddress anyAddress(SplittableRandom random, boolean ipv6) {
        return ipv6
                ? new IpAddress(true, random.nextLong(), random.nextLong())
                : IpAddress.ipv4(random.nextInt());
    }
}
