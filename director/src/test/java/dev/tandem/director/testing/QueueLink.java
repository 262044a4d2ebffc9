package dev.tandem.director.testing;

import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.transport.SyncLinkCounters;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A sync link whose other end is another one of these, or nobody. */
public final class QueueLink implements SyncLink {
    private static final int LENGTH = 1472;

    private final Queue<ByteBuffer> received = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private volatile Runnable wakeUp = () -> {};
    private volatile @Nullable QueueLink peer;

    /** Joins two links. */
    public static void join(QueueLink one, QueueLink other) {
        one.peer = other;
        other.peer = one;
    }

    public long sent() {
        return sent.get();
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
    public ByteBuffer claim(int stream) {
        return ByteBuffer.allocateDirect(LENGTH);
    }

    @Override
    public void send(ByteBuffer datagram) {
        sent.incrementAndGet();
        QueueLink other = peer;
        if (other != null) {
            other.received.add(datagram);
            other.wakeUp.run();
        }
    }

    @Override
    public @Nullable ByteBuffer receive() {
        return received.poll();
    }

    @Override
    public void release(ByteBuffer datagram) {}

    @Override
    public void onReceive(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    @Override
    public SyncLinkCounters counters() {
        return SyncLinkCounters.of(sent.get(), 0, 0);
    }

    @Override
    public void close() {}
}
