package dev.tandem.director.route;

import dev.tandem.director.io.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker's next hops: a direct-mapped cache in front of the present {@link View}. Neither hit nor
 * miss allocates; a miss costs one probe per length of prefix that the host has routes for.
 *
 * <p>A slot is one cache line, a next hop followed by
 *
 * <pre>
 *  32  s64  destination, high half
 *  40  s64  destination, low half
 *  48  s64  generation of the view that it was made from
 *  56  u32  bit 0: the destination is IPv6; the rest: one of the constants of what was found
 * </pre>
 */
final class CachedNextHops implements NextHops {
    private static final int SLOT_LENGTH = 64;
    private static final int SLOTS_LOG2 = 14;
    private static final int HIGH_OFFSET = 32;
    private static final int LOW_OFFSET = 40;
    private static final int GENERATION_OFFSET = 48;
    private static final int FOUND_OFFSET = 56;

    private static final int IPV6 = 1;
    private static final int FOUND_NOTHING = 2;
    private static final int FOUND_OURSELVES = 4;

    /** A way out, but not the neighbour's hardware address. */
    private static final int FOUND_ROUTE = 6;

    private static final int FOUND_NEIGHBOUR = 8;

    /** What every link that carries IPv6 takes (RFC 8200 section 5). */
    private static final int IPV6_MINIMUM_MTU = 1280;

    private final Supplier<View> views;
    private final int[] interfaceIndexes;
    private final NeighbourQueries queries;

    /** The IPv4 route that was last prepared for, and its router known in that generation. */
    private int readyRoute = RouteTable.NONE;

    private long readyGeneration;

    /** Held so that the memory lives as long as this does. */
    private final MemorySegment memory =
            Arena.ofAuto().allocate((long) SLOT_LENGTH << SLOTS_LOG2, 64);

    private final long slots = memory.address();

    /**
     * @param interfaceIndexes of the worker's ports, by the port's index
     * @param ask where to ask the kernel for a neighbour
     */
    CachedNextHops(Supplier<View> views, int[] interfaceIndexes, Consumer<Neighbour.Key> ask) {
        this.views = views;
        this.interfaceIndexes = interfaceIndexes;
        queries = new NeighbourQueries(ask, System.nanoTime());
    }

    @Override
    public long generation() {
        return views.get().generation();
    }

    @Override
    public long lookup(int destination) {
        return lookup(0, 0, Integer.toUnsignedLong(destination));
    }

    @Override
    public long lookup(long high, long low) {
        return lookup(IPV6, high, low);
    }

    @Override
    public void prepare(int destination) {
        View view = views.get();
        int index = view.ipv4().find(0, Integer.toUnsignedLong(destination));
        if (index < 0 || (index == readyRoute && view.generation() == readyGeneration)) {
            return;
        }
        if (lookup(destination) > 0 && view.ipv4().route(index).gateway() != null) {
            readyRoute = index;
            readyGeneration = view.generation();
        }
    }

    @Override
    public long route(int destination) {
        return route(0, 0, Integer.toUnsignedLong(destination));
    }

    @Override
    public long route(long high, long low) {
        return route(IPV6, high, low);
    }

    private long lookup(int family, long high, long low) {
        View view = views.get();
        long slot = slot(high, low);
        int found =
                isAbout(slot, view, family, high, low)
                        ? Memory.getInt(slot + FOUND_OFFSET) & ~IPV6
                        : find(view, family, high, low, slot);
        return switch (found) {
            case FOUND_NEIGHBOUR -> slot;
            case FOUND_ROUTE -> {
                ask(view, family, high, low);
                yield UNRESOLVED;
            }
            case FOUND_OURSELVES -> LOCAL;
            default -> NO_ROUTE;
        };
    }

    private long route(int family, long high, long low) {
        View view = views.get();
        long slot = slot(high, low);
        int found =
                isAbout(slot, view, family, high, low)
                        ? Memory.getInt(slot + FOUND_OFFSET) & ~IPV6
                        : find(view, family, high, low, slot);
        return switch (found) {
            case FOUND_NEIGHBOUR, FOUND_ROUTE -> slot;
            case FOUND_OURSELVES -> LOCAL;
            default -> NO_ROUTE;
        };
    }

    private long slot(long high, long low) {
        long hash = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        return slots + (hash >>> (64 - SLOTS_LOG2)) * SLOT_LENGTH;
    }

    private static boolean isAbout(long slot, View view, int family, long high, long low) {
        return Memory.getLong(slot + LOW_OFFSET) == low
                && Memory.getLong(slot + HIGH_OFFSET) == high
                && Memory.getLong(slot + GENERATION_OFFSET) == view.generation()
                && (Memory.getInt(slot + FOUND_OFFSET) & IPV6) == family;
    }

    /** Fills the slot and answers what was found. */
    private int find(View view, int family, long high, long low, long slot) {
        int found = fill(view, family, high, low, slot);
        Memory.putLong(slot + HIGH_OFFSET, high);
        Memory.putLong(slot + LOW_OFFSET, low);
        Memory.putLong(slot + GENERATION_OFFSET, view.generation());
        Memory.putInt(slot + FOUND_OFFSET, found | family);
        return found;
    }

    private int fill(View view, int family, long high, long low, long slot) {
        boolean ipv6 = family == IPV6;
        RouteTable routes = ipv6 ? view.ipv6() : view.ipv4();
        boolean unicast = ipv6 ? isUnicastIpv6(high, low) : isUnicastIpv4((int) low);
        int index = unicast ? routes.find(high, low) : RouteTable.NONE;
        if (index == RouteTable.LOCAL) {
            return FOUND_OURSELVES;
        }
        if (index < 0) {
            return FOUND_NOTHING;
        }
        Route route = routes.route(index);
        int port = port(route.interfaceIndex());
        @Nullable Link link = view.link(route.interfaceIndex());
        if (port < 0 || link == null) {
            return FOUND_NOTHING;
        }
        Memory.putShort(slot + PORT_OFFSET, port);
        Memory.putShort(slot + MTU_OFFSET, mtu(route, link, ipv6));
        putSource(view, route, ipv6, high, low, slot);
        @Nullable IpAddress gateway = route.gateway();
        long hardwareAddress =
                gateway == null
                        ? neighbour(view, route, ipv6, high, low)
                        : neighbour(view, route, gateway.ipv6(), gateway.high(), gateway.low());
        if (hardwareAddress == AddressMap.MISSING) {
            return FOUND_ROUTE;
        }
        Memory.putLongBe(slot, (hardwareAddress << 16) | (link.hardwareAddress() >>> 32));
        Memory.putIntBe(slot + 8, (int) link.hardwareAddress());
        return FOUND_NEIGHBOUR;
    }

    private static long neighbour(View view, Route route, boolean ipv6, long high, long low) {
        return view.neighbours().get(Neighbour.scope(route.interfaceIndex(), ipv6), high, low);
    }

    private static int mtu(Route route, Link link, boolean ipv6) {
        int linkMtu = ipv6 ? link.ipv6Mtu() : link.mtu();
        int mtu = route.mtu() == 0 ? linkMtu : Math.min(route.mtu(), linkMtu);
        return Math.clamp(mtu, ipv6 ? IPV6_MINIMUM_MTU : 0, 0xFFFF);
    }

    private static void putSource(
            View view, Route route, boolean ipv6, long high, long low, long slot) {
        @Nullable IpAddress source = route.source();
        if (source == null) {
            int chosen =
                    view.sources().choose(ipv6, route.interfaceIndex(), high, low, route.gateway());
            source = chosen < 0 ? null : view.sources().address(chosen);
        }
        Memory.putLong(slot + SOURCE_HIGH_OFFSET, source == null ? 0 : source.high());
        Memory.putLong(slot + SOURCE_LOW_OFFSET, source == null ? 0 : source.low());
    }

    private void ask(View view, int family, long high, long low) {
        RouteTable routes = family == IPV6 ? view.ipv6() : view.ipv4();
        Route route = routes.route(routes.find(high, low));
        @Nullable IpAddress gateway = route.gateway();
        long nowNs = System.nanoTime();
        if (gateway == null) {
            queries.ask(route.interfaceIndex(), family == IPV6, high, low, nowNs);
        } else {
            queries.ask(
                    route.interfaceIndex(), gateway.ipv6(), gateway.high(), gateway.low(), nowNs);
        }
    }

    /** Not 0/8, nor 224.0.0.0 and above: multicast, reserved, broadcast. */
    private static boolean isUnicastIpv4(int address) {
        return address >>> 24 != 0 && address >>> 28 < 0xE;
    }

    /** Neither ::, nor ff00::/8, nor fe80::/10, which is unicast but on no link in particular. */
    private static boolean isUnicastIpv6(long high, long low) {
        return (high | low) != 0 && high >>> 56 != 0xFF && high >>> 54 != 0xFE80 >>> 6;
    }

    private int port(int interfaceIndex) {
        for (int i = 0; i < interfaceIndexes.length; i++) {
            if (interfaceIndexes[i] == interfaceIndex) {
                return i;
            }
        }
        return -1;
    }
}
