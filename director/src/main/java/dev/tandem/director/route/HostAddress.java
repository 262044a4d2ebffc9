package dev.tandem.director.route;

/**
 * An address of the host as the kernel has it.
 *
 * @param scope of rtnetlink(7): 0 valid everywhere, 253 on its link, 254 within the host
 * @param flags of linux/if_addr.h
 */
record HostAddress(IpAddress address, int interfaceIndex, int prefixLength, int scope, int flags) {
    /** IFA_F_SECONDARY of IPv4, IFA_F_TEMPORARY of IPv6: one bit. */
    private static final int SECONDARY_OR_TEMPORARY = 0x01;

    private static final int IFA_F_OPTIMISTIC = 0x04;
    private static final int IFA_F_DADFAILED = 0x08;
    private static final int IFA_F_DEPRECATED = 0x20;
    private static final int IFA_F_TENTATIVE = 0x40;

    boolean secondary() {
        return !address.ipv6() && (flags & SECONDARY_OR_TEMPORARY) != 0;
    }

    boolean temporary() {
        return address.ipv6() && (flags & SECONDARY_OR_TEMPORARY) != 0;
    }

    boolean deprecated() {
        return (flags & IFA_F_DEPRECATED) != 0;
    }

    /** Whether it may be sent from: IPv6 asks first whether somebody else has it. */
    boolean usable() {
        boolean tentative = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
        return !tentative && (flags & IFA_F_DADFAILED) == 0;
    }

    /** Whether another address lies in this one's network. */
    boolean isBeside(IpAddress other) {
        return other.ipv6() == address.ipv6()
                && !other.equals(address)
                && other.network(prefixLength).equals(address.network(prefixLength));
    }

    /** How many leading bits it shares with another address of its family. */
    int commonBits(long high, long low) {
        int same =
                address.high() == high
                        ? 64 + Long.numberOfLeadingZeros(address.low() ^ low)
                        : Long.numberOfLeadingZeros(address.high() ^ high);
        return same - (128 - address.bits());
    }
}
