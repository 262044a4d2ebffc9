package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/** The Ethernet header (IEEE 802.3, clause 3.2; types from RFC 894 and RFC 826). */
public final class Ethernet {
    /** Length in bytes; VLAN tags are taken off by the kernel before a packet socket sees them. */
    public static final int HEADER_LENGTH = 14;

    /** 6 bytes: destination hardware address. */
    public static final int DESTINATION_OFFSET = 0;

    /** 6 bytes: source hardware address. */
    public static final int SOURCE_OFFSET = 6;

    /** u16: see the types below. */
    public static final int TYPE_OFFSET = 12;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_IPV6 = 0x86DD;

    /** Addressed to every host of the link. */
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private Ethernet() {}

    /** A hardware address in the low 48 bits, first byte highest. */
    public static long getAddress(long address) {
        return ((long) Memory.getShortBe(address) << 32)
                | (Memory.getIntBe(address + 2) & 0xFFFFFFFFL);
    }

    public static void putAddress(long address, long hardwareAddress) {
        Memory.putShortBe(address, (int) (hardwareAddress >>> 32));
        Memory.putIntBe(address + 2, (int) hardwareAddress);
    }

    /** Writes a whole header. */
    public static void write(long frame, long destination, long source, int type) {
        putAddress(frame + DESTINATION_OFFSET, destination);
        putAddress(frame + SOURCE_OFFSET, source);
        Memory.putShortBe(frame + TYPE_OFFSET, type);
    }

    /** Turns a frame round: it goes back to the neighbour that sent it. */
    public static void swapAddresses(long frame) {
        long destination = getAddress(frame + DESTINATION_OFFSET);
        putAddress(frame + DESTINATION_OFFSET, getAddress(frame + SOURCE_OFFSET));
        putAddress(frame + SOURCE_OFFSET, destination);
    }

    /** Whether the address names more than one station (the lowest bit of its first byte). */
    public static boolean isGroup(long hardwareAddress) {
        return (hardwareAddress >>> 40 & 1) != 0;
    }
}
