package dev.tandem.tools.demo.load;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.BitSet;

/**
 * A client that does nothing but ask, by UDP, once in a millisecond, whether somebody answers. What
 * is lost of it nobody repeats, so the time from a question until it or a later one is answered is
 * the true outage: who asked at that moment was served no earlier. One thread in the client's
 * namespace; any thread may call the methods.
 */
public final class Probe implements AutoCloseable {
    /** Time between two messages. */
    public static final long INTERVAL_NS = 1_000_000;

    private static final int FLOW = -1;

    /** The newest questions, whose times are known: more than a minute, longer than any outage. */
    private static final int REMEMBERED = 1 << 16;

    private final Selector selector;
    private final DatagramChannel channel;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private volatile boolean closed;

    // guarded by this
    private final BitSet answered = new BitSet();
    private int sent;
    private int corrupt;
    private int sentBefore;
    private int lostBefore;
    private int corruptBefore;
    private int served;
    private final long[] sentNs = new long[REMEMBERED];
    private long gapNs;
    private long gapEndNs;

    private Probe(Namespace client, InetSocketAddress service) throws IOException {
        selector = Selector.open();
        channel = DatagramChannel.open();
        channel.connect(service).configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        thread = client.machine("probe", this::run);
    }

    /**
     * What it saw in a span of time.
     *
     * @param sent messages
     * @param lost of these, those that were not answered yet when the span ended
     * @param corrupt answers that were not as they should be
     * @param gapNs the longest time from a question until it or a later one was answered
     * @param gapEndNs when that was over, by {@link System#nanoTime}; if it is not, when the span
     *     ended
     */
    public record Span(int sent, int lost, int corrupt, long gapNs, long gapEndNs) {}

    /** Begins to ask. */
    public static Probe start(Namespace client, InetSocketAddress service) throws IOException {
        Probe probe = client.call(() -> new Probe(client, service));
        probe.thread.start();
        return probe;
    }

    /** What it saw since the last call, or since the start; a new span begins. */
    public synchronized Span take() {
        long nowNs = System.nanoTime();
        if (served < sent) {
            noteGap(nowNs);
        }
        int lost = sent - answered.cardinality();
        var span =
                new Span(
                        sent - sentBefore,
                        Math.max(0, lost - lostBefore),
                        corrupt - corruptBefore,
                        gapNs,
                        gapEndNs);
        sentBefore = sent;
        lostBefore = lost;
        corruptBefore = corrupt;
        gapNs = 0;
        gapEndNs = nowNs;
        return span;
    }

    private void run() throws IOException {
        long baseNs = System.nanoTime();
        while (!closed) {
            selector.select(_ -> receive(), 1);
            send(baseNs, System.nanoTime());
        }
    }

    /** Sends what is due. */
    private synchronized void send(long baseNs, long nowNs) {
        while (baseNs + sent * INTERVAL_NS - nowNs <= 0) {
            buffer.clear();
            sentNs[sent & REMEMBERED - 1] = System.nanoTime();
            Message.put(buffer, FLOW, Message.CLIENT, sent++);
            try {
                channel.write(buffer.flip());
            } catch (IOException _) {
                // not sent is not answered: it counts as lost
            }
        }
    }

    private synchronized void receive() {
        try {
            for (buffer.clear(); channel.read(buffer) > 0; buffer.clear()) {
                onEcho(buffer.flip(), System.nanoTime());
            }
        } catch (IOException _) {
            // an ICMP error came for a datagram: it counts as lost
        }
    }

    private void onEcho(ByteBuffer echo, long nowNs) {
        int server = Message.sender(echo, 0);
        long sequence = Message.sequence(echo, 0);
        if (echo.remaining() != Message.LENGTH
                || server == Message.CLIENT
                || sequence < 0
                || sequence >= sent
                || !Message.matches(echo, 0, FLOW, server, sequence)) {
            corrupt++;
            return;
        }
        answered.set((int) sequence);
        if (sequence >= served) {
            noteGap(nowNs);
            served = (int) sequence + 1;
        }
    }

    /** The oldest question that nobody has served yet waited until now. */
    private void noteGap(long nowNs) {
        long waitedNs = nowNs - sentNs[served & REMEMBERED - 1];
        if (waitedNs > gapNs) {
            gapNs = waitedNs;
            gapEndNs = nowNs;
        }
    }

    @Override
    public void close() {
        closed = true;
        try (selector;
                channel) {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // closed is what was wanted
        }
    }
}
