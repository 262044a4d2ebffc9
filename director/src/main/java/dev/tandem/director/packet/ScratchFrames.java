package dev.tandem.director.packet;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.VnetHeader;
import java.lang.foreign.Arena;

/**
 * Off-heap buffers for frames that the director makes itself: ARP, ICMP errors, resets, segments,
 * fragments. A buffer may be handed to {@link PacketPort#enqueue} as it is, and has the headroom of
 * a received frame; it stays taken until every port was flushed and {@link #reset} called. One
 * worker thread only.
 */
public final class ScratchFrames {
    /** What {@link #claim} returns when there is no room left. */
    public static final long NONE = 0;

    /** Bytes of an ordinary buffer: an ICMPv6 error has at most 1280 behind its Ethernet header. */
    public static final int CAPACITY_BYTES = 1344;

    private static final int BEFORE = 128;
    private static final int ALIGNMENT = 64;

    private final long base;
    private final long sizeBytes;
    private long claimedBytes;

    /**
     * @param count ordinary buffers that there is room for
     */
    public ScratchFrames(Arena arena, int count) {
        sizeBytes = (long) count * (BEFORE + CAPACITY_BYTES);
        base = arena.allocate(sizeBytes, ALIGNMENT).address();
    }

    /**
     * A frame with a cleared virtio-net header, its other {@link #CAPACITY_BYTES} bytes undefined,
     * or {@link #NONE}.
     */
    public long claim() {
        return claim(CAPACITY_BYTES);
    }

    /** The same with room for so many bytes. */
    public long claim(int lengthBytes) {
        long size = BEFORE + ((lengthBytes + ALIGNMENT - 1L) & -ALIGNMENT);
        if (claimedBytes + size > sizeBytes) {
            return NONE;
        }
        long frame = base + claimedBytes + BEFORE;
        claimedBytes += size;
        VnetHeader.clear(frame);
        return frame;
    }

    /** Takes every buffer back; the ports have been flushed. */
    public void reset() {
        claimedBytes = 0;
    }
}
