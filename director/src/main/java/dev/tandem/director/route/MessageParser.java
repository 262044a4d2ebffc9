package dev.tandem.director.route;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of rtnetlink messages about links, addresses and neighbours, in the machine's
 * byte order. Each method gets the part of the buffer behind the netlink header and answers null
 * for what is too short, of another address family, or otherwise none of our concern; no bytes make
 * it throw.
 */
final class MessageParser {
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_PROTINFO = 12;
    private static final int IFLA_AF_SPEC = 26;

    /** In the IPv6 part of either: s32 values in the order of the DEVCONF_ constants. */
    private static final int IFLA_INET6_CONF = 2;

    private static final int DEVCONF_MTU6 = 2;
    private static final int ARPHRD_ETHER = 1;
    private static final int IFF_UP = 0x1;
    private static final int IFF_RUNNING = 0x40;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;

    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NDA_FLAGS_EXT = 15;
    private static final int NTF_EXT_MANAGED = 0x1;

    private MessageParser() {}

    /** struct ifinfomsg: u8 family, u8, u16 hardware type, s32 index, u32 flags, u32 change. */
    static @Nullable Link link(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.LINK_LENGTH || family(buffer, from) != Rtnetlink.AF_UNSPEC) {
            return null; // bridges report their ports under a family of their own
        }
        boolean ethernet = (buffer.getShort(from + 2) & 0xFFFF) == ARPHRD_ETHER;
        int flags = buffer.getInt(from + 8);
        String name = "";
        int mtu = 0;
        int ipv6Mtu = 0;
        long hardwareAddress = 0;
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.LINK_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.asText();
                case IFLA_MTU -> mtu = attributes.asInt();
                case IFLA_ADDRESS -> hardwareAddress = attributes.asHardwareAddress();
                case IFLA_AF_SPEC -> {
                    Attributes families = attributes.nested();
                    while (families.next()) {
                        if (families.type() == Rtnetlink.AF_INET6) {
                            ipv6Mtu = ipv6Mtu(buffer, families.nested());
                        }
                    }
                }
                default -> {}
            }
        }
        if (name.isEmpty()) {
            return null;
        }
        return new Link(
                buffer.getInt(from + 4),
                name,
                (flags & IFF_UP) != 0,
                (flags & IFF_RUNNING) != 0,
                ethernet,
                mtu,
                ipv6Mtu == 0 ? mtu : ipv6Mtu,
                hardwareAddress);
    }

    /**
     * The IPv6 MTU out of a link's message of family AF_INET6, which the kernel sends when a router
     * told another one; 0 when the message is none or does not say.
     */
    static int ipv6Mtu(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.LINK_LENGTH || family(buffer, from) != Rtnetlink.AF_INET6) {
            return 0;
        }
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.LINK_LENGTH, end);
        while (attributes.next()) {
            if (attributes.type() == IFLA_PROTINFO) {
                return ipv6Mtu(buffer, attributes.nested());
            }
        }
        return 0;
    }

    private static int ipv6Mtu(ByteBuffer buffer, Attributes settings) {
        while (settings.next()) {
            if (settings.type() == IFLA_INET6_CONF && settings.length() > 4 * DEVCONF_MTU6 + 3) {
                return buffer.getInt(settings.payload() + 4 * DEVCONF_MTU6);
            }
        }
        return 0;
    }

    /** Which interface such a message is about. */
    static int interfaceOfIpv6(ByteBuffer buffer, int from, int end) {
        return end - from < Rtnetlink.LINK_LENGTH ? 0 : buffer.getInt(from + 4);
    }

    /** struct ifaddrmsg: u8 family, u8 prefix length, u8 flags, u8 scope, u32 interface. */
    static @Nullable HostAddress address(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.ADDRESS_LENGTH || !Rtnetlink.isInternet(family(buffer, from))) {
            return null;
        }
        boolean ipv6 = family(buffer, from) == Rtnetlink.AF_INET6;
        int flags = unsigned(buffer, from + 2);
        @Nullable IpAddress local = null;
        @Nullable IpAddress address = null;
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.ADDRESS_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_LOCAL -> local = attributes.asAddress(ipv6);
                case IFA_ADDRESS -> address = attributes.asAddress(ipv6);
                case IFA_FLAGS -> flags = attributes.asInt();
                default -> {}
            }
        }
        @Nullable IpAddress own = local != null ? local : address; // ADDRESS may be the peer's
        return own == null || own.isZero()
                ? null
                : new HostAddress(
                        own,
                        buffer.getInt(from + 4),
                        unsigned(buffer, from + 1),
                        unsigned(buffer, from + 3),
                        flags);
    }

    /** struct ndmsg: u8 family, u8, u16, s32 interface, u16 state, u8 flags, u8 type. */
    static @Nullable Neighbour neighbour(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.NEIGHBOUR_LENGTH
                || !Rtnetlink.isInternet(family(buffer, from))) {
            return null;
        }
        boolean ipv6 = family(buffer, from) == Rtnetlink.AF_INET6;
        @Nullable IpAddress address = null;
        long hardwareAddress = 0;
        boolean managed = false;
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.NEIGHBOUR_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NDA_DST -> address = attributes.asAddress(ipv6);
                case NDA_LLADDR -> hardwareAddress = attributes.asHardwareAddress();
                case NDA_FLAGS_EXT -> managed = (attributes.asInt() & NTF_EXT_MANAGED) != 0;
                default -> {}
            }
        }
        if (address == null || address.isZero()) {
            return null;
        }
        return new Neighbour(
                new Neighbour.Key(buffer.getInt(from + 4), address),
                buffer.getShort(from + 8) & 0xFFFF,
                hardwareAddress,
                managed);
    }

    private static int family(ByteBuffer buffer, int from) {
        return unsigned(buffer, from);
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return buffer.get(at) & 0xFF;
    }
}
