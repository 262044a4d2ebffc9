package dev.tandem.director.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Longest prefix match over the host's routes, immutable. As in a kernel without further policy
 * rules the local table is asked first, then main, then default. Among routes to one prefix the
 * lowest metric wins, the first of them when equal; routes whose next hop is down do not count (as
 * with the sysctl ignore_routes_with_linkdown), nor do those for one type of service only.
 */
final class RouteTable {
    private static final int[] TABLES = {Route.TABLE_LOCAL, Route.TABLE_MAIN, Route.TABLE_DEFAULT};

    static final RouteTable EMPTY = new RouteTable(List.of());

    /** The routes that count; what makes two tables equal. */
    private final Map<Long, Route> chosen = new HashMap<>();

    /** Per table: bit n is set when there is a prefix of length n. */
    private final long[] prefixLengths = new long[TABLES.length];

    private final Route[] routes;
    private final LongMap indexes;

    RouteTable(List<Route> all) {
        for (Route route : all) {
            int table = order(route.table());
            boolean down = route.type() == Route.TYPE_UNICAST && route.interfaceIndex() == 0;
            if (table >= 0 && route.typeOfService() == 0 && !down) {
                prefixLengths[table] |= 1L << route.prefixLength();
                chosen.merge(
                        key(table, route.prefixLength(), route.destination()),
                        route,
                        (earlier, later) -> later.metric() < earlier.metric() ? later : earlier);
            }
        }
        List<Route> ordered = new ArrayList<>();
        Map<Long, Long> positions = new HashMap<>();
        chosen.forEach((key, route) -> {
            positions.put(key, (long) ordered.size());
            ordered.add(route);
        });
        routes = ordered.toArray(Route[]::new);
        indexes = new LongMap(positions);
    }

    private static int order(int table) {
        for (int i = 0; i < TABLES.length; i++) {
            if (TABLES[i] == table) {
                return i;
            }
        }
        return -1;
    }

    private static long key(int table, int prefixLength, int network) {
        return ((long) table << 40) | ((long) prefixLength << 32) | (network & 0xFFFF_FFFFL);
    }

    /** Index of the unicast route to a destination, or -1. */
    int find(int destination) {
        for (int table = 0; table < TABLES.length; table++) {
            long lengths = prefixLengths[table];
            while (lengths != 0) {
                int length = 63 - Long.numberOfLeadingZeros(lengths);
                lengths &= ~(1L << length);
                long index = indexes.get(key(table, length, destination & Route.mask(length)));
                if (index != LongMap.MISSING) {
                    int type = routes[(int) index].type();
                    if (type == Route.TYPE_UNICAST) {
                        return (int) index;
                    }
                    if (type != Route.TYPE_THROW) {
                        return -1; // local, broadcast, blackhole, unreachable, prohibit
                    }
                    break; // on to the next table
                }
            }
        }
        return -1;
    }

    Route route(int index) {
        return routes[index];
    }

    /** All routes that count. */
    Collection<Route> all() {
        return chosen.values();
    }

    boolean sameAs(RouteTable other) {
        return chosen.equals(other.chosen);
    }
}
