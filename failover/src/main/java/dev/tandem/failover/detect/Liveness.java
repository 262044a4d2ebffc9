package dev.tandem.failover.detect;

import dev.tandem.director.control.Urgency;
import dev.tandem.sync.hardening.SyncKey;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
 * <p>One thread of its own, which never waits but for its selector.
 */
public final class Liveness implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

    private static final long LONGEST_WAIT_MS = 500;
    private static final long CLOSE_MS = 1_000;

    /** What fails may fail again at once, as when there are no file descriptors. */
    static final long BREATH_NS = TimeUnit.MILLISECONDS.toNanos(10);

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

    private final LivenessCodec codec;
    private final List<Watch> watches;
    private final Watchers watchers;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final Thread thread;
    private volatile boolean closing;
    private volatile Set<String> watching = Set.of();

    private Liveness(
            String cluster,
            String node,
            long incarnation,
            InetAddress bind,
            List<Watched> peers,
            List<SyncKey> keys,
            Listener listener,
            Selector selector,
            ServerSocketChannel server) {
        this.codec = new LivenessCodec(cluster, keys);
        Set<InetAddress> addresses =
                peers.stream().map(peer -> peer.address().getAddress()).collect(Collectors.toSet());
        this.watchers = new Watchers(node, incarnation, codec, addresses, selector, server);
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
     * @param keys the first one signs answers; none: they are not signed
     * @throws IOException when the address is not ours or the port is taken, and says which
     */
    public static Liveness open(
            String cluster,
            String node,
            long incarnation,
            InetAddress bind,
            int port,
            List<Watched> peers,
            List<SyncKey> keys,
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
                new Liveness(
                        cluster, node, incarnation, bind, peers, keys, listener, selector, server);
        liveness.thread.start();
        return liveness;
    }

    static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    /** From now on these; none where there were none. From any thread. */
    public void keys(List<SyncKey> fresh) {
        codec.keys(fresh);
    }

    /** The peers whose process would be noticed to die at once; from any thread. */
    public Set<String> watching() {
        return watching;
    }

    /** Connections of strangers, or of whoever did not behave; from any thread. */
    public long refusedCount() {
        return watchers.refusedCount();
    }

    private void run() {
        Urgency.raise();
        while (!closing) {
            try {
                selector.select(this::ready, waitMs());
                long nowNs = System.nanoTime();
                watches.forEach(watch -> watch.doWork(nowNs));
                watchers.dismissTheSilent(nowNs);
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
        } else {
            watchers.ready(key);
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
