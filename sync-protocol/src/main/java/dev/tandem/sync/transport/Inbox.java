package dev.tandem.sync.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * What arrives on a link's sockets, on its way to the worker's queue, and the count of what does
 * not get there. Filled by the thread "sync-in"; any thread may read the numbers.
 */
final class Inbox {
    private final DatagramQueue queue;
    private final TroubleLog trouble;
    private final String tooLong;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong drops = new AtomicLong();
    private final AtomicLong truncated = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();
    private volatile Runnable wakeUp = () -> {};

    Inbox(DatagramQueue queue, String link) {
        this.queue = queue;
        tooLong = "message lost, longer than " + queue.length() + " bytes";
        trouble = new TroubleLog(LoggerFactory.getLogger(Inbox.class), link);
    }

    void onReceive(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Bytes to read of a datagram: one more than is taken tells a cut one from a full one. */
    int readLength() {
        return queue.length() + 1;
    }

    void put(int stream, DatagramPacket packet, LinkSockets sockets) {
        if (!sockets.accepts(packet.sender().getAddress())) {
            strangers.incrementAndGet();
            trouble.warn("message refused, not from a peer", packet.sender(), System.nanoTime());
            return;
        }
        ByteBuf content = packet.content();
        int length = content.readableBytes();
        if (length > queue.length()) {
            truncated.incrementAndGet();
            trouble.warn(tooLong, packet.sender(), System.nanoTime());
            return;
        }
        ByteBuffer buffer = queue.claim(stream);
        if (buffer == null) {
            drops.incrementAndGet();
            trouble.warn("message lost, the worker is behind", packet.sender(), System.nanoTime());
            return;
        }
        content.readBytes(buffer.limit(length));
        queue.put(buffer.flip());
        received.incrementAndGet();
        bytes.addAndGet(length);
    }

    void wakeWorker() {
        wakeUp.run();
    }

    void error(Throwable cause) {
        errors.incrementAndGet();
        trouble.warn("cannot receive", cause, System.nanoTime());
    }

    long received() {
        return received.get();
    }

    long bytes() {
        return bytes.get();
    }

    long errors() {
        return errors.get();
    }

    long drops() {
        return drops.get();
    }

    long truncated() {
        return truncated.get();
    }

    long strangers() {
        return strangers.get();
    }
}
