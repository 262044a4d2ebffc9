package dev.tandem.director.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The host's addresses as candidates for the source of a packet of its own, immutable. Chosen as
 * the kernel does when a route does not say (inet_select_addr of net/ipv4/devinet.c; RFC 6724
 * section 5 without its rules for mobile hosts).
 */
final class SourceAddresses {
    static final SourceAddresses NONE = new SourceAddresses(List.of());

    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_HOST = 254;

    private final HostAddress[] all;

    SourceAddresses(List<HostAddress> addresses) {
        all =
                addresses.stream()
                        .filter(address -> address.scope() < SCOPE_HOST && address.usable())
                        .toArray(HostAddress[]::new);
    }

    /**
     * For a packet to a destination that leaves through an interface.
     *
     * @param gateway null: the destination is on the interface's link
     * @return an index for {@link #address}, or -1
     */
    int choose(boolean ipv6, int interfaceIndex, long high, long low, @Nullable IpAddress gateway) {
        if (ipv6) {
            return chooseIpv6(interfaceIndex, high, low);
        }
        if (gateway == null) {
            return chooseIpv4(interfaceIndex, low);
        }
        return chooseIpv4(interfaceIndex, gateway.ipv6() ? 0 : gateway.low());
    }

    IpAddress address(int index) {
        return all[index].address();
    }

    /**
     * The first of the interface in the neighbour's network, else the first of the interface, else
     * the first of any that is valid everywhere.
     */
    private int chooseIpv4(int interfaceIndex, long neighbour) {
        int ofInterface = -1;
        int elsewhere = -1;
        for (int i = 0; i < all.length; i++) {
            HostAddress own = all[i];
            if (own.address().ipv6() || own.secondary()) {
                continue;
            }
            if (own.interfaceIndex() == interfaceIndex) {
                if (own.commonBits(0, neighbour) >= own.prefixLength()) {
                    return i;
                }
                ofInterface = ofInterface < 0 ? i : ofInterface;
            } else if (own.scope() == SCOPE_UNIVERSE) {
                elsewhere = elsewhere < 0 ? i : elsewhere;
            }
        }
        return ofInterface < 0 ? elsewhere : ofInterface;
    }

    /** Destinations are global: link-local ones have no next hop. */
    private int chooseIpv6(int interfaceIndex, long high, long low) {
        int best = -1;
        int bestRank = -1;
        for (int i = 0; i < all.length; i++) {
            HostAddress own = all[i];
            if (own.address().ipv6()) {
                int rank =
                        (own.scope() == SCOPE_UNIVERSE ? 1 << 11 : 0)
                                | (own.deprecated() ? 0 : 1 << 10)
                                | (own.interfaceIndex() == interfaceIndex ? 1 << 9 : 0)
                                | (own.temporary() ? 0 : 1 << 8)
                                | Math.min(own.commonBits(high, low), own.prefixLength());
                if (rank > bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
        }
        return best;
    }
}
