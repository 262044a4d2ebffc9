package dev.tandem.director.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
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
    private static final int ARPHRD_ETHER = 1;
    private static final int IFF_UP = 0x1;
    private static final int IFF_RUNNING = 0x40;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;

    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NDA_FLAGS_EXT = 15;
    private static final int NTF_EXT_MANAGED = 0x1;

    private MessageParser() {}

    /** An address of the host and the interface that it is on. */
    record HostAddress(InetAddress address, int interfaceIndex) {}

    /** struct ifinfomsg: u8 family, u8, u16 hardware type, s32 index, u32 flags, u32 change. */
    static @Nullable Link link(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.LINK_LENGTH || family(buffer, from) != Rtnetlink.AF_UNSPEC) {
            return null; // bridges report their ports under a family of their own
        }
        boolean ethernet = (buffer.getShort(from + 2) & 0xFFFF) == ARPHRD_ETHER;
        int flags = buffer.getInt(from + 8);
        String name = "";
        int mtu = 0;
        long hardwareAddress = 0;
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.LINK_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.asText();
                case IFLA_MTU -> mtu = attributes.asInt();
                case IFLA_ADDRESS -> hardwareAddress = attributes.asHardwareAddress();
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
                hardwareAddress);
    }

    /** struct ifaddrmsg: u8 family, u8 prefix length, u8 flags, u8 scope, u32 interface. */
    static @Nullable HostAddress address(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.ADDRESS_LENGTH || family(buffer, from) != Rtnetlink.AF_INET) {
            return null;
        }
        int local = 0;
        int address = 0;
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.ADDRESS_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_LOCAL -> local = attributes.asAddress();
                case IFA_ADDRESS -> address = attributes.asAddress();
                default -> {}
            }
        }
        int own = local != 0 ? local : address; // on point-to-point links ADDRESS is the peer's
        return own == 0 ? null : new HostAddress(inetAddress(own), buffer.getInt(from + 4));
    }

    /** struct ndmsg: u8 family, u8, u16, s32 interface, u16 state, u8 flags, u8 type. */
    static @Nullable Neighbour neighbour(ByteBuffer buffer, int from, int end) {
        if (end - from < Rtnetlink.NEIGHBOUR_LENGTH || family(buffer, from) != Rtnetlink.AF_INET) {
            return null;
        }
        int address = 0;
        long hardwareAddress = 0;
        boolean managed = false;
        Attributes attributes = new Attributes(buffer, from + Rtnetlink.NEIGHBOUR_LENGTH, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NDA_DST -> address = attributes.asAddress();
                case NDA_LLADDR -> hardwareAddress = attributes.asHardwareAddress();
                case NDA_FLAGS_EXT -> managed = (attributes.asInt() & NTF_EXT_MANAGED) != 0;
                default -> {}
            }
        }
        if (address == 0) {
            return null;
        }
        return new Neighbour(
                buffer.getInt(from + 4),
                address,
                buffer.getShort(from + 8) & 0xFFFF,
                hardwareAddress,
                managed);
    }

    static InetAddress inetAddress(int address) {
        byte[] bytes = ByteBuffer.allocate(4).putInt(address).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static int family(ByteBuffer buffer, int from) {
        return unsigned(buffer, from);
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return buffer.get(at) & 0xFF;
    }
}
