package dev.tandem.tools.bench.sync;

import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.PacketPort;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The clients: opens connection after connection at an even pace, whatever becomes of them. Each
 * sends a SYN and, as after a round trip, an ACK and a segment of data, with which it comes to the
 * packet count at which the kernel's rule sends it. What the server would answer does not pass the
 * director in direct routing, so these three are all that it would see.
 *
 * <p>One that was held up makes up for it at once, as the clients of the world would not have
 * waited for it.
 */
final class Generator implements AutoCloseable {
    private static final long ROUND_TRIP_NS = 1_000_000;

    /** Shorter rests would be spent in going to sleep and waking up. */
    private static final long REST_NS = 250_000;

    private static final int POLL_MS = 20;

    /** It receives nothing but has to have rings. */
    private static final AfPacketPort.RingSlots SMALL = new AfPacketPort.RingSlots(512, 16);

    private final SyncBenchOptions options;
    private final Stamps stamps;
    private volatile int established;
    private volatile boolean stopped;
    private long startNs;
    private long sendFailed;
    private double processors;
    private final Future<?> sending;

    /** Begins to open connections, on a thread in the clients' host. */
    Generator(Namespace clients, SyncBenchOptions options, Stamps stamps) {
        this.options = options;
        this.stamps = stamps;
        sending =
                clients.start(
                        "generator",
                        () -> {
                            run();
                            return this;
                        });
    }

    /** Waits until so many connections have sent their third packet, or it has ended. */
    void await(int connections) throws IOException, InterruptedException {
        while (established < connections && !sending.isDone()) {
            Thread.sleep(POLL_MS);
        }
        if (sending.isDone()) {
            finish();
        }
    }

    /** Waits until all have. */
    void finish() throws IOException, InterruptedException {
        try {
            var _ = sending.get();
        } catch (ExecutionException e) {
            throw new IOException("the generator failed: " + e.getCause(), e.getCause());
        }
    }

    private void run() throws IOException {
        try (var arena = Arena.ofConfined();
                PacketPort port = AfPacketPort.open("outside", 0, SMALL)) {
            long director = Long.parseLong(Lab.outsideMac(0).replace(":", ""), 16);
            send(new ClientFrames(port, director, arena));
            sendFailed = port.counters().sendFailed();
            long cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            processors = (double) cpuNs / (System.nanoTime() - startNs);
        }
    }

    private void send(ClientFrames frames) {
        int count = options.connections();
        int opened = 0;
        int done = 0;
        startNs = System.nanoTime();
        while (done < count && !stopped) {
            long elapsedNs = System.nanoTime() - startNs;
            int toOpen = due(elapsedNs);
            int toEstablish = Math.min(opened, due(elapsedNs - ROUND_TRIP_NS));
            if (opened == toOpen && done == toEstablish) {
                LockSupport.parkNanos(REST_NS);
                continue;
            }
            while (opened < toOpen && frames.hasRoom()) {
                frames.open(opened++);
            }
            int first = done;
            while (done < toEstablish && frames.hasRoom()) {
                frames.establish(done++);
            }
            long nowNs = System.nanoTime();
            for (int i = first; i < done; i++) {
                stamps.sent(i, nowNs);
            }
            frames.send();
            established = done;
        }
    }

    /** Connections that should have been opened so long after the start. */
    private int due(long elapsedNs) {
        if (elapsedNs < 0) {
            return 0;
        }
        double due = (double) elapsedNs * options.rate() / TimeUnit.SECONDS.toNanos(1);
        return (int) Math.min(due, options.connections());
    }

    /** How late a connection's third packet was sent; after {@link #finish}. */
    long lateNs(int connection) {
        long dueNs = startNs + ROUND_TRIP_NS;
        dueNs += (long) (connection * (double) TimeUnit.SECONDS.toNanos(1) / options.rate());
        return stamps.sent(connection) - dueNs;
    }

    /** Frames that the kernel refused to send; after {@link #finish}. */
    long sendFailed() {
        return sendFailed;
    }

    /** Processors that sending kept busy, warm-up included; after {@link #finish}. */
    double processors() {
        return processors;
    }

    /** Opens no more. */
    @Override
    public void close() {
        stopped = true;
    }
}
