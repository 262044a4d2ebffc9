package dev.tandem.director.io;

import java.io.IOException;

/**
 * A network interface as the packet path sees it: frames come in in batches, are rewritten where
 * they lie, and go out of this or another port from the same memory.
 *
 * <p>Used by one worker thread only. A batch is worked like this:
 *
 * <pre>{@code
 * int n = in.receive(64);
 * for (int i = 0; i < n; i++) { ... rewrite in.frame(i) ...; out.enqueue(in.frame(i), in.length(i)); }
 * for (PacketPort port : ports) port.flush();   // every port that may hold a frame of this batch
 * in.release(n);                                // from here the kernel may overwrite the frames
 * }</pre>
 *
 * <p>Around every frame, received or handed to {@link #enqueue}, lies
 *
 * <pre>
 *   address - 10 - HEADROOM_BYTES .. address - 11   spare, writable
 *   address - 10 .. address - 1                     virtio-net header (offsets in VnetHeader)
 *   address ..                                      Ethernet header and the rest, contiguous
 * </pre>
 *
 * The virtio-net header says whether the transport checksum is only partial and whether the frame
 * is a super-frame (GSO).
 */
public abstract class PacketPort implements AutoCloseable {
    /** Writable bytes before the virtio-net header, room for a tunnel header. */
    public static final int HEADROOM_BYTES = 64;

    /** Index among the director's ports, from 0; what route lookups return. */
    public abstract int index();

    /** The interface's index in the kernel. */
    public abstract int interfaceIndex();

    public abstract String name();

    /** The interface's hardware address in the low 48 bits, first byte highest. */
    public abstract long hardwareAddress();

    /** The interface's MTU in bytes, Ethernet header not counted. */
    public abstract int mtu();

    /**
     * File descriptors to poll for incoming frames and messages about neighbours; empty when this
     * port needs no polling.
     */
    public abstract int[] pollDescriptors();

    /**
     * Takes up to {@code limit} received frames; they stay valid until {@link #release}. Only IPv4
     * and IPv6 frames addressed to this host at link level, without a VLAN tag and not truncated
     * are handed out; others are counted and passed over, so 0 does not mean that nothing more is
     * waiting.
     */
    public abstract int receive(int limit);

    /** Address of frame {@code i} of the current batch: its Ethernet header. */
    public abstract long frame(int i);

    /**
     * Length of frame {@code i} in bytes, from the Ethernet header on; up to 64 KiB and more for
     * super-frames.
     */
    public abstract int length(int i);

    /**
     * Gives the first {@code count} frames of the batch back, at most once per batch; the rest is
     * handed out again by the next {@link #receive}.
     */
    public abstract void release(int count);

    /**
     * Lines up a frame for sending; the memory must stay untouched until {@link #flush}. Flushes by
     * itself when full. Never throws: a frame that the kernel refuses is counted.
     */
    public abstract void enqueue(long frame, int length);

    /** Sends all that was lined up. */
    public abstract void flush();

    /**
     * Takes one received message about neighbours, ARP or IPv6 neighbour discovery (ICMPv6 133 to
     * 137 without extension headers): its Ethernet frame, at most {@code capacity} bytes, is copied
     * to {@code buffer}. Returns its length, or 0 when none is waiting. ARP does not pass through
     * {@link #receive}; neighbour discovery that is sent to this host's hardware address does too.
     */
    public abstract int receiveNeighbour(long buffer, int capacity);

    /**
     * Has frames to an IPv6 multicast group received as long as the port is open; any thread.
     *
     * @throws IOException when the kernel has no room for more groups
     */
    public void joinGroup(long groupHigh, long groupLow) throws IOException {}

    /**
     * poll(2) found one of this port's descriptors in error, usually because the interface went
     * down: takes note of it and clears the error. Called by {@link Poller}.
     */
    public void pollFailed(int descriptor) {}

    /** Frames and errors so far; read by any thread. */
    public abstract PortCounters counters();

    @Override
    public abstract void close();
}
