package dev.tandem.sync.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sync messages over UDP multicast, as the kernel's sync daemons exchange them. Sends and receives:
 * the group is one of equals, and who is master may change.
 *
 * <pre>
 *   worker ── claim, send ──▶ queue ──▶ thread sync-out ──▶ socket, bound to the interface's address
 *   worker ◀─ receive ─────── queue ◀── thread sync-in  ◀── socket, bound to the group, joined on it
 * </pre>
 *
 * Does not hear its own messages, nor those of others on the same host.
 */
public final class MulticastLink implements SyncLink {
    /** Buffers each way: 256 full messages are 10 000 connections. */
    private static final int QUEUE_LENGTH = 256;

    private static final long CLOSE_TIMEOUT_MS = 1000;

    private final EventLoopGroup eventLoop;
    private final Channel sender;
    private final Channel receiver;
    private final DatagramQueue outgoing;
    private final DatagramQueue incoming;
    private final SendLoop sendLoop;
    private final ReceiveHandler receiveHandler;
    private final AtomicLong sendDrops = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private MulticastLink(
            SyncLinkConfig config,
            int receiveLength,
            DatagramChannel senderSocket,
            DatagramChannel receiverSocket) {
        String name = name(config);
        outgoing = new DatagramQueue(QUEUE_LENGTH, config.maxLength());
        incoming = new DatagramQueue(QUEUE_LENGTH, receiveLength);
        receiveHandler = new ReceiveHandler(incoming, name);
        eventLoop =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("sync-in", true), NioIoHandler.newFactory());
        sender = new NioDatagramChannel(senderSocket);
        sender.config().setAutoRead(false);
        sender.pipeline().addLast(new ChannelInboundHandlerAdapter());
        receiver = new NioDatagramChannel(receiverSocket);
        receiver.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(receiveLength + 1));
        receiver.pipeline().addLast(receiveHandler);
        sendLoop = new SendLoop(outgoing, sender, name);
    }

    /**
     * Opens the sockets and starts the threads.
     *
     * @throws IOException with the interface, the group and the reason
     */
    public static MulticastLink open(SyncLinkConfig config) throws IOException {
        try {
            MulticastSockets sockets = new MulticastSockets(config);
            int receiveLength = sockets.receiveLength();
            DatagramChannel sender = sockets.openSender();
            DatagramChannel receiver;
            try {
                receiver = sockets.openReceiver();
            } catch (IOException e) {
                sender.close();
                throw e;
            }
            MulticastLink link = new MulticastLink(config, receiveLength, sender, receiver);
            link.start();
            return link;
        } catch (IOException e) {
            throw new IOException("cannot open " + name(config) + ": " + e.getMessage(), e);
        }
    }

    private static String name(SyncLinkConfig config) {
        return "sync link on "
                + config.interfaceName()
                + " to "
                + config.group().getHostAddress()
                + ":"
                + config.port();
    }

    private void start() {
        eventLoop.register(sender).syncUninterruptibly();
        eventLoop.register(receiver).syncUninterruptibly();
        sendLoop.start();
    }

    @Override
    public int streams() {
        return 1;
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
        receiveHandler.onReceive(wakeUp);
    }

    @Override
    public SyncLinkCounters counters() {
        return new SyncLinkCounters(
                sendLoop.sent(),
                0,
                sendLoop.errors(),
                Map.of(),
                sendDrops.get(),
                receiveHandler.received(),
                0,
                receiveHandler.errors(),
                receiveHandler.drops(),
                0,
                receiveHandler.truncated(),
                0,
                0);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sendLoop.close(CLOSE_TIMEOUT_MS);
            sender.close().awaitUninterruptibly();
            receiver.close().awaitUninterruptibly();
            eventLoop
                    .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly();
        }
    }
}
