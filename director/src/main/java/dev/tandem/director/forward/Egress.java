package dev.tandem.director.forward;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.route.NextHops;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * The way out: finds the next hop, writes the link-level addresses, and lines the frame up on the
 * port. Frames whose next hop is not resolved yet wait for it, a second at most. Worker thread
 * only.
 */
public final class Egress {
    private static final long PATIENCE_NS = 1_000_000_000L;

    private final PacketPort[] ports;
    private final NextHops nextHops;
    private final PathCounters counters;
    private final PendingFrames pending;
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
    }

    /** See {@link NextHops#lookup}; nothing is handed to the host itself. */
    long lookup(int destination) {
        long nextHop = nextHops.lookup(destination);
        return nextHop == NextHops.LOCAL ? NextHops.NO_ROUTE : nextHop;
    }

    /** Sends the packet to a next hop that {@link #lookup} gave, or lets it wait for one. */
    void send(Ipv4Frame packet, long nextHop, int destination, long nowNs) {
        if (nextHop == NextHops.UNRESOLVED) {
            if (!pending.offer(packet.frame, packet.length, destination, nowNs + PATIENCE_NS)) {
                counters.drop(DropReason.PENDING_FULL);
            }
            counters.pendingNow = pending.size();
        } else {
            send(packet.frame, packet.length, nextHop);
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

    /** Whether the frame's waiting is over. */
    private boolean settle(int i, long nowNs) {
        long nextHop = lookup(pending.destination(i));
        if (nextHop == NextHops.NO_ROUTE) {
            counters.drop(DropReason.NO_ROUTE);
        } else if (nextHop != NextHops.UNRESOLVED && pending.isTooBig(i, NextHops.mtu(nextHop))) {
            counters.drop(DropReason.TOO_BIG_TO_FRAGMENT);
        } else if (nextHop != NextHops.UNRESOLVED) {
            send(pending.frame(i), pending.length(i), nextHop);
        } else if (nowNs - pending.deadlineNs(i) >= 0) {
            counters.drop(DropReason.PENDING_EXPIRED);
        } else {
            return false;
        }
        return true;
    }

    private void send(long frame, int length, long nextHop) {
        NextHops.writeHardwareAddresses(nextHop, frame);
        ports[NextHops.port(nextHop)].enqueue(frame, length);
    }
}
