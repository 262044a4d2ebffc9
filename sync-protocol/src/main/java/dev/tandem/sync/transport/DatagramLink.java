package dev.tandem.sync.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sync messages over UDP: by multicast, as the kernel's sync daemons exchange them, or by unicast
 * to named peers. Sends and receives: the nodes are equals, and who is master may change.
 *
 * <pre>
 *   worker ── claim, send ──▶ queue ──▶ thread sync-out ──▶ a socket for each stream
 *   worker ◀─ receive ─────── queue ◀── thread sync-in  ◀── a socket for each stream
 * </pre>
 *
 * Does not hear its own messages, nor by multicast those of others on the same host.
 */
public final class DatagramLink implements SyncLink {
    private static final long CLOSE_TIMEOUT_MS = 1000;

    private final int streams;
    private final EventLoopGroup eventLoops;
    private final LinkChannels channels;
    private final DatagramQueue outgoing;
    private final DatagramQueue incoming;
    private final SendLoop sendLoop;
    private final Inbox inbox;
    private final AtomicLong sendDrops = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private DatagramLink(SyncLinkConfig config, int mtu) {
        streams = config.ports();
        // each stream may have a buffer that is being written
        outgoing = new DatagramQueue(config.queueLength() + streams, config.sendLength());
        incoming = new DatagramQueue(config.receiveQueueLength(mtu), config.receiveLength(mtu));
        inbox = new Inbox(incoming, config.toString());
        eventLoops =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("sync-in", true), NioIoHandler.newFactory());
        channels = new LinkChannels(config, eventLoops.next(), inbox);
        sendLoop = new SendLoop(outgoing, channels, config.toString());
    }

    /**
     * Opens the sockets and starts the threads.
     *
     * @throws IOException with the interface, the destination and everything that is wrong
     */
    public static DatagramLink open(SyncLinkConfig config) throws IOException {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new IOException("cannot open " + config + ": " + String.join("; ", problems));
        }
        @Nullable DatagramLink link = null;
        try {
            LocalInterface local = LocalInterface.find(config);
            link = new DatagramLink(config, local.mtu());
            link.channels.open(local);
            link.sendLoop.start();
            return link;
        } catch (IOException e) {
            if (link != null) {
                link.close();
            }
            throw new IOException("cannot open " + config + ": " + e.getMessage(), e);
        }
    }

    @Override
    public int streams() {
        return streams;
    }

    @Override
    public int stream(ByteBuffer datagram) {
        return incoming.owns(datagram) ? incoming.stream(datagram) : outgoing.stream(datagram);
    }

    @Override
    public @Nullable ByteBuffer claim(int stream) {
        ByteBuffer buffer = outgoing.claim(stream);
        if (buffer == null) {
            sendDrops.incrementAndGet();
        }
        return buffer;
    }

    @Override
    public void send(ByteBuffer datagram) {
        outgoing.put(datagram);
        sendLoop.wakeUp();
    }

    @Override
    public @Nullable ByteBuffer receive() {
        return incoming.take();
    }

    @Override
    public void release(ByteBuffer datagram) {
        incoming.release(datagram);
    }

    @Override
    public void onReceive(Runnable wakeUp) {
        inbox.onReceive(wakeUp);
    }

    @Override
    public SyncLinkCounters counters() {
        return new SyncLinkCounters(
                sendLoop.sent(),
                sendLoop.bytes(),
                sendLoop.errors(),
                sendLoop.errorReasons(),
                sendDrops.get(),
                inbox.received(),
                inbox.bytes(),
                inbox.errors(),
                inbox.drops(),
                channels.socketDrops(),
                inbox.truncated(),
                inbox.strangers(),
                channels.reopened());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sendLoop.close(CLOSE_TIMEOUT_MS);
            channels.close();
            eventLoops
                    .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly();
        }
    }
}
