package dev.tandem.director.sync;

import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.transport.SyncLinkCounters;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A link whose messages arrive at its other end at once, for one thread. */
final class MemorySyncLink implements SyncLink {
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private long sent;
    private long drops;

    MemorySyncLink(int buffers, int maxLength) {
        for (int i = 0; i < buffers; i++) {
            free.add(ByteBuffer.allocateDirect(maxLength));
        }
    }

    /** Datagrams sent and not yet received. */
    int waiting() {
        return waiting.size();
    }

    /** Loses what was sent and not yet received. */
    void lose() {
        while (!waiting.isEmpty()) {
            release(waiting.remove());
        }
    }

    @Override
    public int streams() {
        return 1;
    }

    @Override
    public int stream(ByteBuffer datagram) {
        return 0;
    }

    @Override
    public @Nullable ByteBuffer claim(int stream) {
        ByteBuffer buffer = free.poll();
        if (buffer == null) {
            drops++;
        }
        return buffer;
    }

    @Override
    public void send(ByteBuffer datagram) {
        sent++;
        waiting.add(datagram);
    }

    @Override
    public @Nullable ByteBuffer receive() {
        return waiting.poll();
    }

    @Override
    public void release(ByteBuffer datagram) {
        free.add(datagram);
    }

    @Override
    public void onReceive(Runnable wakeUp) {
        throw new UnsupportedOperationException("nobody sleeps here");
    }

    @Override
    public SyncLinkCounters counters() {
        return SyncLinkCounters.of(sent, drops, sent - waiting.size());
    }

    @Override
    public void close() {}
}
