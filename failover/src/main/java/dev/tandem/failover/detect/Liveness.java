package dev.tandem.failover.detect;

import dev.tandem.director.control.Urgency;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proof of process death. Each node listens on the heartbeat's port (TCP), bound to its own
 * address, and keeps a connection to each peer ({@link Watch}). When a process dies its kernel
 * closes the connections and refuses new ones, within a round trip; both together are taken for the
 * proof.
 *
 * <p>For this to be one, what a process listens with lives exactly as long as its packet path may:
 * it is closed by {@link #close} alone, which the owner calls when its director has let go of the
 * addresses, and by no error. What it cannot tell apart from a death is somebody between the nodes
 * who resets the connection and refuses another in the peer's name, such as a packet filter that
 * begins to reject TCP with a reset; the probe of the addresses is then what is left.
 *
 * <p>One thread of its own, which never waits but for its selector. Strangers are closed at once; a
 * peer's address may have {@link #MAX_PER_PEER} connections, each of which may ask once.
 */
public final class Liveness implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

    /** One, and what its kernel has not yet noticed to be gone. */
    static final int MAX_PER_PEER = 4;

    private static final long LONGEST_WAIT_MS = 500;
    private static final long CLOSE_MS = 1_000;

    /** What fails may fail again at once, as when there are no file descriptors. */
    private static final long BREATH_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long ASK_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    /** Told of deaths, on the thread of the liveness; hands over and returns at once. */
    public interface Listener {
        /**
         * A process is proven dead; told once.
         *
         * @param incarnation which process of the node it was
         */
        void died(String node, long incarnation);
    }

    /** A node to be watched, and where its process listens. */
    public record Watched(String node, InetSocketAddress address) {}

    /** Somebody who watches this process, until and after he has asked. */
    private static final class Client {
        private final ByteBuffer question = ByteBuffer.allocate(LivenessCodec.ASK_BYTES + 1);
        private final long sinceNs = System.nanoTime();
        private boolean answered;
    }

    private final String node;
    private final long incarnation;
    private final LivenessCodec codec;
    private final Set<InetAddress> peers;
    private final List<Watch> watches;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final Thread thread;
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean closing;
    private volatile Set<String> watching = Set.of();

    private Liveness(
            String cluster,
            String node,
            long incarnation,
            InetAddress bind,
            List<Watched> peers,
            Listener listener,
            Selector selector,
            ServerSocketChannel server) {
        this.node = node;
        this.incarnation = incarnation;
        this.codec = new LivenessCodec(cluster);
        this.peers =
                peers.stream().map(peer -> peer.address().getAddress()).collect(Collectors.toSet());
        this.selector = selector;
        this.server = server;
        InetSocketAddress from = new InetSocketAddress(bind, 0);
        this.watches =
                peers.stream()
                        .map(peer ->
                                new Watch(
                                        peer.node(),
                                        from,
                                        peer.address(),
                                        codec,
                                        selector,
                                        listener))
                        .toList();
        this.thread = Thread.ofPlatform().name("liveness").daemon(true).unstarted(this::run);
    }

    /**
     * Begins to listen and to watch.
     *
     * @param incarnation of this process, as its heartbeats name it
     * @param port TCP port to listen on
     * @throws IOException when the address is not ours or the port is taken, and says which
     */
    public static Liveness open(
            String cluster,
            String node,
            long incarnation,
            InetAddress bind,
            int port,
            List<Watched> peers,
            Listener listener)
            throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open(family(bind));
        try {
            server.configureBlocking(false);
            server.bind(new InetSocketAddress(bind, port));
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            server.close();
            selector.close();
            throw new IOException(
                    "liveness on %s TCP port %d: %s"
                            .formatted(bind.getHostAddress(), port, e.getMessage()),
                    e);
        }
        Liveness liveness =
                new Liveness(cluster, node, incarnation, bind, peers, listener, selector, server);
        liveness.thread.start();
        return liveness;
    }

    static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    /** The peers whose process would be noticed to die at once; from any thread. */
    public Set<String> watching() {
        return watching;
    }

    /** Connections of strangers, or of whoever did not behave; from any thread. */
    public long refusedCount() {
        return refused.get();
    }

    private void run() {
        Urgency.raise();
        while (!closing) {
            try {
                selector.select(this::ready, waitMs());
                long nowNs = System.nanoTime();
                watches.forEach(watch -> watch.doWork(nowNs));
                dismissTheSilent(nowNs);
                watching =
                        watches.stream()
                                .filter(Watch::isWatching)
                                .map(Watch::node)
                                .collect(Collectors.toUnmodifiableSet());
            } catch (IOException | RuntimeException e) {
                // Whatever it was, what listens stays open: to be refused here means death.
                LOG.error("watching the peers' processes", e);
                LockSupport.parkNanos(BREATH_NS);
            }
        }
        closeAll();
    }

    private long waitMs() {
        long nowNs = System.nanoTime();
        long ms = LONGEST_WAIT_MS;
        for (Watch watch : watches) {
            ms = Math.min(ms, TimeUnit.NANOSECONDS.toMillis(watch.dueNs() - nowNs) + 1);
        }
        return Math.max(1, ms);
    }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Watch watch) {
            watch.ready(key);
        } else if (key.attachment() instanceof Client client) {
            hear(key, client);
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
                accepted.register(selector, SelectionKey.OP_READ, new Client());
            } else {
                refused.incrementAndGet();
                close(accepted);
            }
        } catch (IOException e) {
            LOG.debug("a watcher's connection: {}", e.toString());
            LockSupport.parkNanos(BREATH_NS);
        }
    }

    private long connectionsFrom(InetAddress address) {
        return selector.keys().stream()
                .filter(key -> key.isValid() && key.attachment() instanceof Client)
                .filter(key -> ((SocketChannel) key.channel()).socket().getInetAddress() != null)
                .filter(key ->
                        address.equals(((SocketChannel) key.channel()).socket().getInetAddress()))
                .count();
    }

    private void hear(SelectionKey key, Client client) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (channel.read(client.question) < 0) {
                close(channel);
                return;
            }
            int length = client.question.position();
            boolean complete = length == LivenessCodec.ASK_BYTES && !client.answered;
            if (length > LivenessCodec.ASK_BYTES
                    || (complete && !LivenessCodec.isAsk(client.question))) {
                refused.incrementAndGet();
                close(channel);
            } else if (complete) {
                client.answered = true;
                // so few bytes fit the buffer of a new connection
                channel.write(codec.answer(node, incarnation));
            }
        } catch (IOException _) {
            close(channel);
        }
    }

    private void dismissTheSilent(long nowNs) {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Client client
                    && !client.answered
                    && nowNs - client.sinceNs >= ASK_LIMIT_NS
                    && key.isValid()) {
                refused.incrementAndGet();
                close(key.channel());
            }
        }
    }

    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // closed is what was wanted
        }
    }

    /** First what listens, so that whoever notices the rest is refused. */
    private void closeAll() {
        try {
            server.close();
            selector.selectNow();
            for (SelectionKey key : selector.keys()) {
                close(key.channel());
            }
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the liveness: {}", e.toString());
        }
    }

    /**
     * Stops; from now on the peers take this process for dead. To be called when the director has
     * let go of the addresses.
     */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
