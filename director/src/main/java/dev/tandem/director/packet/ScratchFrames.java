package dev.tandem.director.packet;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.VnetHeader;
import java.lang.foreign.Arena;

/**
 * Off-heap buffers for frames that the director makes itself: ARP, ICMP errors, resets. A buffer
 * may be handed to {@link PacketPort#enqueue} as it is; it stays taken until every port was flushed
 * and {@link #reset} called. One worker thread only.
 */
public final class ScratchFrames {
    /** What {@link #claim} returns when every buffer is taken. */
    public static final long NONE = 0;

    /** Bytes a frame may have: an ICMP error is at most 576 behind its Ethernet header. */
    public static final int CAPACITY_BYTES = 640;

    private static final int BEFORE = 128;
    private static final int STRIDE = BEFORE + CAPACITY_BYTES;

    private final long base;
    private final int count;
    private int claimed;

    public ScratchFrames(Arena arena, int count) {
        this.count = count;
        this.base = arena.allocate((long) count * STRIDE, 64).address() + BEFORE;
    }

    /** A frame with a cleared virtio-net header, its other bytes undefined, or {@link #NONE}. */
    public long claim() {
        if (claimed == count) {
            return NONE;
        }
        long frame = base + (long) claimed++ * STRIDE;
        VnetHeader.clear(frame);
        return frame;
    }

    /** Takes every buffer back; the ports have been flushed. */
    public void reset() {
        claimed = 0;
    }
}
