package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A packet socket's receive ring, TPACKET_V2 with virtio-net headers (packet(7); the kernel's
 * Documentation/networking/packet_mmap.rst). The kernel fills slots in order and marks each as the
 * user's; whoever reads marks them as the kernel's again, in the same order. When the next slot is
 * still the user's, the kernel drops the frame and counts it.
 *
 * <p>A slot, with the offsets that follow from {@link #RESERVE}:
 *
 * <pre>
 *    0   32 bytes  struct tpacket2_hdr
 *   32   20 bytes  struct sockaddr_ll
 *   52   68 bytes  spare: PacketPort's headroom
 *  120   10 bytes  virtio-net header
 *  130   14 bytes  Ethernet header
 *  144             IP header, aligned to 16
 * </pre>
 */
final class ReceiveRing implements AutoCloseable {
    /** Bytes of a slot before the Ethernet header. */
    static final int FRAME_OFFSET = 130;

    /**
     * PACKET_RESERVE. Without it the Ethernet header lies at 76 + 10; 54 more make room for the
     * headroom and align the IP header.
     */
    private static final int RESERVE = 54;

    // struct tpacket2_hdr
    private static final int STATUS_OFFSET = 0;
    private static final int LENGTH_OFFSET = 4;
    private static final int CAPTURED_LENGTH_OFFSET = 8;
    private static final int MAC_OFFSET = 12;
    private static final int SECONDS_OFFSET = 16;
    private static final int NANOSECONDS_OFFSET = 20;

    /** struct sockaddr_ll behind it, field sll_pkttype. */
    private static final int PACKET_TYPE_OFFSET = 32 + 10;

    private static final int TP_STATUS_KERNEL = 0;
    private static final int TP_STATUS_USER = 1;
    private static final int TP_STATUS_VLAN_VALID = 1 << 4;

    // sll_pkttype
    static final int PACKET_HOST = 0;
    static final int PACKET_BROADCAST = 1;
    static final int PACKET_MULTICAST = 2;

    private static final int PROT_READ_WRITE = 3;

    /** MAP_SHARED | MAP_POPULATE: no page fault in the loop. */
    private static final int MAP_FLAGS = 0x8001;

    private static final int PAGE = 4096;

    private final int descriptor;
    private final int slotLength;
    private final int slotCount;
    private final long base;
    private int position;

    /**
     * How a ring lies in memory: in blocks of up to 1 MiB, since the kernel takes a whole power of
     * two of pages for each; every block is a whole number of slots and of pages, so slots follow
     * each other without a gap.
     *
     * @param slotCount rounded up to whole blocks
     */
    record Layout(int slotLength, int slotCount) {
        Layout {
            int perBlock = slotsPerBlock(slotLength);
            slotCount = (slotCount + perBlock - 1) / perBlock * perBlock;
        }

        private static int slotsPerBlock(int slotLength) {
            int slots = Math.max(1, (1 << 20) / slotLength);
            while (slots > 1 && slots * slotLength % PAGE != 0) {
                slots--;
            }
            return slots;
        }

        long bytes() {
            return (long) slotLength * slotCount;
        }

        void apply(int fd) throws IOException {
            int perBlock = slotsPerBlock(slotLength);
            try (Arena arena = Arena.ofConfined()) {
                // struct tpacket_req: block size, blocks, frame size, frames
                MemorySegment request =
                        arena.allocateFrom(
                                ValueLayout.JAVA_INT,
                                perBlock * slotLength,
                                slotCount / perBlock,
                                slotLength,
                                slotCount);
                Native.setOption(fd, PacketSocket.SOL_PACKET, PacketSocket.PACKET_RX_RING, request);
            }
        }
    }

    private ReceiveRing(int descriptor, Layout layout, long base) {
        this.descriptor = descriptor;
        slotLength = layout.slotLength();
        slotCount = layout.slotCount();
        this.base = base;
    }

    /** Opens a ring for those frames of one Ethernet type that a filter lets pass. */
    static ReceiveRing open(int interfaceIndex, int etherType, Layout layout, SocketFilter filter)
            throws IOException {
        int fd = PacketSocket.open();
        try {
            setOptions(fd);
            filter.attach(fd);
            layout.apply(fd);
            long base = Native.mmap(layout.bytes(), PROT_READ_WRITE, MAP_FLAGS, fd);
            ReceiveRing ring = new ReceiveRing(fd, layout, base);
            try {
                PacketSocket.bind(fd, interfaceIndex, etherType);
            } catch (IOException e) {
                Native.munmap(base, layout.bytes());
                throw e;
            }
            return ring;
        } catch (IOException e) {
            Native.close(fd);
            throw e;
        }
    }

    /** Throws what the kernel lacks, when it lacks something that every ring needs. */
    static void probe() throws IOException {
        int fd = PacketSocket.open();
        try {
            setOptions(fd);
        } finally {
            Native.close(fd);
        }
    }

    private static void setOptions(int fd) throws IOException {
        setOption(fd, PacketSocket.PACKET_VERSION, PacketSocket.TPACKET_V2);
        setOption(fd, PacketSocket.PACKET_VNET_HDR, 1);
        setOption(fd, PacketSocket.PACKET_RESERVE, RESERVE);
        setOption(fd, PacketSocket.PACKET_IGNORE_OUTGOING, 1);
    }

    private static void setOption(int fd, int option, int value) throws IOException {
        Native.setOption(fd, PacketSocket.SOL_PACKET, option, value);
    }

    int descriptor() {
        return descriptor;
    }

    /** The slot {@code ahead} of the oldest unreleased one when it holds a frame, else 0. */
    long peek(int ahead) {
        if (ahead >= slotCount) {
            return 0;
        }
        int index = position + ahead;
        if (index >= slotCount) {
            index -= slotCount;
        }
        long slot = base + (long) index * slotLength;
        return (Memory.getIntAcquire(slot + STATUS_OFFSET) & TP_STATUS_USER) != 0 ? slot : 0;
    }

    /** Gives the oldest {@code count} slots back to the kernel. */
    void release(int count) {
        int index = position;
        for (int i = 0; i < count; i++) {
            Memory.putIntRelease(
                    base + (long) index * slotLength + STATUS_OFFSET, TP_STATUS_KERNEL);
            if (++index == slotCount) {
                index = 0;
            }
        }
        position = index;
    }

    /** The Ethernet header of the frame in a slot. */
    static long frame(long slot) {
        return slot + Memory.getShort(slot + MAC_OFFSET);
    }

    static int length(long slot) {
        return Memory.getInt(slot + LENGTH_OFFSET);
    }

    static boolean isTruncated(long slot) {
        return Memory.getInt(slot + CAPTURED_LENGTH_OFFSET) != Memory.getInt(slot + LENGTH_OFFSET);
    }

    /** Whether a VLAN tag was taken off the frame. */
    static boolean isTagged(long slot) {
        return (Memory.getInt(slot + STATUS_OFFSET) & TP_STATUS_VLAN_VALID) != 0;
    }

    /** One of the PACKET_ constants: to whom the frame is addressed at link level. */
    static int packetType(long slot) {
        return Memory.getByte(slot + PACKET_TYPE_OFFSET);
    }

    /** When the kernel put the frame into the ring, in nanoseconds of its wall clock. */
    static long time(long slot) {
        return (Memory.getInt(slot + SECONDS_OFFSET) & 0xFFFF_FFFFL) * 1_000_000_000L
                + Memory.getInt(slot + NANOSECONDS_OFFSET);
    }

    /** Frames dropped for want of a free slot since the last call (struct tpacket_stats). */
    int takeDropped() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statistics = arena.allocate(8, 4);
            Native.getOption(
                    descriptor,
                    PacketSocket.SOL_PACKET,
                    PacketSocket.PACKET_STATISTICS,
                    statistics);
            return statistics.get(ValueLayout.JAVA_INT, 4);
        } catch (IOException _) {
            return 0;
        }
    }

    @Override
    public void close() {
        try {
            Native.munmap(base, (long) slotLength * slotCount);
        } catch (IOException e) {
            throw new AssertionError("a mapping of our own", e);
        } finally {
            Native.close(descriptor);
        }
    }
}
