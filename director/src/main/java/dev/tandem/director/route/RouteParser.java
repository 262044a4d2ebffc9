package dev.tandem.director.route;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an rtnetlink message about a route, as {@link MessageParser} does for the
 * others. Of a multipath route it takes the first next hop that is alive.
 */
final class RouteParser {
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_METRICS = 8;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;
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
                || unsigned(buffer, from) != Rtnetlink.AF_INET
                || (buffer.getInt(from + 8) & RTM_F_CLONED) != 0) {
            return null;
        }
        int prefixLength = unsigned(buffer, from + 1);
        if (prefixLength > 32) {
            return null;
        }
        int table = unsigned(buffer, from + 4);
        int destination = 0;
        long metric = 0;
        int mtu = 0;
        boolean via = false; // a gateway of another address family
        NextHop single = new NextHop(0, 0);
        List<NextHop> several = new ArrayList<>();
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.ROUTE_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_DST -> destination = attributes.asAddress();
                case RTA_PRIORITY -> metric = attributes.asInt() & 0xFFFF_FFFFL;
                case RTA_TABLE -> table = attributes.asInt();
                case RTA_METRICS -> mtu = mtu(attributes.nested());
                case RTA_OIF -> single = new NextHop(attributes.asInt(), single.gateway());
                case RTA_GATEWAY ->
                        single = new NextHop(single.interfaceIndex(), attributes.asAddress());
                case RTA_VIA -> via = true;
                case RTA_MULTIPATH -> several.addAll(nextHops(buffer, attributes));
                default -> {}
            }
        }
        boolean down = via || (buffer.getInt(from + 8) & NEXT_HOP_DOWN) != 0;
        NextHop chosen = down ? NextHop.NONE : single;
        if (!several.isEmpty()) {
            chosen = several.getFirst();
        }
        return new Route(
                table,
                destination & Route.mask(prefixLength),
                prefixLength,
                unsigned(buffer, from + 3),
                metric,
                unsigned(buffer, from + 7),
                chosen.interfaceIndex(),
                chosen.gateway(),
                mtu);
    }

    private record NextHop(int interfaceIndex, int gateway) {
        static final NextHop NONE = new NextHop(0, 0);
    }

    /** The next hops of a multipath route that are alive; the first NONE when there is none. */
    private static List<NextHop> nextHops(ByteBuffer buffer, Attributes multipath) {
        List<NextHop> alive = new ArrayList<>();
        int at = multipath.payload();
        int end = at + multipath.length();
        while (end - at >= NEXT_HOP_LENGTH) {
            int length = buffer.getShort(at) & 0xFFFF;
            if (length < NEXT_HOP_LENGTH || length > end - at) {
                break;
            }
            if ((unsigned(buffer, at + 2) & NEXT_HOP_DOWN) == 0) {
                int gateway = 0;
                boolean usable = true;
                Attributes attributes = new Attributes(buffer, at + NEXT_HOP_LENGTH, at + length);
                while (attributes.next()) {
                    switch (attributes.type()) {
                        case RTA_GATEWAY -> gateway = attributes.asAddress();
                        case RTA_VIA -> usable = false;
                        default -> {}
                    }
                }
                if (usable) {
                    alive.add(new NextHop(buffer.getInt(at + 4), gateway));
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
