package dev.tandem.director.route;

import org.jspecify.annotations.Nullable;

/**
 * A route as the kernel has it.
 *
 * @param table {@link #TABLE_LOCAL}, {@link #TABLE_MAIN}, {@link #TABLE_DEFAULT} or another
 * @param destination network address, host bits 0
 * @param prefixLength 0 to 32, or to 128
 * @param typeOfService 0 unless the route is for one type of service only
 * @param metric the lower one wins among routes to the same destination
 * @param type one of the TYPE_ constants, or another of rtnetlink(7)
 * @param interfaceIndex where it leaves; 0 when no next hop is alive
 * @param gateway null: the destination is on the link. That of an IPv4 route may be IPv6
 * @param mtu bytes; 0: the interface's
 * @param source what packets of the host's own go out with; null: chosen among its addresses
 */
record Route(
        int table,
        IpAddress destination,
        int prefixLength,
        int typeOfService,
        long metric,
        int type,
        int interfaceIndex,
        @Nullable IpAddress gateway,
        int mtu,
        @Nullable IpAddress source) {
    static final int TABLE_DEFAULT = 253;
    static final int TABLE_MAIN = 254;
    static final int TABLE_LOCAL = 255;

    static final int TYPE_UNICAST = 1;
    static final int TYPE_LOCAL = 2;

    /** Look on in the next table (RTN_THROW). */
    static final int TYPE_THROW = 9;

    /** The neighbour that a packet to that destination is handed to. */
    Neighbour.Key neighbour(IpAddress to) {
        return new Neighbour.Key(interfaceIndex, gateway == null ? to : gateway);
    }
}
