package dev.tandem.director.route;

/**
 * Constants of rtnetlink(7): linux/netlink.h, linux/rtnetlink.h, linux/if_link.h,
 * linux/neighbour.h.
 */
final class Rtnetlink {
    /** struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port. */
    static final int HEADER_LENGTH = 16;

    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_DUMP_INTR = 0x10;

    /** NLM_F_ROOT | NLM_F_MATCH. */
    static final int NLM_F_DUMP = 0x300;

    static final int NLM_F_CREATE = 0x400;

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;
    static final int RTM_NEWNEIGH = 28;
    static final int RTM_DELNEIGH = 29;
    static final int RTM_GETNEIGH = 30;

    /**
     * RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR |
     * RTMGRP_IPV6_ROUTE | RTMGRP_IPV6_IFINFO.
     */
    static final int GROUPS = 0x1 | 0x4 | 0x10 | 0x40 | 0x100 | 0x400 | 0x800;

    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** Lengths of the structures behind the header: ifinfomsg, ifaddrmsg, rtmsg, ndmsg. */
    static final int LINK_LENGTH = 16;

    static final int ADDRESS_LENGTH = 8;
    static final int ROUTE_LENGTH = 12;
    static final int NEIGHBOUR_LENGTH = 12;

    private Rtnetlink() {}

    /** Whether it is the family of IPv4 or of IPv6. */
    static boolean isInternet(int family) {
        return family == AF_INET || family == AF_INET6;
    }
}
