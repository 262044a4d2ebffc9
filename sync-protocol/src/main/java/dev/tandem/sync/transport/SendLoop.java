package dev.tandem.sync.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The thread "sync-out": takes messages from the worker's queue, gives them to the socket and waits
 * until the socket has them, so that a slow network is the only thing that holds messages back.
 * Parks when there is nothing to send; {@link #wakeUp} ends that.
 */
final class SendLoop implements Runnable {
    private static final int BATCH = 32;

    private final Thread thread;
    private final DatagramQueue queue;
    private final Channel channel;
    private final TroubleLog trouble;
    private final List<ByteBuffer> datagrams = new ArrayList<>(BATCH);
    private final List<ChannelFuture> results = new ArrayList<>(BATCH);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile boolean closing;

    SendLoop(DatagramQueue queue, Channel channel, String link) {
        this.queue = queue;
        this.channel = channel;
        trouble = new TroubleLog(LoggerFactory.getLogger(SendLoop.class), link);
        thread = Thread.ofPlatform().daemon().name("sync-out").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Says that a message was put in the queue. Any thread. */
    void wakeUp() {
        LockSupport.unpark(thread);
    }

    /** Sends what is in the queue and ends the thread, within the given time if possible. */
    void close(long timeoutMs) {
        closing = true;
        wakeUp();
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    long sent() {
        return sent.get();
    }

    long errors() {
        return errors.get();
    }

    @Override
    public void run() {
        while (true) {
            // read before the queue: what was put in before closing is still sent
            boolean last = closing;
            ByteBuffer first = queue.take();
            if (first != null) {
                sendBatch(first);
            } else if (last) {
                return;
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void sendBatch(ByteBuffer first) {
        @Nullable ByteBuffer next = first;
        while (next != null) {
            datagrams.add(next);
            results.add(channel.write(Unpooled.wrappedBuffer(next)));
            next = datagrams.size() < BATCH ? queue.take() : null;
        }
        channel.flush();
        for (ChannelFuture result : results) {
            Throwable cause = result.awaitUninterruptibly().cause();
            if (cause == null) {
                sent.incrementAndGet();
            } else {
                errors.incrementAndGet();
                trouble.warn("cannot send", cause, System.nanoTime());
            }
        }
        for (ByteBuffer datagram : datagrams) {
            queue.release(datagram);
        }
        datagrams.clear();
        results.clear();
    }
}
