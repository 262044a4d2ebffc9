package dev.tandem.tools.sync;

import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.capture.DatagramHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sends captured messages again, in their order and at their pace or a multiple of it. */
final class Replayer implements DatagramHandler, AutoCloseable {
    private static final long LONGEST_SLEEP_NS = 100_000_000L;

    private final Map<ProtocolFamily, DatagramChannel> channels = new HashMap<>();
    private final SyncIds filter;
    private final NetworkInterface netif;
    private final @Nullable InetSocketAddress to;
    private final double speed;
    private final int ttl;
    private final Ending ending;
    private boolean started;
    private long firstNs;
    private long startNs;
    private long sent;
    private long bytes;

    /**
     * @param to where to; null for where each message went
     * @param speed multiple of the capture's pace; infinite for without waiting
     */
    Replayer(
            SyncIds filter,
            NetworkInterface netif,
            @Nullable InetSocketAddress to,
            double speed,
            int ttl,
            Ending ending) {
        this.filter = filter;
        this.netif = netif;
        this.to = to;
        this.speed = speed;
        this.ttl = ttl;
        this.ending = ending;
    }

    @Override
    public void onDatagram(CapturedDatagram datagram) {
        if (!filter.wants(Heard.of(datagram)) || !await(datagram.timeNs())) {
            return;
        }
        InetSocketAddress target =
                to == null
                        ? new InetSocketAddress(datagram.destination(), datagram.destinationPort())
                        : to;
        try {
            bytes += channel(target.getAddress()).send(datagram.payload(), target);
            sent++;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("cannot send to " + target + ": " + e.getMessage(), e));
        }
    }

    long sent() {
        return sent;
    }

    long bytes() {
        return bytes;
    }

    /** Waits until the moment of a message; false when the user had enough meanwhile. */
    private boolean await(long timeNs) {
        if (!started) {
            started = true;
            firstNs = timeNs;
            startNs = System.nanoTime();
        }
        long dueNs = startNs + (long) ((timeNs - firstNs) / speed);
        while (!ending.isReached()) {
            long leftNs = dueNs - System.nanoTime();
            if (leftNs <= 0) {
                return true;
            }
            LockSupport.parkNanos(Math.min(leftNs, LONGEST_SLEEP_NS));
        }
        return false;
    }

    private DatagramChannel channel(InetAddress target) throws IOException {
        ProtocolFamily family =
                target.getAddress().length == 4
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
        DatagramChannel channel = channels.get(family);
        if (channel == null) {
            channel = DatagramChannel.open(family);
            channels.put(family, channel);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, netif);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 20);
        }
        return channel;
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel channel : channels.values()) {
            channel.close();
        }
    }
}
