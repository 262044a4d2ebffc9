package dev.tandem.tools.demo;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.EOFException;
import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;

/**
 * A cable between two interfaces of a namespace, one thread that carries frames from each to the
 * other, and on demand loses, doubles and delays them.
 *
 * <p>The far ends must not leave checksums to the hardware: none will complete them.
 */
final class ImpairedWire implements AutoCloseable {
    private static final int SNAP_LENGTH = 65_536;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int BATCH = 64;
    private static final long IDLE_NS = 200_000;
    private static final long SHORTEST_DELAY_NS = 1_000_000;
    private static final long LONGEST_DELAY_NS = 20_000_000;

    /**
     * What happens to frames, each in percent of them.
     *
     * @param reordered delayed by 1 to 20 ms, so that later ones pass them
     */
    record Fault(int lost, int doubled, int reordered) {
        static final Fault NONE = new Fault(0, 0, 0);
        static final Fault CUT = new Fault(100, 0, 0);

        static Fault each(int percent) {
            return new Fault(percent, percent, percent);
        }
    }

    /** What the wire did to frames since its start. */
    record Counters(long carried, long lost, long doubled, long delayed) {}

    /** A frame that is held back. */
    private static final class Late {
        final long dueNs;
        final PcapHandle to;
        final byte[] frame;

        Late(long dueNs, PcapHandle to, byte[] frame) {
            this.dueNs = dueNs;
            this.to = to;
            this.frame = frame;
        }
    }

    private final PcapHandle one;
    private final PcapHandle other;
    private final SplittableRandom random = new SplittableRandom(7);
    private final PriorityQueue<Late> late =
            new PriorityQueue<>(Comparator.comparingLong(l -> l.dueNs));
    private final Thread thread;
    private volatile Fault fault = Fault.NONE;
    private volatile Counters counters = new Counters(0, 0, 0, 0);
    private volatile boolean closed;
    private volatile String trouble = "";

    private ImpairedWire(PcapHandle one, PcapHandle other) {
        this.one = one;
        this.other = other;
        thread = Thread.ofPlatform().name("impaired wire").daemon().unstarted(this::run);
    }

    /** Joins two interfaces of a namespace; they must be up. */
    static ImpairedWire join(Namespace host, String one, String other) throws IOException {
        var wire = host.call(() -> new ImpairedWire(open(one), open(other)));
        wire.thread.start();
        return wire;
    }

    private static PcapHandle open(String name) throws PcapNativeException, NotOpenException {
        PcapHandle handle =
                new PcapHandle.Builder(name)
                        .snaplen(SNAP_LENGTH)
                        .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                        .timeoutMillis(1)
                        .bufferSize(BUFFER_BYTES)
                        .immediateMode(true)
                        .build();
        handle.setBlockingMode(BlockingMode.NONBLOCKING);
        // not what this wire itself puts out there
        handle.setDirection(PcapDirection.IN);
        return handle;
    }

    /** From now on. */
    void fault(Fault now) {
        fault = now;
    }

    /** What was done so far. Fails when the wire has broken of itself. */
    Counters counters() {
        if (!trouble.isEmpty()) {
            throw new AssertionError("the wire does not work: " + trouble);
        }
        return counters;
    }

    private void run() {
        try {
            while (!closed) {
                boolean busy = carry(one, other);
                busy |= carry(other, one);
                long nowNs = System.nanoTime();
                for (Late next = late.peek();
                        next != null && next.dueNs - nowNs <= 0;
                        next = late.peek()) {
                    next.to.sendPacket(next.frame);
                    late.remove();
                }
                if (!busy) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } catch (EOFException | PcapNativeException | NotOpenException e) {
            trouble = e.toString();
        }
    }

    private boolean carry(PcapHandle from, PcapHandle to)
            throws EOFException, PcapNativeException, NotOpenException {
        for (int i = 0; i < BATCH; i++) {
            try {
                pass(from.getNextRawPacketEx(), to);
            } catch (TimeoutException _) {
                return i > 0;
            }
        }
        return true;
    }

    private void pass(byte[] frame, PcapHandle to) throws PcapNativeException, NotOpenException {
        Fault now = fault;
        Counters before = counters;
        boolean lost = happens(now.lost);
        boolean doubled = !lost && happens(now.doubled);
        boolean delayed = !lost && happens(now.reordered);
        if (!lost) {
            if (delayed) {
                long delayNs = random.nextLong(SHORTEST_DELAY_NS, LONGEST_DELAY_NS);
                late.add(new Late(System.nanoTime() + delayNs, to, frame));
            } else {
                to.sendPacket(frame);
            }
            if (doubled) {
                to.sendPacket(frame);
            }
        }
        counters =
                new Counters(
                        before.carried + 1,
                        before.lost + (lost ? 1 : 0),
                        before.doubled + (doubled ? 1 : 0),
                        before.delayed + (delayed ? 1 : 0));
    }

    private boolean happens(int percent) {
        return random.nextInt(100) < percent;
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        one.close();
        other.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
