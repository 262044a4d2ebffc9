package dev.tandem.director.route;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The host's links, addresses, neighbours and routes as told by rtnetlink messages, and the view
 * made from them. One thread changes it; any thread reads {@link #view}, {@link #links} and {@link
 * #addresses}.
 *
 * <p>Links and neighbours follow each message. For routes a message only says that they changed
 * ({@link #routesChanged}): the kernel drops the routes of a link that went down, or of an address
 * that was removed, without saying so, so only asking again gives the truth.
 */
final class HostState {
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<Long, Neighbour> neighbours = new HashMap<>();
    private final Map<InetAddress, Integer> addresses = new HashMap<>();
    private RouteTable routes = RouteTable.EMPTY;
    private boolean viewChanged = true;
    private boolean routesChanged = true;

    private volatile View view = new View(1, List.of(), RouteTable.EMPTY, new LongMap(Map.of()));
    private volatile Map<String, Link> linksByName = Map.of();
    private volatile Map<InetAddress, String> addressHolders = Map.of();

    View view() {
        return view;
    }

    Map<String, Link> links() {
        return linksByName;
    }

    Map<InetAddress, String> addresses() {
        return addressHolders;
    }

    /** Takes in one message; what is none of our concern is passed over. */
    void onMessage(int type, ByteBuffer buffer, int from, int end) {
        switch (type) {
            case Rtnetlink.RTM_NEWLINK, Rtnetlink.RTM_DELLINK -> {
                @Nullable Link link = MessageParser.link(buffer, from, end);
                if (link != null) {
                    onLink(link, type == Rtnetlink.RTM_DELLINK);
                }
            }
            case Rtnetlink.RTM_NEWADDR, Rtnetlink.RTM_DELADDR -> {
                MessageParser.@Nullable HostAddress address =
                        MessageParser.address(buffer, from, end);
                if (address != null) {
                    onAddress(address, type == Rtnetlink.RTM_DELADDR);
                }
            }
            case Rtnetlink.RTM_NEWNEIGH, Rtnetlink.RTM_DELNEIGH -> {
                @Nullable Neighbour neighbour = MessageParser.neighbour(buffer, from, end);
                if (neighbour != null) {
                    onNeighbour(neighbour, type == Rtnetlink.RTM_DELNEIGH);
                }
            }
            case Rtnetlink.RTM_NEWROUTE, Rtnetlink.RTM_DELROUTE -> routesChanged = true;
            default -> {}
        }
    }

    private void onLink(Link link, boolean deleted) {
        @Nullable Link before =
                deleted ? links.remove(link.index()) : links.put(link.index(), link);
        if (deleted || !link.equals(before)) {
            viewChanged = true;
            routesChanged = true;
        }
    }

    private void onAddress(MessageParser.HostAddress address, boolean deleted) {
        if (deleted) {
            addresses.remove(address.address(), address.interfaceIndex());
        } else {
            addresses.put(address.address(), address.interfaceIndex());
        }
        routesChanged = true;
    }

    private void onNeighbour(Neighbour neighbour, boolean deleted) {
        long key = neighbour.key();
        @Nullable Neighbour before =
                deleted ? neighbours.remove(key) : neighbours.put(key, neighbour);
        long addressBefore = before != null && before.usable() ? before.hardwareAddress() : 0;
        long addressNow = !deleted && neighbour.usable() ? neighbour.hardwareAddress() : 0;
        viewChanged |= addressBefore != addressNow;
    }

    /** Whether the routes must be read again. */
    boolean routesChanged() {
        return routesChanged;
    }

    /** Puts in all routes, as just read. */
    void replaceRoutes(List<Route> all) {
        RouteTable now = new RouteTable(all);
        routesChanged = false;
        if (!now.sameAs(routes)) {
            routes = now;
            viewChanged = true;
        }
    }

    /** Forgets links, addresses and neighbours, before they are read again. */
    void forget() {
        links.clear();
        addresses.clear();
        neighbours.clear();
        viewChanged = true;
        routesChanged = true;
    }

    @Nullable Neighbour neighbour(long key) {
        return neighbours.get(key);
    }

    RouteTable routes() {
        return routes;
    }

    /**
     * Shows the present state to other threads. A new view only when something differs that a
     * packet would notice.
     */
    void publish() {
        Map<String, Link> byName = new HashMap<>();
        links.values().forEach(link -> byName.put(link.name(), link));
        linksByName = Map.copyOf(byName);
        Map<InetAddress, String> holders = new HashMap<>();
        addresses.forEach((address, index) -> {
            @Nullable Link link = links.get(index);
            holders.put(address, link == null ? "interface " + index : link.name());
        });
        addressHolders = Map.copyOf(holders);
        if (viewChanged) {
            viewChanged = false;
            Map<Long, Long> usable = new HashMap<>();
            neighbours.forEach((key, neighbour) -> {
                if (neighbour.usable()) {
                    usable.put(key, neighbour.hardwareAddress());
                }
            });
            view =
                    new View(
                            view.generation() + 1,
                            List.copyOf(links.values()),
                            routes,
                            new LongMap(usable));
        }
    }

    /** Names of links whose usability differs between two moments, and whether they are usable. */
    static Map<String, Boolean> usabilityChanges(
            Map<String, Link> before, Map<String, Link> after) {
        Map<String, Boolean> changes = new HashMap<>();
        Collection<String> names = new ArrayList<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            boolean was = usable(before.get(name));
            boolean is = usable(after.get(name));
            if (was != is) {
                changes.put(name, is);
            }
        }
        return changes;
    }

    private static boolean usable(@Nullable Link link) {
        return link != null && link.usable();
    }
}
