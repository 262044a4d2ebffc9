package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final int LOCAL = 2;
    private static final int BLACKHOLE = 6;

    private static Route route(int table, String destination, int length, int type, int out) {
        return new Route(table, TestMessages.address(destination), length, 0, 0, type, out, 0, 0);
    }

    private static Route unicast(String destination, int length, int out) {
        return route(Route.TABLE_MAIN, destination, length, Route.TYPE_UNICAST, out);
    }

    /** The interface that the route leaves through, or -1. */
    private static int out(RouteTable table, String destination) {
        int index = table.find(TestMessages.address(destination));
        return index < 0 ? -1 : table.route(index).interfaceIndex();
    }

    @Test
    void shouldPreferLongestPrefix() {
        RouteTable table =
                new RouteTable(
                        List.of(
                                unicast("0.0.0.0", 0, 1),
                                unicast("10.0.0.0", 8, 2),
                                unicast("10.1.0.0", 16, 3),
                                unicast("10.1.2.3", 32, 4)));
        assertEquals(1, out(table, "192.0.2.1"));
        assertEquals(2, out(table, "10.200.0.1"));
        assertEquals(3, out(table, "10.1.2.4"));
        assertEquals(4, out(table, "10.1.2.3"));
    }

    @Test
    void shouldFindNothingWhenThereIsNoRoute() {
        assertEquals(-1, out(RouteTable.EMPTY, "10.0.0.1"));
        assertEquals(-1, out(new RouteTable(List.of(unicast("10.0.0.0", 8, 2))), "11.0.0.1"));
    }

    @Test
    void shouldNotRouteWhatIsLocalOrBlackholed() {
        RouteTable table =
                new RouteTable(
                        List.of(
                                unicast("0.0.0.0", 0, 1),
                                route(Route.TABLE_LOCAL, "10.0.0.1", 32, LOCAL, 1),
                                route(Route.TABLE_MAIN, "10.9.0.0", 16, BLACKHOLE, 0)));
        assertEquals(-1, out(table, "10.0.0.1"));
        assertEquals(-1, out(table, "10.9.8.7"));
        assertEquals(1, out(table, "10.0.0.2"));
    }

    @Test
    void shouldGoOnToDefaultTableWhenMainThrows() {
        RouteTable table =
                new RouteTable(
                        List.of(
                                unicast("0.0.0.0", 0, 1),
                                route(Route.TABLE_MAIN, "10.0.0.0", 8, Route.TYPE_THROW, 0),
                                route(Route.TABLE_DEFAULT, "0.0.0.0", 0, 1, 5)));
        assertEquals(5, out(table, "10.0.0.1"));
        assertEquals(1, out(table, "11.0.0.1"));
    }

    @Test
    void shouldPreferLowerMetricAndThenTheFirst() {
        Route[] routes = {
            new Route(254, 0, 0, 0, 200, 1, 1, 0, 0),
            new Route(254, 0, 0, 0, 100, 1, 2, 0, 0),
            new Route(254, 0, 0, 0, 100, 1, 3, 0, 0),
        };
        assertEquals(2, out(new RouteTable(List.of(routes)), "10.0.0.1"));
    }

    @Test
    void shouldFallBackWhenTheBetterRouteIsDown() {
        RouteTable table =
                new RouteTable(
                        List.of(
                                new Route(254, 0, 0, 0, 0, 1, 0, 0, 0),
                                new Route(254, 0, 0, 0, 100, 1, 3, 0, 0)));
        assertEquals(3, out(table, "10.0.0.1"));
    }

    @Test
    void shouldIgnoreOtherTablesAndTypesOfService() {
        RouteTable table =
                new RouteTable(
                        List.of(
                                route(100, "0.0.0.0", 0, 1, 1),
                                new Route(254, 0, 0, 0x10, 0, 1, 2, 0, 0)));
        assertEquals(-1, out(table, "10.0.0.1"));
    }

    @Test
    void shouldBeTheSameOnlyWhenWhatCountsIsTheSame() {
        RouteTable table = new RouteTable(List.of(unicast("10.0.0.0", 8, 2)));
        assertTrue(
                table.sameAs(
                        new RouteTable(
                                List.of(
                                        route(100, "0.0.0.0", 0, 1, 1),
                                        unicast("10.0.0.0", 8, 2)))));
        assertFalse(table.sameAs(new RouteTable(List.of(unicast("10.0.0.0", 8, 3)))));
    }

    @Test
    void shouldAgreeWithLinearSearch() {
        SplittableRandom random = new SplittableRandom(7);
        List<Route> routes = new ArrayList<>();
        for (int i = 1; i <= 2000; i++) {
            int length = random.nextInt(33);
            int network = random.nextInt() & Route.mask(length);
            routes.add(new Route(254, network, length, 0, 0, 1, i, 0, 0));
        }
        RouteTable table = new RouteTable(routes);
        for (int i = 0; i < 20_000; i++) {
            int destination = random.nextInt();
            int expected = -1;
            int longest = -1;
            for (Route route : routes) {
                if (route.prefixLength() > longest
                        && (destination & Route.mask(route.prefixLength()))
                                == route.destination()) {
                    longest = route.prefixLength();
                    expected = route.interfaceIndex();
                }
            }
            int index = table.find(destination);
            assertEquals(expected, index < 0 ? -1 : table.route(index).interfaceIndex());
        }
    }
}
