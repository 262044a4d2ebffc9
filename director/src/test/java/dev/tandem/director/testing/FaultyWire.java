package dev.tandem.director.testing;

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

/** A multicast wire in virtual time that loses, doubles and delays sync messages. */
public final class FaultyWire {
    private static final int LENGTH = 1472;
    private static final int BUFFERS = 256;
    private static final long DELAY_NS = 100_000;
    private static final long LATE_NS = 20_000_000;

    private final SplittableRandom random;
    private final int streams;
    private final List<Port> ports = new ArrayList<>();
    private final PriorityQueue<Flight> flying =
            new PriorityQueue<>(
                    Comparator.comparingLong((Flight f) -> f.arrivalNs)
                            .thenComparingLong(f -> f.number));
    private long flights;
    private int lossPercent;
    private int doublePercent;
    private int latePercent;
    private boolean cut;
    private long nowNs;

    public FaultyWire(SplittableRandom random, int streams) {
        this.random = random;
        this.streams = streams;
    }

    public SyncLink open() {
        Port port = new Port();
        ports.add(port);
        return port;
    }

    /** In percent of the datagrams, for each receiver anew. */
    public void disturb(int loss, int doubled, int late) {
        lossPercent = loss;
        doublePercent = doubled;
        latePercent = late;
    }

    public void cut(boolean on) {
        cut = on;
    }

    /** Lets what arrives until then arrive. */
    public void advance(long toNs) {
        nowNs = toNs;
        while (!flying.isEmpty() && flying.peek().arrivalNs <= toNs) {
            Flight flight = flying.remove();
            flight.to.arrive(flight.bytes, flight.stream);
        }
    }

    private void carry(Port from, int stream, byte[] bytes) {
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

    private static final class Flight {
        private final long arrivalNs;
        private final long number;
        private final Port to;
        private final int stream;
        private final byte[] bytes;

        Flight(long arrivalNs, long number, Port to, int stream, byte[] bytes) {
            this.arrivalNs = arrivalNs;
            this.number = number;
            this.to = to;
            this.stream = stream;
            this.bytes = bytes;
        }
    }

    private final class Port implements SyncLink {
        private final Deque<ByteBuffer> free = new ArrayDeque<>();
        private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
        private final IdentityHashMap<ByteBuffer, Integer> streamOf = new IdentityHashMap<>();

        Port() {
            for (int i = 0; i < BUFFERS; i++) {
                free.add(ByteBuffer.allocateDirect(LENGTH));
            }
        }

        private void arrive(byte[] bytes, int stream) {
            ByteBuffer buffer = claim(stream);
            if (buffer != null) {
                arrived.add(buffer.put(bytes).flip());
            }
        }

        @Override
        public int streams() {
            return streams;
        }

        @Override
        public @Nullable ByteBuffer claim(int stream) {
            ByteBuffer buffer = free.poll();
            if (buffer == null) {
                return null;
            }
            streamOf.put(buffer, stream);
            return buffer.clear();
        }

        @Override
        public int stream(ByteBuffer datagram) {
            return streamOf.getOrDefault(datagram, 0);
        }

        @Override
        public void send(ByteBuffer datagram) {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            carry(this, stream(datagram), bytes);
            free.add(datagram);
        }

        @Override
        public @Nullable ByteBuffer receive() {
            return arrived.poll();
        }

        @Override
        public void release(ByteBuffer datagram) {
            free.add(datagram);
        }

        @Override
        public void onReceive(Runnable wakeUp) {}

        @Override
        public SyncLinkCounters counters() {
            return SyncLinkCounters.of(0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
