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
    public @Nullable ByteBuffer claim() {
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
        return new SyncLinkCounters(sent, 0, drops, sent - waiting.size(), 0, 0, 0);
    }

    @Override
    public void close() {}
}
