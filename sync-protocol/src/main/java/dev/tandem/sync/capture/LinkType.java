package dev.tandem.sync.capture;

import java.nio.ByteBuffer;

/**
 * Finds the IP packet in a frame. The link types are those of libpcap on Linux (pcap/dlt.h, and <a
 * href="https://www.tcpdump.org/linktypes.html">www.tcpdump.org/linktypes.html</a>).
 */
final class LinkType {
    /** BSD loopback: four bytes of address family, in the byte order of the capturing host. */
    static final int NULL = 0;

    static final int ETHERNET = 1;

    /** No link header. */
    static final int RAW = 12;

    /** As {@link #RAW}, in the files of some systems. */
    static final int RAW_FILE = 101;

    /** OpenBSD loopback: as {@link #NULL} in network order. */
    static final int LOOP = 108;

    /** Linux "cooked": what the interface "any" gave for a long time. */
    static final int LINUX_SLL = 113;

    static final int IPV4 = 228;

    static final int IPV6 = 229;

    /** Linux "cooked", second form: with the interface's number. */
    static final int LINUX_SLL2 = 276;

    /** What {@link #packetOffset} says when there is no IP packet. */
    static final int NONE = -1;

    private static final int LOOPBACK_LENGTH = 4;
    private static final int ETHERNET_LENGTH = 14;
    private static final int ETHERNET_TYPE_OFFSET = 12;
    private static final int SLL_LENGTH = 16;
    private static final int SLL_TYPE_OFFSET = 14;
    private static final int SLL2_LENGTH = 20;
    private static final int TAG_LENGTH = 4;

    /** As many tags as anybody stacks, and an end for those who stack more. */
    private static final int MAX_TAGS = 4;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_PROVIDER_VLAN = 0x88A8;
    private static final int TYPE_OLD_PROVIDER_VLAN = 0x9100;

    private LinkType() {}

    /** Where in the frame the IP packet begins, or {@link #NONE}. */
    static int packetOffset(ByteBuffer frame, int linkType) {
        return switch (linkType) {
            case NULL, LOOP -> LOOPBACK_LENGTH;
            case RAW, RAW_FILE, IPV4, IPV6 -> 0;
            case ETHERNET -> typed(frame, ETHERNET_TYPE_OFFSET, ETHERNET_LENGTH);
            case LINUX_SLL -> typed(frame, SLL_TYPE_OFFSET, SLL_LENGTH);
            case LINUX_SLL2 -> typed(frame, 0, SLL2_LENGTH);
            default -> NONE;
        };
    }

    private static int typed(ByteBuffer frame, int typeOffset, int headerLength) {
        int type = shortAt(frame, typeOffset);
        int at = headerLength;
        for (int tags = 0; isTag(type) && tags < MAX_TAGS; tags++) {
            type = shortAt(frame, at + Short.BYTES);
            at += TAG_LENGTH;
        }
        return type == TYPE_IPV4 || type == TYPE_IPV6 ? at : NONE;
    }

    private static boolean isTag(int type) {
        return type == TYPE_VLAN || type == TYPE_PROVIDER_VLAN || type == TYPE_OLD_PROVIDER_VLAN;
    }

    private static int shortAt(ByteBuffer frame, int at) {
        return frame.limit() - at < Short.BYTES ? NONE : Short.toUnsignedInt(frame.getShort(at));
    }
}
