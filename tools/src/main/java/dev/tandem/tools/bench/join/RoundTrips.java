package dev.tandem.tools.bench.join;

import dev.tandem.director.control.Urgency;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A client and a server that exchange small datagrams through a director, one in a millisecond.
 *
 * <p>They stand for other hosts, and so go before what runs on this one, as the directors' packet
 * loops do. Otherwise they would measure how long they themselves wait for a processor.
 */
final class RoundTrips implements AutoCloseable {
    private static final long INTERVAL_NS = 1_000_000;
    private static final int TIMEOUT_MS = 1000;
    private static final int MAX_SAMPLES = 1 << 20;
    private static final int LENGTH = 16;

    /**
     * Round trips that were measured.
     *
     * @param count how many
     * @param p50 half took no longer, in microseconds
     * @param p99 99 of 100 took no longer
     * @param max the longest
     * @param lost datagrams that did not come back within a second
     */
    public record Spread(int count, long p50, long p99, long max, int lost) {}

    private final DatagramSocket server;
    private final DatagramSocket client;
    private final InetSocketAddress service;
    private final long[] samples = new long[MAX_SAMPLES];
    private int count;
    private int lost;
    private boolean recording;
    private volatile boolean stopped;

    private RoundTrips(DatagramSocket server, DatagramSocket client, InetSocketAddress service) {
        this.server = server;
        this.client = client;
        this.service = service;
    }

    /** Starts both; sockets belong to the hosts in which they are made. */
    static RoundTrips start(
            Namespace clientHost, Namespace serverHost, InetSocketAddress at, InetSocketAddress to)
            throws IOException {
        DatagramSocket server = serverHost.call(() -> new DatagramSocket(at));
        DatagramSocket client = clientHost.call(() -> new DatagramSocket());
        client.setSoTimeout(TIMEOUT_MS);
        var trips = new RoundTrips(server, client, to);
        Thread.ofPlatform().daemon().name("echo").start(trips::echo);
        Thread.ofPlatform().daemon().name("round-trips").start(trips::ask);
        return trips;
    }

    private void echo() {
        Urgency.raise();
        var packet = new DatagramPacket(new byte[LENGTH], LENGTH);
        try {
            while (!stopped) {
                server.receive(packet);
                server.send(packet);
            }
        } catch (IOException _) {
            stopped = true;
        }
    }

    private void ask() {
        Urgency.raise();
        var question = new DatagramPacket(new byte[LENGTH], LENGTH, service);
        var answer = new DatagramPacket(new byte[LENGTH], LENGTH);
        try {
            while (!stopped) {
                long sentNs = System.nanoTime();
                client.send(question);
                try {
                    client.receive(answer);
                    note(System.nanoTime() - sentNs);
                } catch (SocketTimeoutException _) {
                    note(-1);
                }
                LockSupport.parkNanos(INTERVAL_NS);
            }
        } catch (IOException _) {
            stopped = true;
        }
    }

    private synchronized void note(long ns) {
        if (!recording) {
            return;
        }
        if (ns < 0) {
            lost++;
        } else if (count < MAX_SAMPLES) {
            samples[count++] = ns;
        }
    }

    /** Counts round trips from now on, or no more. */
    synchronized void record(boolean on) {
        recording = on;
    }

    /** What was recorded since the last call. */
    synchronized Spread take() {
        Arrays.sort(samples, 0, count);
        var spread = new Spread(count, at(0.5), at(0.99), at(1), lost);
        count = 0;
        lost = 0;
        return spread;
    }

    private long at(double share) {
        return count == 0 ? 0 : samples[(int) Math.min(count - 1, (long) (count * share))] / 1000;
    }

    @Override
    public void close() {
        stopped = true;
        client.close();
        server.close();
    }

    static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }
}
