package dev.tandem.tools.demo.load;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The clients: many TCP connections, on one thread inside the client's namespace. It stands for
 * another machine: it does not wait for the directors to leave it a processor.
 *
 * <p><b>Schedule.</b> Every connection sends a message each 50 ms (less often when there are more
 * than 250: 5000 a second in all), one after the other, evenly spread: message {@code s} of
 * connection {@code i} of {@code n} is due at {@code base + (s * n + i) * spacing}. Nobody waits
 * for an echo before sending on, and a wait counts from when the message was due: a stalled network
 * cannot hide its stall by slowing the client down.
 *
 * <p><b>Wait.</b> The wait of a connection is the longest time that a message which was under way
 * at the fault, or sent later, waited for its echo. A message that was lost is sent again by TCP,
 * after 200 ms or more: so a wait is longer than the time in which nobody was served, see {@link
 * Probe}.
 *
 * <p><b>Lost.</b> A connection is kept when every message it ever sent was answered with the right
 * bytes; all others are lost, see {@link Loss}.
 */
public final class Load implements AutoCloseable {
    /** Time between two messages of a connection. */
    private static final long INTERVAL_NS = 50_000_000;

    /** Time between two messages of the whole load at the least: 5000 a second. */
    private static final long LEAST_SPACING_NS = 200_000;

    private static final int HANDSHAKES_AT_ONCE = 256;
    private static final long PUBLISH_NS = 10_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final InetSocketAddress service;
    private final Connection[] connections;
    private final Selector selector;
    private final Thread thread;
    private final long spacingNs;
    private int opened;
    private int decided;
    private long baseNs = NEVER;
    private long turn;
    private long nowNs;
    private Span span = new Span(NEVER);
    private Histogram calm = new Histogram(3);
    private @Nullable Settlement settling;
    private final AtomicReference<@Nullable Span> wantedSpan = new AtomicReference<>();
    private final AtomicReference<@Nullable Settlement> wantedSettlement = new AtomicReference<>();
    private volatile boolean stopped;
    private volatile boolean closed;
    private volatile LoadProgress progress = new LoadProgress(0, 0, 0, 0);

    /** Waits are noted as calm ones before the fault, and for each connection after it. */
    private record Span(long faultNs) {}

    /** Somebody waits until all that was sent before is answered, or the time is up. */
    private record Settlement(long deadlineNs, CompletableFuture<LoadResult> result) {}

    private Load(Namespace client, InetSocketAddress service, int count) throws IOException {
        this.service = service;
        connections = new Connection[count];
        spacingNs = Math.max(INTERVAL_NS / count, LEAST_SPACING_NS);
        selector = Selector.open();
        thread = client.machine(client.name(), this::run);
    }

    /** Begins to connect, and to send as soon as every connection is established or refused. */
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

    /** Says that nothing disturbs from now on: the next result tells what waits are usual. */
    public void calm() {
        wantedSpan.set(new Span(NEVER));
    }

    /** Says that the fault happens now; waits that end later belong to it. */
    public void fault(long atNs) {
        wantedSpan.set(new Span(atNs));
    }

    /**
     * Waits until all is answered that was sent until now, and goes on.
     *
     * @param time so long at most; connections with something unanswered then are silent, and lost
     * @return what became of the connections that were not lost at the last result
     */
    public LoadResult settle(Duration time) throws InterruptedException {
        var result = new CompletableFuture<LoadResult>();
        wantedSettlement.set(new Settlement(System.nanoTime() + time.toNanos(), result));
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load has ended", e.getCause());
        }
    }

    /** Sends no more, waits until all is answered as {@link #settle} does, closes everything. */
    public LoadResult finish(Duration time) throws InterruptedException {
        stopped = true;
        LoadResult result = settle(time);
        close();
        return result;
    }

    /** Gives the load up. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        try (selector) {
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
        try {
            while (!closed) {
                obey();
                selector.select(this::ready, 1);
                nowNs = System.nanoTime();
                if (decided < connections.length) {
                    connect();
                } else if (baseNs == NEVER) {
                    baseNs = nowNs;
                } else if (!stopped) {
                    send();
                }
                if (settling != null) {
                    settle(settling);
                }
                if (publishNs - nowNs <= 0) {
                    publishNs = nowNs + PUBLISH_NS;
                    progress = currentProgress();
                }
            }
        } finally {
            obey();
            if (settling != null) {
                settling.result().completeExceptionally(new IOException("it was closed"));
            }
        }
    }

    /** Takes over what other threads have said. */
    private void obey() {
        Span said = wantedSpan.getAndSet(null);
        if (said != null) {
            span = said;
            calm = said.faultNs() == NEVER ? new Histogram(3) : calm;
            for (int i = 0; i < opened; i++) {
                connections[i].beginSpan();
            }
        }
        Settlement asked = wantedSettlement.getAndSet(null);
        if (asked != null) {
            settling = asked;
            for (int i = 0; i < opened; i++) {
                connections[i].mark();
            }
        }
    }

    private void settle(Settlement asked) {
        boolean late = nowNs - asked.deadlineNs() >= 0;
        boolean unanswered = decided < connections.length;
        for (int i = 0; i < opened && !(unanswered && !late); i++) {
            Connection connection = connections[i];
            if (connection.usable() && connection.flush() && !connection.answeredToMark()) {
                unanswered = true;
                if (late) {
                    connection.lose(Loss.SILENT);
                }
            }
        }
        if (late || !unanswered) {
            settling = null;
            asked.result().complete(LoadResults.of(connections, opened, calm));
        }
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
    }

    private long dueNs(Connection connection, long sequence) {
        return baseNs + (sequence * connections.length + connection.id) * spacingNs;
    }

    private void ready(SelectionKey key) {
        nowNs = System.nanoTime();
        Connection connection = (Connection) key.attachment();
        if (connection.established()) {
            connection.receive(this::onEcho);
        } else if (connection.finishConnect() || connection.loss() != null) {
            decided++;
        }
    }

    private void onEcho(Connection connection, long sequence) {
        long dueNs = dueNs(connection, sequence);
        long waitNs = nowNs - dueNs;
        if (span.faultNs() == NEVER) {
            calm.recordValue(Math.max(0, waitNs / 1_000));
            return;
        }
        connection.back |= dueNs - span.faultNs() >= 0;
        if (waitNs > connection.longestWaitNs) {
            connection.longestWaitNs = waitNs;
            connection.longestWaitEndNs = nowNs;
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
}
