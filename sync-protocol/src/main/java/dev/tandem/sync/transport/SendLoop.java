package dev.tandem.sync.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The thread "sync-out": takes messages from the worker's queue, gives them to their streams'
 * sockets and waits until the sockets have them, so that a slow network is the only thing that
 * holds messages back. Parks when there is nothing to send; {@link #wakeUp} ends that.
 */
final class SendLoop implements Runnable {
    private static final int BATCH = 32;

    private final Thread thread;
    private final DatagramQueue queue;
    private final LinkChannels channels;
    private final TroubleLog trouble;
    private final List<ByteBuffer> datagrams = new ArrayList<>(BATCH);
    private final List<Channel> used = new ArrayList<>();
    private final List<Sending> sendings = new ArrayList<>(BATCH);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final SendErrors errors = new SendErrors();
    private volatile boolean closing;

    /** One datagram on its way into a socket. */
    private record Sending(ChannelFuture result, int length) {}

    SendLoop(DatagramQueue queue, LinkChannels channels, String link) {
        this.queue = queue;
        this.channels = channels;
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

    long bytes() {
        return bytes.get();
    }

    long errors() {
        return errors.total();
    }

    Map<String, Long> errorReasons() {
        return errors.byReason();
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
            write(next, queue.stream(next));
            next = datagrams.size() < BATCH ? queue.take() : null;
        }
        used.forEach(Channel::flush);
        for (Sending sending : sendings) {
            Throwable cause = sending.result.awaitUninterruptibly().cause();
            if (cause == null) {
                sent.incrementAndGet();
                bytes.addAndGet(sending.length);
            } else {
                lost(SendErrors.reason(cause));
            }
        }
        datagrams.forEach(queue::release);
        datagrams.clear();
        used.clear();
        sendings.clear();
    }

    private void write(ByteBuffer datagram, int stream) {
        LinkChannels.Outlet outlet = channels.outlet(stream);
        if (outlet == null) {
            lost("the interface cannot be used");
            return;
        }
        Channel channel = outlet.channel();
        if (!used.contains(channel)) {
            used.add(channel);
        }
        List<InetSocketAddress> destinations = outlet.destinations();
        int length = datagram.remaining();
        if (destinations.isEmpty()) {
            sendings.add(new Sending(channel.write(Unpooled.wrappedBuffer(datagram)), length));
        }
        for (InetSocketAddress destination : destinations) {
            ByteBuf content = Unpooled.wrappedBuffer(datagram);
            sendings.add(
                    new Sending(channel.write(new DatagramPacket(content, destination)), length));
        }
    }

    private void lost(String reason) {
        errors.count(reason);
        trouble.warn("cannot send", reason, System.nanoTime());
    }
}
