package dev.tandem.director.forward;

/**
 * What routers said of the way to a tunnel's end: they tell the tunnel's source, which is this
 * director and not its host's stack. Remembered for ten minutes, as the kernel does (mtu_expires);
 * of two ends that share a place the later one is remembered. Worker thread only.
 */
final class PathMtus {
    private static final int PLACES = 256;
    private static final long MEMORY_NS = 600_000_000_000L;

    /** Less is not believed (ip_rt_min_pmtu; RFC 8200 section 5). */
    private static final int MINIMUM = 552;

    private static final int MINIMUM_6 = 1280;

    private final boolean[] ipv6 = new boolean[PLACES];
    private final long[] highs = new long[PLACES];
    private final long[] lows = new long[PLACES];
    private final int[] mtus = new int[PLACES];
    private final long[] untilNs = new long[PLACES];

    /** The smaller of the route's MTU and what is known of the path. */
    int limit(int routeMtu, boolean toIpv6, long high, long low, long nowNs) {
        int i = place(high, low);
        return mtus[i] != 0
                        && lows[i] == low
                        && highs[i] == high
                        && ipv6[i] == toIpv6
                        && nowNs - untilNs[i] < 0
                ? Math.min(routeMtu, mtus[i])
                : routeMtu;
    }

    void learn(int mtu, boolean toIpv6, long high, long low, long nowNs) {
        int i = place(high, low);
        ipv6[i] = toIpv6;
        highs[i] = high;
        lows[i] = low;
        mtus[i] = Math.max(mtu, toIpv6 ? MINIMUM_6 : MINIMUM);
        untilNs[i] = nowNs + MEMORY_NS;
    }

    private static int place(long high, long low) {
        long hash = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash >>> 32) & (PLACES - 1);
    }
}
