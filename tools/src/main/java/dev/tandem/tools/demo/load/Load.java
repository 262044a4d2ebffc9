package dev.tandem.tools.demo.load;

import dev.tandem.director.control.Urgency;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The client: many TCP connections and a UDP flow, on one thread inside the client's namespace. It
 * stands for another machine: it does not wait for the directors to leave it a processor.
 *
 * <p><b>Schedule.</b> Every connection sends a message each 50 ms (less often when there are more
 * than 500), one after the other, evenly spread: message {@code s} of connection {@code i} of
 * {@code n} is due at {@code base + (s * n + i) * spacing}. Nobody waits for an echo before sending
 * on, and a wait counts from when the message was due: a stalled network cannot hide its stall by
 * slowing the client down.
 *
 * <p><b>Gap.</b> The gap of a connection is the longest time that a message which was under way at
 * the fault, or sent later, waited for its echo.
 *
 * <p><b>Lost.</b> A connection is kept when every message it ever sent was answered with the right
 * bytes; all others are lost, see {@link Loss}.
 */
public final class Load implements AutoCloseable {
    /** Time between two messages of a connection. */
    private static final long INTERVAL_NS = 50_000_000;

    /** Time between two messages of the whole load at the least: 10,000 a second. */
    private static final long LEAST_SPACING_NS = 100_000;

    private static final int HANDSHAKES_AT_ONCE = 256;
    private static final long WARM_UP_NS = 1_000_000_000;
    private static final long PUBLISH_NS = 10_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final InetSocketAddress service;
    private final Connection[] connections;
    private final Selector selector;
    private final DatagramFlow datagrams;
    private final DatagramChannel datagramChannel;
    private final Thread thread;
    private final Histogram calm = new Histogram(3);
    private final long spacingNs;
    private int opened;
    private int decided;
    private long baseNs = NEVER;
    private long turn;
    private long nowNs;
    private boolean ended;
    private long firstEchoNs = NEVER;
    private volatile long faultNs = NEVER;
    private volatile long movedNs = NEVER;
    private volatile long stopNs = NEVER;
    private volatile LoadProgress progress = new LoadProgress(0, 0, 0, 0);

    private Load(Namespace client, InetSocketAddress service, int count) throws IOException {
        this.service = service;
        connections = new Connection[count];
        spacingNs = Math.max(INTERVAL_NS / count, LEAST_SPACING_NS);
        selector = Selector.open();
        datagramChannel = DatagramChannel.open();
        datagramChannel.connect(service).configureBlocking(false);
        datagramChannel.register(selector, SelectionKey.OP_READ);
        datagrams = new DatagramFlow(datagramChannel);
        thread =
                Thread.ofPlatform()
                        .name(client.name())
                        .daemon()
                        .unstarted(() -> {
                            try {
                                client.enter();
                                Urgency.raise();
                                run();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    /**
     * Begins to connect, and to send as soon as every connection is established or refused.
     *
     * @param service address and port of the service, the same for TCP and UDP
     */
    public static Load start(Namespace client, InetSocketAddress service, int connections)
            throws IOException {
        Load load = client.call(() -> new Load(client, service, connections));
        load.thread.start();
        return load;
    }

    /** Time between two messages of one connection. */
    public long intervalNs() {
        return spacingNs * connections.length;
    }

    public LoadProgress progress() {
        return progress;
    }

    /** Says that the fault happens now; waits that end later belong to it. */
    public void fault(long atNs) {
        faultNs = atNs;
    }

    /** Says that the client's host has just learnt that the address lives elsewhere. */
    public void moved(long atNs) {
        movedNs = atNs;
    }

    /** When the client's host learnt that the address had moved. */
    public OptionalLong movedNs() {
        return moment(movedNs);
    }

    /**
     * Sends no more, waits until all is answered, closes all connections.
     *
     * @param drain so long at most; what is not answered then is silent
     */
    public LoadResult finish(Duration drain) throws InterruptedException {
        stopNs = System.nanoTime() + drain.toNanos();
        thread.join();
        close();
        return result();
    }

    /** Gives the load up. */
    @Override
    public void close() {
        stopNs = System.nanoTime();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        try (selector;
                datagramChannel) {
            for (int i = 0; i < opened; i++) {
                connections[i].channel.close();
            }
        } catch (IOException _) {
            // closed is what was wanted
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() throws IOException {
        long publishNs = System.nanoTime();
        while (!finished()) {
            selector.select(this::ready, 1);
            nowNs = System.nanoTime();
            if (decided < connections.length) {
                connect();
            } else if (baseNs == NEVER) {
                baseNs = nowNs;
                datagrams.begin(nowNs);
            } else if (stopNs == NEVER) {
                send();
            } else if (!ended) {
                ended = true;
                datagrams.end(nowNs);
            }
            if (publishNs - nowNs <= 0) {
                publishNs = nowNs + PUBLISH_NS;
                progress = currentProgress();
            }
        }
    }

    /** Stopped, and either nothing is unanswered or the time is up. */
    private boolean finished() {
        if (stopNs == NEVER) {
            return false;
        }
        if (System.nanoTime() - stopNs >= 0) {
            return true;
        }
        boolean unanswered = decided < connections.length;
        for (int i = 0; i < opened && !unanswered; i++) {
            Connection connection = connections[i];
            unanswered =
                    connection.usable()
                            && connection.flush()
                            && connection.answered() < connection.sent();
        }
        return !unanswered;
    }

    private void connect() throws IOException {
        for (; opened < connections.length && opened - decided < HANDSHAKES_AT_ONCE; opened++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            connections[opened] = new Connection(opened, channel, key);
            key.attach(connections[opened]);
            channel.connect(service);
        }
    }

    private void send() {
        for (; baseNs + turn * spacingNs - nowNs <= 0; turn++) {
            Connection connection = connections[(int) (turn % connections.length)];
            if (connection.usable()) {
                connection.send();
            }
        }
        datagrams.send(nowNs);
    }

    private long dueNs(Connection connection, long sequence) {
        return baseNs + (sequence * connections.length + connection.id) * spacingNs;
    }

    private void ready(SelectionKey key) {
        nowNs = System.nanoTime();
        if (!(key.attachment() instanceof Connection connection)) {
            datagrams.receive(nowNs, faultNs != NEVER);
        } else if (connection.established()) {
            connection.receive(this::onEcho);
        } else if (connection.finishConnect() || connection.loss() != null) {
            decided++;
        }
    }

    private void onEcho(Connection connection, long sequence) {
        long dueNs = dueNs(connection, sequence);
        long waitNs = nowNs - dueNs;
        long faultNs = this.faultNs;
        if (faultNs == NEVER) {
            if (dueNs - baseNs >= WARM_UP_NS) {
                calm.recordValue(waitNs / 1_000);
            }
            return;
        }
        connection.back |= dueNs - faultNs >= 0;
        if (waitNs > connection.longestWaitNs) {
            connection.longestWaitNs = waitNs;
            connection.longestWaitEndNs = nowNs;
        }
        if (firstEchoNs == NEVER && movedNs != NEVER) {
            firstEchoNs = nowNs;
        }
    }

    private LoadProgress currentProgress() {
        int established = 0;
        int lost = 0;
        int back = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < opened; i++) {
            Connection connection = connections[i];
            established += connection.established() ? 1 : 0;
            lost += connection.loss() != null ? 1 : 0;
            back += connection.usable() && connection.back ? 1 : 0;
            least = connection.usable() ? Math.min(least, connection.answered()) : least;
        }
        return new LoadProgress(established, lost, least == Long.MAX_VALUE ? 0 : least, back);
    }

    private LoadResult result() {
        var lost = new EnumMap<Loss, Integer>(Loss.class);
        var byServer = new TreeMap<Integer, Integer>();
        var gaps = new Histogram(3);
        int kept = 0;
        long bytes = (long) datagrams.answered() * Message.LENGTH;
        long longestNs = 0;
        long longestEndNs = NEVER;
        for (int i = 0; i < connections.length; i++) {
            Connection connection = connections[i];
            Loss loss = i < opened ? lossOf(connection) : Loss.REFUSED;
            if (loss != null) {
                lost.merge(loss, 1, Integer::sum);
            } else {
                kept++;
                byServer.merge(connection.server(), 1, Integer::sum);
                gaps.recordValue(connection.longestWaitNs / 1_000);
                if (connection.longestWaitNs > longestNs) {
                    longestNs = connection.longestWaitNs;
                    longestEndNs = connection.longestWaitEndNs;
                }
            }
            bytes += i < opened ? connection.answered() * Message.LENGTH : 0;
        }
        LoadResult.Datagrams flow = datagrams.result();
        int corrupt = lost.getOrDefault(Loss.CORRUPT, 0) + flow.corrupt();
        return new LoadResult(
                connections.length,
                kept,
                lost,
                bytes,
                calm,
                gaps,
                moment(firstEchoNs),
                moment(longestEndNs),
                byServer,
                corrupt,
                flow);
    }

    private static @Nullable Loss lossOf(Connection connection) {
        if (connection.loss() != null) {
            return connection.loss();
        }
        if (!connection.established()) {
            return Loss.REFUSED;
        }
        return connection.answered() < connection.sent() ? Loss.SILENT : null;
    }

    private static OptionalLong moment(long ns) {
        return ns == NEVER ? OptionalLong.empty() : OptionalLong.of(ns);
    }
}
