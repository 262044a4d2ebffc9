package dev.tandem.director.route;

/**
 * A neighbour as the kernel has it.
 *
 * @param state bits, see the constants
 * @param hardwareAddress in the low 48 bits; 0: none, or not Ethernet's
 * @param managed the kernel keeps it resolved by itself (NTF_EXT_MANAGED)
 */
record Neighbour(Key key, int state, long hardwareAddress, boolean managed) {
    private static final int NUD_REACHABLE = 0x02;
    private static final int NUD_STALE = 0x04;
    private static final int NUD_DELAY = 0x08;
    private static final int NUD_PROBE = 0x10;
    private static final int NUD_NOARP = 0x40;
    private static final int NUD_PERMANENT = 0x80;

    /** NUD_VALID of the kernel: everything but NONE, INCOMPLETE and FAILED. */
    private static final int USABLE =
            NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_NOARP | NUD_PERMANENT;

    /** Which neighbour; of IPv6, link-local addresses are the neighbour's on one link only. */
    record Key(int interfaceIndex, IpAddress address) {

        /** Where {@link View#neighbours} has it. */
        AddressMap.Key inMap() {
            return new AddressMap.Key(
                    scope(interfaceIndex, address.ipv6()), address.high(), address.low());
        }
    }

    /** The scope of neighbours of a family on an interface in {@link View#neighbours}. */
    static long scope(int interfaceIndex, boolean ipv6) {
        return (long) interfaceIndex << 1 | (ipv6 ? 1 : 0);
    }

    /** Whether packets can be sent to it; a stale address is as good as any until it is not. */
    boolean usable() {
        return (state & USABLE) != 0 && hardwareAddress != 0;
    }

    /** Whether an administrator or the link itself set it, so that it must not be probed. */
    boolean fixed() {
        return (state & (NUD_NOARP | NUD_PERMANENT)) != 0;
    }
}
