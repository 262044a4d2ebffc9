package dev.tandem.director.io;

/**
 * The 10-byte virtio-net header that lies directly before each frame (linux/virtio_net.h, struct
 * virtio_net_hdr; the fields are in the machine's byte order).
 */
public final class VnetHeader {
    /** Length in bytes. */
    public static final int LENGTH = 10;

    /** u8: see {@link #F_NEEDS_CSUM}. */
    public static final int FLAGS_OFFSET = 0;

    /** u8: 0 none, 1 TCPv4, 3 UDP, 4 TCPv6, 5 UDP segmentation; bit 7 ECN. */
    public static final int GSO_TYPE_OFFSET = 1;

    /** u16: bytes of headers in front of the payload of each segment. */
    public static final int HEADER_LENGTH_OFFSET = 2;

    /** u16: payload bytes of each segment. */
    public static final int GSO_SIZE_OFFSET = 4;

    /** u16: where the checksum starts, from the start of the frame. */
    public static final int CHECKSUM_START_OFFSET = 6;

    /** u16: where the checksum is stored, from the checksum's start. */
    public static final int CHECKSUM_FIELD_OFFSET = 8;

    /**
     * The transport checksum field holds only the folded pseudo-header sum, not complemented; who
     * sends the frame completes it.
     */
    public static final int F_NEEDS_CSUM = 1;

    /** GSO type: segments of a TCP stream over IPv4. */
    public static final int GSO_TCP4 = 1;

    /** GSO type: fragments of one UDP datagram. */
    public static final int GSO_UDP_FRAGMENTS = 3;

    /** GSO type: segments of a TCP stream over IPv6. */
    public static final int GSO_TCP6 = 4;

    /** GSO type: UDP datagrams of equal length. */
    public static final int GSO_UDP = 5;

    /** Bit of the GSO type: the TCP stream uses ECN. */
    private static final int GSO_ECN = 0x80;

    private VnetHeader() {}

    /** One of the GSO types, or 0. */
    public static int gsoType(long frame) {
        return Memory.getByte(frame - LENGTH + GSO_TYPE_OFFSET) & ~GSO_ECN;
    }

    /** Where the checksum starts, in bytes from the start of the frame. */
    public static int checksumStart(long frame) {
        return Memory.getShort(frame - LENGTH + CHECKSUM_START_OFFSET);
    }

    /** Where the checksum is stored, in bytes from its start. */
    public static int checksumField(long frame) {
        return Memory.getShort(frame - LENGTH + CHECKSUM_FIELD_OFFSET);
    }

    /** Whether the frame's transport checksum is partial. */
    public static boolean needsChecksum(long frame) {
        return (Memory.getByte(frame - LENGTH + FLAGS_OFFSET) & F_NEEDS_CSUM) != 0;
    }

    /** Whether the frame is a super-frame, to be segmented on its way out. */
    public static boolean isSegmented(long frame) {
        return Memory.getByte(frame - LENGTH + GSO_TYPE_OFFSET) != 0;
    }

    /** Payload bytes of each segment of a super-frame. */
    public static int segmentSize(long frame) {
        return Memory.getShort(frame - LENGTH + GSO_SIZE_OFFSET);
    }

    /** Marks a frame that we made ourselves: checksums complete, no segmentation. */
    public static void clear(long frame) {
        Memory.fill(frame - LENGTH, LENGTH, 0);
    }
}
