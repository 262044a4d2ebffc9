package dev.tandem.director.io;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A port without a network behind it, for tests and benchmarks: frames are injected, and what the
 * director sent is read back as copies. Whoever injects or reads may be on another thread than the
 * worker. As an array, a frame is the ten bytes of its virtio-net header and then the frame itself.
 *
 * <p>It keeps a real port's rules, and so finds those who break them: a frame handed to {@link
 * #enqueue} is read only at {@link #flush}, and the memory of released frames is overwritten.
 */
public class MemoryPort extends PacketPort {
    private static final int QUEUE_LENGTH = 64;
    private static final int POISON = 0xEE;

    private final int index;
    private final String name;
    private final long hardwareAddress;
    private final int mtu;
    private final Arena arena = Arena.ofShared();
    private final long slots;
    private final long stride;
    private final int slotCount;
    private final int[] lengths;
    private final long[] queuedFrames = new long[QUEUE_LENGTH];
    private final int[] queuedLengths = new int[QUEUE_LENGTH];
    private final ArrayDeque<byte[]> neighbourMessages = new ArrayDeque<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final boolean keepSent;
    private int queued;
    private long injected;
    private long released;
    private int batch;
    private long receivedFrames;
    private long receiveDropped;
    private long sentFrames;
    private boolean closed;

    /**
     * @param slotBytes longest frame it takes, up to 65550 for super-frames
     * @param slotCount injected frames that may wait
     * @param keepSent whether sent frames are kept for {@link #takeSent}, or only counted
     */
    public MemoryPort(
            int index,
            String name,
            long hardwareAddress,
            int mtu,
            int slotBytes,
            int slotCount,
            boolean keepSent) {
        this.index = index;
        this.name = name;
        this.hardwareAddress = hardwareAddress;
        this.mtu = mtu;
        this.slotCount = slotCount;
        this.keepSent = keepSent;
        this.lengths = new int[slotCount];
        this.stride = HEADROOM_BYTES + 64L + ((slotBytes + 63) & -64);
        this.slots = arena.allocate(stride * slotCount, 64).address() + HEADROOM_BYTES + 64;
    }

    /** A port for tests: 64 slots for frames of any size, sent frames kept. */
    public static MemoryPort open(int index, String name, long hardwareAddress, int mtu) {
        return new MemoryPort(index, name, hardwareAddress, mtu, 65_550, 64, true);
    }

    /** Lets a frame arrive; false when no slot is free or it is too long. */
    public synchronized boolean inject(byte[] frame) {
        long slot = claimSlot(frame.length - VnetHeader.LENGTH);
        if (slot == 0) {
            return false;
        }
        for (int i = 0; i < frame.length; i++) {
            Memory.putByte(slot - VnetHeader.LENGTH + i, frame[i]);
        }
        return true;
    }

    /** Lets a frame arrive that has its virtio-net header before it; allocates nothing. */
    public synchronized boolean inject(long frame, int length) {
        long slot = claimSlot(length);
        if (slot == 0) {
            return false;
        }
        Memory.copy(
                frame - VnetHeader.LENGTH, slot - VnetHeader.LENGTH, VnetHeader.LENGTH + length);
        return true;
    }

    /** Lets a frame of ARP or neighbour discovery arrive; it has no virtio-net header. */
    public synchronized void injectNeighbour(byte[] frame) {
        neighbourMessages.add(frame.clone());
    }

    /** What was sent since the last call, in order. */
    public synchronized List<byte[]> takeSent() {
        List<byte[]> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** Frames sent so far; for the worker's own thread. */
    public long sentFrames() {
        return sentFrames;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int interfaceIndex() {
        return index + 1;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long hardwareAddress() {
        return hardwareAddress;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int[] pollDescriptors() {
        return new int[0];
    }

    @Override
    public synchronized int receive(int limit) {
        batch = (int) Math.min(limit, injected - released);
        receivedFrames += batch;
        return batch;
    }

    @Override
    public long frame(int i) {
        return slotAddress(released + i);
    }

    @Override
    public int length(int i) {
        return lengths[(int) ((released + i) % slotCount)];
    }

    @Override
    public synchronized void release(int count) {
        if (count > batch) {
            throw new IllegalArgumentException("released " + count + " of " + batch);
        }
        for (int i = 0; i < count; i++) {
            Memory.fill(frame(i), Math.min(length(i), 64), POISON);
        }
        released += count;
        batch = 0;
    }

    @Override
    public void enqueue(long frame, int length) {
        if (queued == QUEUE_LENGTH) {
            flush();
        }
        queuedFrames[queued] = frame;
        queuedLengths[queued++] = length;
    }

    @Override
    public synchronized void flush() {
        if (keepSent) {
            for (int i = 0; i < queued; i++) {
                sent.add(
                        bytes(
                                queuedFrames[i] - VnetHeader.LENGTH,
                                VnetHeader.LENGTH + queuedLengths[i]));
            }
        }
        sentFrames += queued;
        queued = 0;
    }

    @Override
    public synchronized int receiveNeighbour(long buffer, int capacity) {
        byte[] frame = neighbourMessages.poll();
        if (frame == null) {
            return 0;
        }
        int length = Math.min(frame.length, capacity);
        for (int i = 0; i < length; i++) {
            Memory.putByte(buffer + i, frame[i]);
        }
        return length;
    }

    @Override
    public synchronized PortCounters counters() {
        return new PortCounters(receivedFrames, receiveDropped, 0, 0, 0, sentFrames, 0, 0, 0);
    }

    /** Whoever still injects is refused, for its memory is gone. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }

    private long claimSlot(int length) {
        if (closed || injected - released == slotCount || length > stride - HEADROOM_BYTES - 64) {
            receiveDropped++;
            return 0;
        }
        lengths[(int) (injected % slotCount)] = length;
        return slotAddress(injected++);
    }

    private long slotAddress(long number) {
        return slots + number % slotCount * stride;
    }

    private static byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) Memory.getByte(address + i);
        }
        return bytes;
    }
}
