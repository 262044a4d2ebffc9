package dev.tandem.director.io;

import java.io.IOException;

/**
 * The two rings in which the packets of one address family arrive: short frames, up to what the MTU
 * allows, in slots of their size, and super-frames of up to 64 KiB, which GRO and segmentation
 * offload make out of many, in slots of 68 KiB. {@link #receive} hands the frames of both out in
 * the order in which they came. Worker thread only, but for the counters.
 */
final class FamilyRings implements AutoCloseable {
    private static final int ETHERNET_HEADER = 14;

    /** 64 KiB of IP packet, Ethernet header, and what lies before it, in whole pages. */
    private static final int SUPER_SLOT = 68 << 10;

    private static final int SHORT_SLOT_MINIMUM = 2048;
    private static final int SHORT_SLOT_MAXIMUM = 16 << 10;

    private final ReceiveRing shortFrames;
    private final ReceiveRing superFrames;
    private final int batch;
    private final long[] frames;
    private final int[] lengths;

    /** Slots of each ring that are done with once frame i of the batch is. */
    private final int[] shortSlots;

    private final int[] superSlots;

    private final Tally truncated = new Tally();
    private final Tally tagged = new Tally();
    private final Tally notForUs = new Tally();

    private FamilyRings(ReceiveRing shortFrames, ReceiveRing superFrames, int batch) {
        this.shortFrames = shortFrames;
        this.superFrames = superFrames;
        this.batch = batch;
        frames = new long[batch];
        lengths = new int[batch];
        shortSlots = new int[batch];
        superSlots = new int[batch];
    }

    /**
     * @param etherType of the family
     * @param batch how many frames {@link #receive} hands out at most
     */
    static FamilyRings open(
            InterfaceFacts facts, int etherType, AfPacketPort.RingSlots slots, int batch)
            throws IOException {
        int shortSlot = shortSlot(facts.mtu());
        int shortLimit = shortSlot - ReceiveRing.FRAME_OFFSET;
        ReceiveRing shortFrames =
                ReceiveRing.open(
                        facts.index(),
                        etherType,
                        new ReceiveRing.Layout(shortSlot, slots.shortFrames()),
                        SocketFilter.lengths(0, shortLimit));
        try {
            ReceiveRing superFrames =
                    ReceiveRing.open(
                            facts.index(),
                            etherType,
                            new ReceiveRing.Layout(SUPER_SLOT, slots.superFrames()),
                            SocketFilter.lengths(shortLimit + 1, Integer.MAX_VALUE));
            return new FamilyRings(shortFrames, superFrames, batch);
        } catch (IOException e) {
            shortFrames.close();
            throw e;
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

    int shortDescriptor() {
        return shortFrames.descriptor();
    }

    int superDescriptor() {
        return superFrames.descriptor();
    }

    /**
     * Merges the two rings by the time at which the kernel filled each slot. A frame seen in one
     * ring while the other looked empty proves nothing until the other was looked at once more: the
     * frame before it may have become visible in between.
     */
    int receive(int limit) {
        int most = Math.min(limit, batch);
        int taken = 0;
        int shortTaken = 0;
        int superTaken = 0;
        long nextShort = 0;
        long nextSuper = 0;
        // frames passed over count too, or a flood of them would keep us here
        while (taken < most && shortTaken + superTaken < 2 * batch) {
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

    long frame(int i) {
        return frames[i];
    }

    int length(int i) {
        return lengths[i];
    }

    /** Gives the first {@code count} frames of the batch back. */
    void release(int count) {
        if (count > 0) {
            shortFrames.release(shortSlots[count - 1]);
            superFrames.release(superSlots[count - 1]);
        }
    }

    /** Frames that found no free slot since the last call. */
    int takeDropped() {
        return shortFrames.takeDropped() + superFrames.takeDropped();
    }

    long truncated() {
        return truncated.get();
    }

    long tagged() {
        return tagged.get();
    }

    long notForUs() {
        return notForUs.get();
    }

    @Override
    public void close() {
        shortFrames.close();
        superFrames.close();
    }
}
