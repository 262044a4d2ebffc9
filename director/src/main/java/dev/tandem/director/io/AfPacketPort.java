package dev.tandem.director.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A real network interface, over AF_PACKET sockets (packet(7)). Needs CAP_NET_RAW, and
 * CAP_NET_ADMIN for large send buffers.
 *
 * <p>Frames arrive in two rings that the kernel fills: short frames, up to what the MTU allows, in
 * slots of their size (2 KiB at MTU 1500), and super-frames of up to 64 KiB, which GRO and
 * segmentation offload make out of many, in slots of 68 KiB. One ring with slots for the largest
 * would cost 68 KiB for every SYN: 8192 of them (20 ms at 0.4 million packets per second, longer
 * than any pause of the collector with this little live data) would take 557 MB instead of 16. By
 * default a port takes 16 MiB for short frames and 69 MiB for 1035 super-frames (20 ms at 50000 a
 * second, or at 25 Gbit/s when they are full). {@link #receive} hands the frames of both out in the
 * order in which they came.
 *
 * <p>They are sent from the very slots they arrived in; see {@link TransmitQueue}. ARP has a small
 * ring of its own, so that looking for ARP costs no system call either.
 */
public final class AfPacketPort extends PacketPort {
    /** How many frames {@link #receive} hands out at most. */
    public static final int BATCH = 64;

    private static final int ETHERNET_HEADER = 14;

    /** 64 KiB of IP packet, Ethernet header, and what lies before it, in whole pages. */
    private static final int SUPER_SLOT = 68 << 10;

    private static final int SHORT_SLOT_MINIMUM = 2048;
    private static final int SHORT_SLOT_MAXIMUM = 16 << 10;
    private static final int ARP_SLOT = 512;
    private static final int ARP_SLOTS = 512;

    private final int index;
    private final String name;
    private final InterfaceFacts facts;
    private final ReceiveRing shortFrames;
    private final ReceiveRing superFrames;
    private final ReceiveRing arp;
    private final TransmitQueue transmit;

    private final long[] frames = new long[BATCH];
    private final int[] lengths = new int[BATCH];

    /** Slots of each ring that are done with once frame i of the batch is. */
    private final int[] shortSlots = new int[BATCH];

    private final int[] superSlots = new int[BATCH];

    private final Tally received = new Tally();
    private final Tally truncated = new Tally();
    private final Tally tagged = new Tally();
    private final Tally notForUs = new Tally();
    private final Tally linkErrors = new Tally();

    /** Guarded by this, as is closing: the kernel forgets its count when it is read. */
    private long dropped;

    private boolean closed;

    /**
     * How many frames the rings take before the kernel drops; rounded up to whole blocks of 1 MiB.
     */
    public record RingSlots(int shortFrames, int superFrames) {
        public static final RingSlots DEFAULT = new RingSlots(8192, 1024);
    }

    private AfPacketPort(
            int index,
            String name,
            InterfaceFacts facts,
            ReceiveRing shortFrames,
            ReceiveRing superFrames,
            ReceiveRing arp,
            TransmitQueue transmit) {
        this.index = index;
        this.name = name;
        this.facts = facts;
        this.shortFrames = shortFrames;
        this.superFrames = superFrames;
        this.arp = arp;
        this.transmit = transmit;
    }

    /**
     * Opens a port on an Ethernet interface of the calling thread's network namespace. It need not
     * be up yet.
     *
     * @param index among the director's ports, from 0
     */
    public static AfPacketPort open(String interfaceName, int index) throws IOException {
        return open(interfaceName, index, RingSlots.DEFAULT);
    }

    public static AfPacketPort open(String interfaceName, int index, RingSlots slots)
            throws IOException {
        List<ReceiveRing> opened = new ArrayList<>();
        try {
            InterfaceFacts facts = InterfaceFacts.read(interfaceName);
            int shortSlot = shortSlot(facts.mtu());
            int shortLimit = shortSlot - ReceiveRing.FRAME_OFFSET;
            ReceiveRing shortFrames =
                    ReceiveRing.open(
                            facts.index(),
                            PacketSocket.ETH_P_IP,
                            new ReceiveRing.Layout(shortSlot, slots.shortFrames()),
                            0,
                            shortLimit);
            opened.add(shortFrames);
            ReceiveRing superFrames =
                    ReceiveRing.open(
                            facts.index(),
                            PacketSocket.ETH_P_IP,
                            new ReceiveRing.Layout(SUPER_SLOT, slots.superFrames()),
                            shortLimit + 1,
                            Integer.MAX_VALUE);
            opened.add(superFrames);
            ReceiveRing arp =
                    ReceiveRing.open(
                            facts.index(),
                            PacketSocket.ETH_P_ARP,
                            new ReceiveRing.Layout(ARP_SLOT, ARP_SLOTS),
                            0,
                            ARP_SLOT - ReceiveRing.FRAME_OFFSET);
            opened.add(arp);
            TransmitQueue transmit = TransmitQueue.open(facts.index());
            return new AfPacketPort(
                    index, interfaceName, facts, shortFrames, superFrames, arp, transmit);
        } catch (IOException e) {
            for (ReceiveRing ring : opened) {
                ring.close();
            }
            throw new IOException("interface " + interfaceName + ": " + e.getMessage(), e);
        }
    }

    /** A power of two that holds a frame of the MTU; frames beyond 16 KiB pass as super-frames. */
    private static int shortSlot(int mtu) {
        int slot = SHORT_SLOT_MINIMUM;
        while (slot < SHORT_SLOT_MAXIMUM
                && slot < ReceiveRing.FRAME_OFFSET + ETHERNET_HEADER + mtu) {
            slot <<= 1;
        }
        return slot;
    }

    /**
     * Empty when this kernel's packet sockets have all that a port needs, else what is missing.
     * Needs CAP_NET_RAW.
     */
    public static String probe() {
        try {
            ReceiveRing.probe();
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int interfaceIndex() {
        return facts.index();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long hardwareAddress() {
        return facts.hardwareAddress();
    }

    @Override
    public int mtu() {
        return facts.mtu();
    }

    @Override
    public int[] pollDescriptors() {
        return new int[] {
            shortFrames.descriptor(), superFrames.descriptor(), arp.descriptor(),
        };
    }

    /**
     * Merges the two rings by the time at which the kernel filled each slot. A frame seen in one
     * ring while the other looked empty proves nothing until the other was looked at once more: the
     * frame before it may have become visible in between.
     */
    @Override
    public int receive(int limit) {
        int most = Math.min(limit, BATCH);
        int taken = 0;
        int shortTaken = 0;
        int superTaken = 0;
        long nextShort = 0;
        long nextSuper = 0;
        // frames passed over count too, or a flood of them would keep us here
        while (taken < most && shortTaken + superTaken < 2 * BATCH) {
            if (nextShort == 0) {
                nextShort = shortFrames.peek(shortTaken);
            }
            if (nextSuper == 0) {
                nextSuper = superFrames.peek(superTaken);
                if (nextSuper != 0 && nextShort == 0) {
                    nextShort = shortFrames.peek(shortTaken);
                }
            }
            long slot;
            if (nextShort != 0 && (nextSuper == 0 || isEarlier(nextShort, nextSuper))) {
                slot = nextShort;
                nextShort = 0;
                shortTaken++;
            } else if (nextSuper != 0) {
                slot = nextSuper;
                nextSuper = 0;
                superTaken++;
            } else {
                break;
            }
            if (isForUs(slot)) {
                frames[taken] = ReceiveRing.frame(slot);
                lengths[taken] = ReceiveRing.length(slot);
                taken++;
            }
            if (taken > 0) {
                shortSlots[taken - 1] = shortTaken;
                superSlots[taken - 1] = superTaken;
            }
        }
        if (taken == 0) {
            shortFrames.release(shortTaken);
            superFrames.release(superTaken);
        }
        return taken;
    }

    private static boolean isEarlier(long slot, long other) {
        return ReceiveRing.time(slot) < ReceiveRing.time(other);
    }

    /**
     * PACKET_HOST is the kernel's own comparison of the destination with the interface's present
     * hardware address, so it stays right when that changes.
     */
    private boolean isForUs(long slot) {
        if (ReceiveRing.isTagged(slot)) {
            tagged.add(1);
            return false;
        }
        if (ReceiveRing.packetType(slot) != ReceiveRing.PACKET_HOST) {
            notForUs.add(1);
            return false;
        }
        if (ReceiveRing.isTruncated(slot)) {
            truncated.add(1);
            return false;
        }
        return true;
    }

    @Override
    public long frame(int i) {
        return frames[i];
    }

    @Override
    public int length(int i) {
        return lengths[i];
    }

    @Override
    public void release(int count) {
        if (count > 0) {
            received.add(count);
            shortFrames.release(shortSlots[count - 1]);
            superFrames.release(superSlots[count - 1]);
        }
    }

    @Override
    public void enqueue(long frame, int length) {
        transmit.add(frame, length);
    }

    @Override
    public void flush() {
        transmit.flush();
    }

    @Override
    public int receiveArp(long buffer, int capacity) {
        for (int looked = 0; looked < ARP_SLOTS; looked++) {
            long slot = arp.peek(0);
            if (slot == 0) {
                return 0;
            }
            int length = 0;
            if (isArpForUs(slot)) {
                length = Math.min(ReceiveRing.length(slot), capacity);
                Memory.copy(ReceiveRing.frame(slot), buffer, length);
            }
            arp.release(1);
            if (length > 0) {
                return length;
            }
        }
        return 0;
    }

    private static boolean isArpForUs(long slot) {
        int type = ReceiveRing.packetType(slot);
        return (type == ReceiveRing.PACKET_HOST || type == ReceiveRing.PACKET_BROADCAST)
                && !ReceiveRing.isTagged(slot)
                && !ReceiveRing.isTruncated(slot);
    }

    /**
     * An interface that went down leaves ENETDOWN at its sockets; they work again when it comes up.
     * One that was deleted leaves the same and its sockets stay silent for ever: who follows the
     * host's links ({@code HostNetwork}) learns which it was.
     */
    @Override
    public void pollFailed(int descriptor) {
        if (PacketSocket.takeError(descriptor) != 0 && descriptor == shortFrames.descriptor()) {
            linkErrors.add(1);
        }
    }

    @Override
    public synchronized PortCounters counters() {
        if (!closed) {
            dropped += shortFrames.takeDropped() + superFrames.takeDropped();
        }
        return new PortCounters(
                received.get(),
                dropped,
                truncated.get(),
                tagged.get(),
                notForUs.get(),
                transmit.sent(),
                transmit.failed(),
                transmit.lastErrno(),
                linkErrors.get());
    }

    /** Called when the worker has stopped: its slots are unmapped. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            shortFrames.close();
            superFrames.close();
            arp.close();
            transmit.close();
        }
    }
}
