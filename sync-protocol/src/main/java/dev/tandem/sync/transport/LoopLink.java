package dev.tandem.sync.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a link in memory, for one thread: what is sent at one end arrives at the other, in
 * order and at once. For rehearsals and benchmarks.
 */
public final class LoopLink implements SyncLink {
    /** Bytes of the longest message. */
    public static final int LENGTH = SyncLinkConfig.DEFAULT_MAX_LENGTH;

    private static final int BUFFERS = 64;

    private final ArrayDeque<ByteBuffer> free;
    private final ArrayDeque<ByteBuffer> outgoing;
    private final ArrayDeque<ByteBuffer> incoming;

    private LoopLink(
            ArrayDeque<ByteBuffer> free,
            ArrayDeque<ByteBuffer> outgoing,
            ArrayDeque<ByteBuffer> incoming) {
        this.free = free;
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    /** A link that leads nowhere: what is sent on it is gone, and nothing ever comes. */
    public static LoopLink deaf() {
        var free = new ArrayDeque<ByteBuffer>();
        fill(free);
        return new LoopLink(free, free, new ArrayDeque<>());
    }

    private static void fill(ArrayDeque<ByteBuffer> free) {
        for (int i = 0; i < BUFFERS; i++) {
            free.add(ByteBuffer.allocateDirect(LENGTH));
        }
    }

    /** Both ends. */
    public record Pair(LoopLink one, LoopLink other) {
        public Pair() {
            this(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
        }

        private Pair(
                ArrayDeque<ByteBuffer> free,
                ArrayDeque<ByteBuffer> there,
                ArrayDeque<ByteBuffer> back) {
            this(new LoopLink(free, there, back), new LoopLink(free, back, there));
            fill(free);
        }
    }

    @Override
    public int streams() {
        return 1;
    }

    @Override
    public @Nullable ByteBuffer claim(int stream) {
        ByteBuffer buffer = free.poll();
        return buffer == null ? null : buffer.clear();
    }

    @Override
    public int stream(ByteBuffer datagram) {
        return 0;
    }

    @Override
    public void send(ByteBuffer datagram) {
        outgoing.add(datagram);
    }

    @Override
    public @Nullable ByteBuffer receive() {
        return incoming.poll();
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
