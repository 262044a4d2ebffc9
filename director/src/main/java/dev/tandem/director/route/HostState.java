package dev.tandem.director.route;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final Map<Neighbour.Key, Neighbour> neighbours = new HashMap<>();

    /** In the order in which they came: the first of an interface is preferred as a source. */
    private final Map<Holding, HostAddress> addresses = new LinkedHashMap<>();

    private RouteTable ipv4 = RouteTable.EMPTY_IPV4;
    private RouteTable ipv6 = RouteTable.EMPTY_IPV6;
    private boolean viewChanged = true;
    private boolean routesChanged = true;

    private volatile View view = View.EMPTY;
    private volatile Map<String, Link> linksByName = Map.of();
    private volatile Map<InetAddress, String> addressHolders = Map.of();
    private volatile List<HostAddress> hostAddresses = List.of();

    /** The same address may be on several interfaces. */
    private record Holding(IpAddress address, int interfaceIndex) {}

    View view() {
        return view;
    }

    Map<String, Link> links() {
        return linksByName;
    }

    Map<InetAddress, String> addresses() {
        return addressHolders;
    }

    /** See {@link HostNetwork#addressBeside}. */
    Optional<OwnAddress> addressBeside(IpAddress neighbour, List<String> interfaceNames) {
        Map<String, Link> byName = linksByName;
        List<HostAddress> all = hostAddresses;
        return interfaceNames.stream()
                .filter(byName::containsKey)
                .flatMap(name -> {
                    int index = Objects.requireNonNull(byName.get(name)).index();
                    return all.stream()
                            .filter(own -> own.interfaceIndex() == index && own.usable())
                            .filter(own -> own.isBeside(neighbour))
                            .map(own -> new OwnAddress(own.address().toInetAddress(), name));
                })
                .findFirst();
    }

    /** Takes in one message; what is none of our concern is passed over. */
    void onMessage(int type, ByteBuffer buffer, int from, int end) {
        switch (type) {
            case Rtnetlink.RTM_NEWLINK, Rtnetlink.RTM_DELLINK -> {
                @Nullable Link link = MessageParser.link(buffer, from, end);
                if (link != null) {
                    onLink(link, type == Rtnetlink.RTM_DELLINK);
                } else {
                    onIpv6Mtu(
                            MessageParser.interfaceOfIpv6(buffer, from, end),
                            MessageParser.ipv6Mtu(buffer, from, end));
                }
            }
            case Rtnetlink.RTM_NEWADDR, Rtnetlink.RTM_DELADDR -> {
                @Nullable HostAddress address = MessageParser.address(buffer, from, end);
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

    /** A router on the link told another MTU for IPv6. */
    private void onIpv6Mtu(int interfaceIndex, int mtu) {
        @Nullable Link link = links.get(interfaceIndex);
        if (link != null && mtu > 0 && link.ipv6Mtu() != mtu) {
            links.put(interfaceIndex, link.withIpv6Mtu(mtu));
            viewChanged = true;
        }
    }

    private void onAddress(HostAddress address, boolean deleted) {
        Holding holding = new Holding(address.address(), address.interfaceIndex());
        @Nullable HostAddress before =
                deleted ? addresses.remove(holding) : addresses.put(holding, address);
        viewChanged |= deleted ? before != null : !address.equals(before);
        routesChanged = true;
    }

    private void onNeighbour(Neighbour neighbour, boolean deleted) {
        @Nullable Neighbour before =
                deleted
                        ? neighbours.remove(neighbour.key())
                        : neighbours.put(neighbour.key(), neighbour);
        long addressBefore = before != null && before.usable() ? before.hardwareAddress() : 0;
        long addressNow = !deleted && neighbour.usable() ? neighbour.hardwareAddress() : 0;
        viewChanged |= addressBefore != addressNow;
    }

    /** Whether the routes must be read again. */
    boolean routesChanged() {
        return routesChanged;
    }

    /** Puts in all routes of both families, as just read. */
    void replaceRoutes(List<Route> all) {
        RouteTable nowIpv4 = new RouteTable(false, all);
        RouteTable nowIpv6 = new RouteTable(true, all);
        routesChanged = false;
        if (!nowIpv4.sameAs(ipv4) || !nowIpv6.sameAs(ipv6)) {
            ipv4 = nowIpv4;
            ipv6 = nowIpv6;
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

    @Nullable Neighbour neighbour(Neighbour.Key key) {
        return neighbours.get(key);
    }

    RouteTable ipv4() {
        return ipv4;
    }

    RouteTable ipv6() {
        return ipv6;
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
        for (Holding holding : addresses.keySet()) {
            @Nullable Link link = links.get(holding.interfaceIndex());
            holders.put(
                    holding.address().toInetAddress(),
                    link == null ? "interface " + holding.interfaceIndex() : link.name());
        }
        addressHolders = Map.copyOf(holders);
        hostAddresses = List.copyOf(addresses.values());
        if (viewChanged) {
            viewChanged = false;
            Map<AddressMap.Key, Long> usable = new HashMap<>();
            neighbours.forEach((key, neighbour) -> {
                if (neighbour.usable()) {
                    usable.put(key.inMap(), neighbour.hardwareAddress());
                }
            });
            view =
                    new View(
                            view.generation() + 1,
                            List.copyOf(links.values()),
                            ipv4,
                            ipv6,
                            new AddressMap(usable),
                            new SourceAddresses(List.copyOf(addresses.values())));
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
