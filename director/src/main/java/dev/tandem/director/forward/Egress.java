package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.route.NextHops;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The way out: finds the next hop, writes the link-level addresses, cuts what is too long and may
 * be cut, and lines the frame up on the port. Frames whose next hop is not resolved yet wait for
 * it, a second at most. Worker thread only.
 */
public final class Egress {
    /**
     * As a fragment size: the packet may be cut as the route's MTU wants it, whatever its header
     * says. A tunnel's own packets may.
     */
    static final int ANY_FRAGMENT_SIZE = 0xFFFF;

    private static final long PATIENCE_NS = 1_000_000_000L;
    private static final int SCRATCH_FRAMES = 128;

    private final PacketPort[] ports;
    private final NextHops nextHops;
    private final PathCounters counters;
    private final PendingFrames pending;
    private final ScratchFrames segments;

    /** Apart from the former: a segment that lies there may be cut into fragments. */
    private final ScratchFrames fragments;

    private final Fragmenter fragmenter;
    private long seenGeneration;

    public Egress(
            List<? extends PacketPort> ports,
            NextHops nextHops,
            PathCounters counters,
            Arena arena) {
        this.ports = ports.toArray(PacketPort[]::new);
        this.nextHops = nextHops;
        this.counters = counters;
        this.pending = new PendingFrames(arena);
        this.segments = new ScratchFrames(arena, SCRATCH_FRAMES);
        this.fragments = new ScratchFrames(arena, SCRATCH_FRAMES);
        this.fragmenter = new Fragmenter(this, ThreadLocalRandom.current().nextInt());
    }

    /** See {@link NextHops#lookup}. */
    long lookup(boolean ipv6, long high, long low) {
        return ipv6 ? nextHops.lookup(high, low) : nextHops.lookup((int) low);
    }

    /** See {@link NextHops#route}. */
    long route(boolean ipv6, long high, long low) {
        return ipv6 ? nextHops.route(high, low) : nextHops.route((int) low);
    }

    /** Sends a packet as it lies in its frame; see the other one. */
    void send(Frame packet, long nextHop, boolean ipv6, long high, long low, long nowNs) {
        send(packet.frame, packet.length, packet.fragmentSize, nextHop, ipv6, high, low, nowNs);
    }

    /**
     * Sends a frame to a next hop that {@link #lookup} gave for the destination, or lets it wait
     * for one. What does not fit the route leaves in fragments, if it may be fragmented.
     *
     * @param fragmentSize bytes of the largest fragment that the packet came in, which those that
     *     leave will not exceed; 0: it came whole; or {@link #ANY_FRAGMENT_SIZE}
     */
    void send(
            long frame,
            int length,
            int fragmentSize,
            long nextHop,
            boolean ipv6,
            long high,
            long low,
            long nowNs) {
        if (nextHop != NextHops.UNRESOLVED) {
            leave(frame, length, fragmentSize, nextHop);
            return;
        }
        if (!pending.offer(frame, length, fragmentSize, ipv6, high, low, nowNs + PATIENCE_NS)) {
            counters.drop(DropReason.PENDING_FULL);
        }
        counters.pendingNow = pending.size();
    }

    /** Sends a frame back out of the port that it came from; its hardware addresses are right. */
    void sendBack(PacketPort port, Frame packet) {
        int limit =
                packet.fragmentSize == 0 ? port.mtu() : Math.min(packet.fragmentSize, port.mtu());
        if (packet.totalLength <= limit || VnetHeader.isSegmented(packet.frame)) {
            port.enqueue(packet.frame, packet.length);
        } else if (fragmenter.split(port, packet.frame, packet.length, limit)) {
            counters.fragmented++;
        } else {
            counters.drop(DropReason.TOO_BIG_UNTOLD);
        }
    }

    /**
     * Sends waiting frames whose next hop became known and gives up on those that waited too long.
     * Flushes the ports if it sent any.
     */
    public int doWork(long nowNs) {
        if (pending.size() == 0) {
            return 0;
        }
        long generation = nextHops.generation();
        if (generation == seenGeneration && nowNs - pending.deadlineNs(0) < 0) {
            return 0;
        }
        seenGeneration = generation;
        int work = 0;
        for (int i = 0; i < pending.size(); i++) {
            if (pending.isWaiting(i) && settle(i, nowNs)) {
                pending.take(i);
                work++;
            }
        }
        flush();
        pending.compact();
        counters.pendingNow = pending.size();
        return work;
    }

    /** Nanoseconds until a waiting frame expires, or Long.MAX_VALUE. */
    public long waitNs(long nowNs) {
        return pending.size() == 0 ? Long.MAX_VALUE : Math.max(0, pending.deadlineNs(0) - nowNs);
    }

    /** Sends everything that is lined up on any port. */
    public void flush() {
        for (PacketPort port : ports) {
            port.flush();
        }
        segments.reset();
        fragments.reset();
    }

    /** Drops all that waits: it must not leave after the addresses were given up. */
    public void forget() {
        for (int i = 0; i < pending.size(); i++) {
            if (pending.isWaiting(i)) {
                pending.take(i);
                counters.drop(DropReason.NOT_OWNER);
            }
        }
        pending.compact();
        counters.pendingNow = 0;
    }

    /** A frame for a segment of a super-frame; it is good until it has been sent. */
    long claimSegment(int length) {
        return claim(segments, length);
    }

    /** A frame for a fragment; it is good until it has been enqueued. */
    long claimFragment(int length) {
        return claim(fragments, length);
    }

    /** When the room is used up, what lies there leaves now. */
    private long claim(ScratchFrames frames, int length) {
        long frame = frames.claim(length);
        if (frame == ScratchFrames.NONE) {
            flush();
            frame = frames.claim(length);
        }
        return frame;
    }

    /** Whether the frame's waiting is over. */
    private boolean settle(int i, long nowNs) {
        long nextHop = lookup(pending.isIpv6(i), pending.high(i), pending.low(i));
        if (nextHop == NextHops.NO_ROUTE || nextHop == NextHops.LOCAL) {
            counters.drop(DropReason.NO_ROUTE);
        } else if (nextHop != NextHops.UNRESOLVED) {
            leave(pending.frame(i), pending.length(i), pending.fragmentSize(i), nextHop);
        } else if (nowNs - pending.deadlineNs(i) >= 0) {
            counters.drop(DropReason.PENDING_EXPIRED);
        } else {
            return false;
        }
        return true;
    }

    private void leave(long frame, int length, int fragmentSize, long nextHop) {
        NextHops.writeHardwareAddresses(nextHop, frame);
        PacketPort port = ports[NextHops.port(nextHop)];
        int mtu = NextHops.mtu(nextHop);
        int limit = fragmentSize == 0 ? mtu : Math.min(fragmentSize, mtu);
        if (length - Ethernet.HEADER_LENGTH <= limit || VnetHeader.isSegmented(frame)) {
            port.enqueue(frame, length);
        } else if (!mayBeCut(frame, fragmentSize)
                || !fragmenter.split(port, frame, length, limit)) {
            // the route has become narrower while the frame waited
            counters.drop(DropReason.TOO_BIG_UNTOLD);
        } else {
            counters.fragmented++;
        }
    }

    private static boolean mayBeCut(long frame, int fragmentSize) {
        long ip = frame + Ethernet.HEADER_LENGTH;
        return fragmentSize != 0
                || (Memory.getShortBe(frame + Ethernet.TYPE_OFFSET) == Ethernet.TYPE_IPV4
                        && (Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.DONT_FRAGMENT)
                                == 0);
    }
}
