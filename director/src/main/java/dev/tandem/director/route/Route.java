package dev.tandem.director.route;

/**
 * A route as the kernel has it.
 *
 * @param table {@link #TABLE_LOCAL}, {@link #TABLE_MAIN}, {@link #TABLE_DEFAULT} or another
 * @param destination network address, host bits 0
 * @param prefixLength 0 to 32
 * @param typeOfService 0 unless the route is for one type of service only
 * @param metric the lower one wins among routes to the same destination
 * @param type one of the TYPE_ constants, or another of rtnetlink(7)
 * @param interfaceIndex where it leaves; 0 when no next hop is alive
 * @param gateway 0: the destination is on the link
 * @param mtu bytes; 0: the interface's
 */
record Route(
        int table,
        int destination,
        int prefixLength,
        int typeOfService,
        long metric,
        int type,
        int interfaceIndex,
        int gateway,
        int mtu) {
    static final int TABLE_DEFAULT = 253;
    static final int TABLE_MAIN = 254;
    static final int TABLE_LOCAL = 255;

    static final int TYPE_UNICAST = 1;

    /** Look on in the next table (RTN_THROW). */
    static final int TYPE_THROW = 9;

    /** The leading bits of an address that a prefix length stands for. */
    static int mask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }
}
