package dev.tandem.failover.detect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who watch this process: answers them, and closes whoever is no peer, says anything else, or
 * has too many connections. Confined to the thread of {@link Liveness}, but for {@link
 * #refusedCount}.
 */
final class Watchers {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    /** One, and what its kernel has not yet noticed to be gone. */
    static final int MAX_PER_PEER = 4;

    private static final long ASK_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    /** A watcher, until and after it has asked. */
    private static final class Watcher {
        private final ByteBuffer question = ByteBuffer.allocate(LivenessCodec.ASK_BYTES + 1);
        private final long sinceNs = System.nanoTime();
        private boolean answered;
    }

    private final String node;
    private final long incarnation;
    private final LivenessCodec codec;
    private final Set<InetAddress> peers;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final AtomicLong refused = new AtomicLong();

    /**
     * @param server listens, and is registered with the selector
     */
    Watchers(
            String node,
            long incarnation,
            LivenessCodec codec,
            Set<InetAddress> peers,
            Selector selector,
            ServerSocketChannel server) {
        this.node = node;
        this.incarnation = incarnation;
        this.codec = codec;
        this.peers = peers;
        this.selector = selector;
        this.server = server;
    }

    /** Connections that were closed. */
    long refusedCount() {
        return refused.get();
    }

    /** The selector has found something to do that no watch of this node's own is for. */
    void ready(SelectionKey key) {
        if (key.attachment() instanceof Watcher watcher) {
            hear(key, watcher);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel accepted = server.accept();
            if (accepted == null) {
                return;
            }
            InetAddress from = ((InetSocketAddress) accepted.getRemoteAddress()).getAddress();
            if (peers.contains(from) && connectionsFrom(from) < MAX_PER_PEER) {
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ, new Watcher());
            } else {
                refused.incrementAndGet();
                Liveness.close(accepted);
            }
        } catch (IOException e) {
            LOG.debug("a watcher's connection: {}", e.toString());
            LockSupport.parkNanos(Liveness.BREATH_NS);
        }
    }

    private long connectionsFrom(InetAddress address) {
        return selector.keys().stream()
                .filter(key -> key.isValid() && key.attachment() instanceof Watcher)
                .filter(key -> ((SocketChannel) key.channel()).socket().getInetAddress() != null)
                .filter(key ->
                        address.equals(((SocketChannel) key.channel()).socket().getInetAddress()))
                .count();
    }

    private void hear(SelectionKey key, Watcher watcher) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (channel.read(watcher.question) < 0) {
                Liveness.close(channel);
                return;
            }
            int length = watcher.question.position();
            boolean complete = length == LivenessCodec.ASK_BYTES && !watcher.answered;
            if (length > LivenessCodec.ASK_BYTES
                    || (complete && !LivenessCodec.isAsk(watcher.question))) {
                refused.incrementAndGet();
                Liveness.close(channel);
            } else if (complete) {
                watcher.answered = true;
                // so few bytes fit the buffer of a new connection
                channel.write(codec.answer(watcher.question, node, incarnation));
            }
        } catch (IOException _) {
            Liveness.close(channel);
        }
    }

    /** Who does not ask has no business here. */
    void dismissTheSilent(long nowNs) {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Watcher watcher
                    && !watcher.answered
                    && nowNs - watcher.sinceNs >= ASK_LIMIT_NS
                    && key.isValid()) {
                refused.incrementAndGet();
                Liveness.close(key.channel());
            }
        }
    }
}
