package dev.tandem.director.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Longest prefix match over the host's routes of one address family, immutable. As in a kernel
 * without further policy rules the local table is asked first, then main, then (IPv4 only) default.
 * Among routes to one prefix the lowest metric wins, the first of them when equal; routes whose
 * next hop is down do not count (as with the sysctl ignore_routes_with_linkdown), nor do those for
 * one type of service only.
 */
final class RouteTable {
    /** What {@link #find} answers when nothing leads there. */
    static final int NONE = -1;

    /** What it answers for an address of this host. */
    static final int LOCAL = -2;

    private static final int[] TABLES = {Route.TABLE_LOCAL, Route.TABLE_MAIN, Route.TABLE_DEFAULT};

    static final RouteTable EMPTY_IPV4 = new RouteTable(false, List.of());
    static final RouteTable EMPTY_IPV6 = new RouteTable(true, List.of());

    /** The routes that count; what makes two tables equal. */
    private final Map<AddressMap.Key, Route> chosen = new HashMap<>();

    /** Per table: the lengths of its prefixes among 128 bits, the longest first. */
    private final int[][] prefixLengths;

    private final Route[] routes;
    private final AddressMap indexes;

    /** Takes the routes of that family out of all. */
    RouteTable(boolean ipv6, List<Route> all) {
        int tables = ipv6 ? 2 : TABLES.length;
        List<TreeSet<Integer>> lengths = new ArrayList<>();
        for (int table = 0; table < tables; table++) {
            lengths.add(new TreeSet<>());
        }
        for (Route route : all) {
            int table = order(route.table());
            boolean down = route.type() == Route.TYPE_UNICAST && route.interfaceIndex() == 0;
            IpAddress network = route.destination();
            if (network.ipv6() == ipv6
                    && table >= 0
                    && table < tables
                    && route.typeOfService() == 0
                    && !down) {
                int length = route.prefixLength() + 128 - network.bits();
                lengths.get(table).add(length);
                chosen.merge(
                        new AddressMap.Key(scope(table, length), network.high(), network.low()),
                        route,
                        (earlier, later) -> later.metric() < earlier.metric() ? later : earlier);
            }
        }
        prefixLengths =
                lengths.stream()
                        .map(set ->
                                set.descendingSet().stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new);
        List<Route> ordered = new ArrayList<>();
        Map<AddressMap.Key, Long> positions = new HashMap<>();
        chosen.forEach((key, route) -> {
            positions.put(key, (long) ordered.size());
            ordered.add(route);
        });
        routes = ordered.toArray(Route[]::new);
        indexes = new AddressMap(positions);
    }

    private static int order(int table) {
        for (int i = 0; i < TABLES.length; i++) {
            if (TABLES[i] == table) {
                return i;
            }
        }
        return -1;
    }

    private static long scope(int table, int prefixLength) {
        return (long) table << 8 | prefixLength;
    }

    /**
     * Index of the unicast route to a destination of the table's family, {@link #NONE} or {@link
     * #LOCAL}.
     */
    int find(long high, long low) {
        for (int table = 0; table < prefixLengths.length; table++) {
            int[] lengths = prefixLengths[table];
            for (int i = 0; i < lengths.length; i++) {
                int length = lengths[i];
                long index =
                        indexes.get(
                                scope(table, length),
                                high & IpAddress.highMask(length),
                                low & IpAddress.lowMask(length));
                if (index != AddressMap.MISSING) {
                    int type = routes[(int) index].type();
                    if (type == Route.TYPE_UNICAST) {
                        return (int) index;
                    }
                    if (type == Route.TYPE_LOCAL) {
                        return LOCAL;
                    }
                    if (type != Route.TYPE_THROW) {
                        return NONE; // broadcast, multicast, blackhole, unreachable, prohibit
                    }
                    break; // on to the next table
                }
            }
        }
        return NONE;
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
