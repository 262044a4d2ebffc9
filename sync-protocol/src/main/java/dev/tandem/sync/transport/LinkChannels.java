package dev.tandem.sync.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of a link, two for each stream, and their successors: an interface that was deleted
 * and made again, or got another address, is a new one to the kernel, and sockets bound to the old
 * one stay deaf for ever. So the interface is looked at once a second and the sockets are made anew
 * when they are of another one; what goes wrong until then is counted where it happens.
 *
 * <p>Sockets are opened and closed on the thread "sync-in" alone.
 */
final class LinkChannels {
    private static final Logger LOG = LoggerFactory.getLogger(LinkChannels.class);
    private static final long WATCH_MS = 1000;
    private static final long LET_GO_MS = 20;

    /**
     * An IPv6 address cannot be bound before the kernel has asked the neighbours whether it is
     * anybody else's (RFC 4862, 5.4), which takes two seconds from the link's coming up.
     */
    private static final long TENTATIVE_NS = TimeUnit.SECONDS.toNanos(5);

    private final SyncLinkConfig config;
    private final EventLoop eventLoop;
    private final Inbox inbox;
    private final TroubleLog trouble;

    private volatile @Nullable Sockets sockets;

    /** Of the event loop alone: a look at the interface that comes late must not open anew. */
    private boolean closed;

    private final AtomicLong reopened = new AtomicLong();
    private final AtomicLong earlierDrops = new AtomicLong();

    /** What is open at a time. */
    private record Sockets(
            LinkSockets setUp, List<Outlet> outlets, List<Channel> receivers, SocketDrops drops) {}

    LinkChannels(SyncLinkConfig config, EventLoop eventLoop, Inbox inbox) {
        this.config = config;
        this.eventLoop = eventLoop;
        this.inbox = inbox;
        trouble = new TroubleLog(LOG, config.toString());
    }

    /** Opens the sockets and begins to watch the interface. */
    void open(LocalInterface local) throws IOException {
        long startNs = System.nanoTime();
        IOException failure = tryOpen(local);
        while (failure instanceof BindException
                && config.ipv6()
                && System.nanoTime() - startNs < TENTATIVE_NS) {
            LockSupport.parkNanos(TENTATIVE_NS / 100);
            failure = tryOpen(local);
        }
        if (failure != null) {
            throw failure;
        }
        var _ =
                eventLoop.scheduleWithFixedDelay(
                        this::watch, WATCH_MS, WATCH_MS, TimeUnit.MILLISECONDS);
    }

    private @Nullable IOException tryOpen(LocalInterface local) {
        Future<?> opening =
                eventLoop.submit(() -> {
                    sockets = openAll(LinkSockets.of(config, local));
                    return sockets;
                });
        Throwable cause = opening.awaitUninterruptibly().cause();
        return cause == null || cause instanceof IOException
                ? (IOException) cause
                : new IOException(cause.toString(), cause);
    }

    /** How a stream is sent: see {@link LinkSockets#destinations}. */
    record Outlet(Channel channel, List<InetSocketAddress> destinations) {}

    /** Where a stream leaves, or null when it cannot at the moment. */
    @Nullable Outlet outlet(int stream) {
        Sockets now = sockets;
        return now == null ? null : now.outlets.get(stream);
    }

    /** Times that the sockets were made anew. */
    long reopened() {
        return reopened.get();
    }

    /** Datagrams that the kernel dropped for want of room in a receiving socket. */
    long socketDrops() {
        Sockets now = sockets;
        return earlierDrops.get() + (now == null ? 0 : now.drops.read());
    }

    void close() {
        eventLoop
                .submit(() -> {
                    closed = true;
                    closeAll();
                })
                .awaitUninterruptibly();
    }

    private void watch() {
        if (closed) {
            return;
        }
        try {
            LocalInterface local = LocalInterface.find(config);
            Sockets now = sockets;
            if (now == null) {
                sockets = openAll(LinkSockets.of(config, local));
                reopened.incrementAndGet();
                LOG.info("{}: the interface is another one, sockets made anew", config);
            } else if (!now.setUp.suits(local)) {
                closeAll();
                // the old ones keep their ports until the selector has let go of them
                var _ = eventLoop.schedule(this::watch, LET_GO_MS, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | RuntimeException e) {
            trouble.warn("the interface cannot be used", e, System.nanoTime());
        }
    }

    private void closeAll() {
        Sockets old = sockets;
        if (old == null) {
            return;
        }
        earlierDrops.addAndGet(old.drops.read());
        sockets = null;
        close(old.receivers);
        close(old.outlets.stream().map(Outlet::channel).toList());
    }

    private static void close(List<Channel> channels) {
        for (Channel channel : channels) {
            var _ = channel.close();
        }
    }

    private Sockets openAll(LinkSockets setUp) throws IOException {
        SocketDrops drops = new SocketDrops(config);
        List<Outlet> outlets = new ArrayList<>();
        List<Channel> receivers = new ArrayList<>();
        try {
            for (int stream = 0; stream < config.ports(); stream++) {
                outlets.add(
                        new Outlet(sender(setUp.openSender(stream)), setUp.destinations(stream)));
                receivers.add(receiver(setUp, stream));
            }
        } catch (IOException | RuntimeException e) {
            close(receivers);
            close(outlets.stream().map(Outlet::channel).toList());
            throw e;
        }
        drops.opened();
        return new Sockets(setUp, List.copyOf(outlets), List.copyOf(receivers), drops);
    }

    private Channel sender(DatagramChannel socket) throws IOException {
        Channel channel = new NioDatagramChannel(socket);
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        return register(channel);
    }

    private Channel receiver(LinkSockets setUp, int stream) throws IOException {
        Channel channel = new NioDatagramChannel(setUp.openReceiver(stream));
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(inbox.readLength()));
        channel.pipeline().addLast(new ReceiveHandler(inbox, setUp, stream));
        return register(channel);
    }

    private Channel register(Channel channel) throws IOException {
        Throwable cause = eventLoop.register(channel).cause();
        if (cause != null) {
            throw new IOException(cause.toString(), cause);
        }
        return channel;
    }
}
