package dev.tandem.director.route;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an rtnetlink message about a route, as {@link MessageParser} does for the
 * others. Of a multipath route it takes the first next hop that is alive. Routes for packets from
 * certain sources only, and next hops that wrap packets (RTA_ENCAP), are not followed.
 */
final class RouteParser {
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;
    private static final int RTA_ENCAP = 22;
    private static final int RTAX_MTU = 2;
    private static final int RTM_F_CLONED = 0x200;

    /** RTNH_F_DEAD | RTNH_F_LINKDOWN. */
    private static final int NEXT_HOP_DOWN = 0x1 | 0x10;

    /** struct rtnexthop: u16 length, u8 flags, u8 hops, s32 interface. */
    private static final int NEXT_HOP_LENGTH = 8;

    private RouteParser() {}

    /**
     * struct rtmsg: u8 family, u8 destination prefix, u8 source prefix, u8 type of service, u8
     * table, u8 protocol, u8 scope, u8 type, u32 flags.
     */
    static @Nullable Route parse(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.ROUTE_LENGTH
                || !Rtnetlink.isInternet(unsigned(buffer, from))
                || unsigned(buffer, from + 2) != 0
                || (buffer.getInt(from + 8) & RTM_F_CLONED) != 0) {
            return null;
        }
        boolean ipv6 = unsigned(buffer, from) == Rtnetlink.AF_INET6;
        int prefixLength = unsigned(buffer, from + 1);
        IpAddress destination = new IpAddress(ipv6, 0, 0);
        if (prefixLength > destination.bits()) {
            return null;
        }
        int table = unsigned(buffer, from + 4);
        @Nullable IpAddress source = null;
        long metric = 0;
        int mtu = 0;
        NextHop single = NextHop.NONE;
        List<NextHop> several = new ArrayList<>();
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.ROUTE_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_DST -> {
                    @Nullable IpAddress given = attributes.asAddress(ipv6);
                    if (given == null) {
                        return null;
                    }
                    destination = given;
                }
                case RTA_PRIORITY -> metric = attributes.asInt() & 0xFFFF_FFFFL;
                case RTA_TABLE -> table = attributes.asInt();
                case RTA_PREFSRC -> source = attributes.asAddress(ipv6);
                case RTA_METRICS -> mtu = mtu(attributes.nested());
                case RTA_OIF -> single = single.through(attributes.asInt());
                case RTA_MULTIPATH -> several.addAll(nextHops(buffer, attributes, ipv6));
                default -> single = single.with(attributes, ipv6);
            }
        }
        boolean down = !single.usable() || (buffer.getInt(from + 8) & NEXT_HOP_DOWN) != 0;
        NextHop chosen = down ? NextHop.NONE : single;
        if (!several.isEmpty()) {
            chosen = several.getFirst();
        }
        return new Route(
                table,
                destination.network(prefixLength),
                prefixLength,
                unsigned(buffer, from + 3),
                metric,
                unsigned(buffer, from + 7),
                chosen.interfaceIndex(),
                chosen.gateway(),
                mtu,
                source);
    }

    /**
     * @param usable false: it leads somewhere that we cannot send to
     */
    private record NextHop(int interfaceIndex, @Nullable IpAddress gateway, boolean usable) {
        static final NextHop NONE = new NextHop(0, null, true);

        NextHop through(int index) {
            return new NextHop(index, gateway, usable);
        }

        /** With what an attribute says of the gateway. */
        NextHop with(Attributes attribute, boolean ipv6) {
            @Nullable IpAddress told;
            switch (attribute.type()) {
                case RTA_GATEWAY -> told = attribute.asAddress(ipv6);
                case RTA_VIA -> told = attribute.asVia();
                case RTA_ENCAP -> told = null;
                default -> {
                    return this;
                }
            }
            return new NextHop(
                    interfaceIndex,
                    told != null && told.isZero() ? null : told,
                    usable && told != null);
        }
    }

    /** The next hops of a multipath route that are alive; the first NONE when there is none. */
    private static List<NextHop> nextHops(ByteBuffer buffer, Attributes multipath, boolean ipv6) {
        List<NextHop> alive = new ArrayList<>();
        int at = multipath.payload();
        int end = at + multipath.length();
        while (end - at >= NEXT_HOP_LENGTH) {
            int length = buffer.getShort(at) & 0xFFFF;
            if (length < NEXT_HOP_LENGTH || length > end - at) {
                break;
            }
            if ((unsigned(buffer, at + 2) & NEXT_HOP_DOWN) == 0) {
                NextHop hop = NextHop.NONE.through(buffer.getInt(at + 4));
                Attributes attributes = new Attributes(buffer, at + NEXT_HOP_LENGTH, at + length);
                while (attributes.next()) {
                    hop = hop.with(attributes, ipv6);
                }
                if (hop.usable()) {
                    alive.add(hop);
                }
            }
            at += (length + 3) & ~3;
        }
        if (alive.isEmpty()) {
            alive.add(NextHop.NONE);
        }
        return alive;
    }

    private static int mtu(Attributes metrics) {
        int mtu = 0;
        while (metrics.next()) {
            if (metrics.type() == RTAX_MTU) {
                mtu = metrics.asInt();
            }
        }
        return mtu;
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return buffer.get(at) & 0xFF;
    }
}
