package dev.tandem.sync.hardening;

import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.transport.SyncLinkCounters;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A multicast wire in virtual time that loses, doubles and delays; the seed decides what. */
final class SimulatedWire {
    static final int LENGTH = 1472;
    private static final long DELAY_NS = 100_000;
    private static final long LATE_NS = 8_000_000;

    @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
    private record Flight(long arrivalNs, long number, Port to, int stream, byte[] bytes) {}

    final List<byte[]> recorded = new ArrayList<>();
    private final SplittableRandom random;
    private final int streams;
    private final List<Port> ports = new ArrayList<>();
    private final PriorityQueue<Flight> flying =
            new PriorityQueue<>(
                    Comparator.comparingLong(Flight::arrivalNs).thenComparingLong(Flight::number));
    private long flights;
    private int lossPercent;
    private int doublePercent;
    private int latePercent;
    private boolean cut;
    boolean recording;
    private long nowNs;

    SimulatedWire(long seed, int streams) {
        random = new SplittableRandom(seed);
        this.streams = streams;
    }

    Port open() {
        Port port = new Port();
        ports.add(port);
        return port;
    }

    /** In percent of the datagrams, for each receiver anew. */
    void disturb(int loss, int doubled, int late) {
        lossPercent = loss;
        doublePercent = doubled;
        latePercent = late;
    }

    void cut(boolean on) {
        cut = on;
    }

    /** Lets what arrives until then arrive. */
    void advance(long toNs) {
        nowNs = toNs;
        while (!flying.isEmpty() && flying.peek().arrivalNs <= toNs) {
            Flight flight = flying.remove();
            flight.to.arrive(flight.bytes, flight.stream);
        }
    }

    /** As if it came from the wire, to every port. */
    void inject(byte[] bytes) {
        for (Port port : ports) {
            port.arrive(bytes, 0);
        }
    }

    private void carry(Port from, int stream, byte[] bytes) {
        if (recording) {
            recorded.add(bytes);
        }
        for (Port to : ports) {
            if (to == from || cut || random.nextInt(100) < lossPercent) {
                continue;
            }
            int copies = random.nextInt(100) < doublePercent ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                long late = random.nextInt(100) < latePercent ? random.nextLong(LATE_NS) : 0;
                flying.add(new Flight(nowNs + DELAY_NS + late, flights++, to, stream, bytes));
            }
        }
    }

    /** One node's end. */
    final class Port implements SyncLink {
        private final Deque<ByteBuffer> free = new ArrayDeque<>();
        private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
        private final IdentityHashMap<ByteBuffer, Integer> streamOf = new IdentityHashMap<>();
        private long sent;
        private long received;
        boolean unplugged;

        private void arrive(byte[] bytes, int stream) {
            if (unplugged) {
                return;
            }
            ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH);
            buffer.put(bytes).flip();
            streamOf.put(buffer, stream);
            arrived.add(buffer);
            received++;
        }

        long sent() {
            return sent;
        }

        @Override
        public int streams() {
            return streams;
        }

        @Override
        public ByteBuffer claim(int stream) {
            ByteBuffer buffer = free.poll();
            buffer = buffer == null ? ByteBuffer.allocateDirect(LENGTH) : buffer.clear();
            streamOf.put(buffer, stream);
            return buffer;
        }

        @Override
        public int stream(ByteBuffer datagram) {
            return streamOf.getOrDefault(datagram, 0);
        }

        @Override
        public void send(ByteBuffer datagram) {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            sent++;
            if (!unplugged) {
                carry(this, stream(datagram), bytes);
            }
            streamOf.remove(datagram);
            free.add(datagram);
        }

        @Override
        public @Nullable ByteBuffer receive() {
            return arrived.poll();
        }

        @Override
        public void release(ByteBuffer datagram) {
            streamOf.remove(datagram);
        }

        @Override
        public void onReceive(Runnable wakeUp) {}

        @Override
        public SyncLinkCounters counters() {
            return SyncLinkCounters.of(sent, 0, received);
        }

        @Override
        public void close() {}
    }
}
