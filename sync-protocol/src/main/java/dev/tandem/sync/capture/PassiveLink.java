package dev.tandem.sync.capture;

import dev.tandem.sync.transport.DatagramQueue;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.sync.transport.SyncLinkCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link that only listens: it reads the sync messages of others off the interface and leaves no
 * trace on the wire. It binds no socket, joins no group and never sends; a switch that watches
 * group membership (IGMP or MLD snooping) must therefore be told to mirror the group to this port.
 *
 * <pre>
 *   worker ◀─ receive ── queue ◀── thread sync-tap ◀── libpcap, filtered by the kernel
 * </pre>
 *
 * {@link #claim} gives no buffer, which is no loss and not counted.
 */
public final class PassiveLink implements SyncLink {
    private static final Logger LOG = LoggerFactory.getLogger(PassiveLink.class);
    private static final int MIN_MTU = 1500;
    private static final int MAX_MTU = 65_535;
    private static final int IP_AND_UDP_HEADER_LENGTH = 28;
    private static final long CLOSE_TIMEOUT_MS = 1000;

    private final Capture capture;
    private final FrameReader reader;
    private final DatagramQueue queue;
    private final int firstPort;
    private final int streams;
    private final Thread thread;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong drops = new AtomicLong();
    private final AtomicLong captureDrops = new AtomicLong();
    private final AtomicLong truncated = new AtomicLong();
    private volatile Runnable wakeUp = () -> {};
    private volatile boolean closing;

    private PassiveLink(SyncLinkConfig config, Capture capture, int length) {
        this.capture = capture;
        firstPort = config.port();
        streams = config.ports();
        queue = new DatagramQueue(config.queueLength(), length);
        // peers that send by unicast send to an address of their own
        InetAddress group = config.peers().isEmpty() ? config.group() : null;
        DatagramHandler handler =
                new DatagramHandler() {
                    @Override
                    public void onDatagram(CapturedDatagram datagram) {
                        take(datagram);
                    }

                    @Override
                    public void onFault(FrameVerdict fault, CapturedDatagram datagram) {
                        errors.incrementAndGet();
                    }
                };
        reader =
                new FrameReader(
                        SyncSelector.of(firstPort, firstPort + streams - 1, group, handler), true);
        thread = Thread.ofPlatform().daemon().name("sync-tap").unstarted(this::run);
    }

    /**
     * Starts to listen for messages to the configuration's group and ports, or with peers to the
     * ports alone, on its interface.
     *
     * @throws IOException when the interface, the right to listen or libpcap is missing
     */
    public static PassiveLink open(SyncLinkConfig config) throws IOException {
        String name = config.interfaceName();
        int mtu = Math.clamp(mtu(name), MIN_MTU, MAX_MTU);
        int length = Math.max(mtu - IP_AND_UDP_HEADER_LENGTH, config.sendLength());
        String filter = SyncFilter.expression(config.port(), config.port() + config.ports() - 1);
        PassiveLink link = new PassiveLink(config, Capture.openInterface(name, filter), length);
        link.thread.start();
        return link;
    }

    /** The JDK does not know interfaces without any address; a listener needs none. */
    private static int mtu(String interfaceName) throws IOException {
        Path file = Path.of("/sys/class/net", interfaceName, "mtu");
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).trim()) : MIN_MTU;
        } catch (NumberFormatException e) {
            throw new IOException(file + " holds no number", e);
        }
    }

    private void run() {
        try {
            while (!closing && capture.next(reader) != Capture.Next.END) {
                captureDrops.setOpaque(capture.dropped());
            }
        } catch (IOException e) {
            errors.incrementAndGet();
            LOG.warn("no longer listening: {}", e.getMessage());
        }
    }

    private void take(CapturedDatagram datagram) {
        ByteBuffer payload = datagram.payload();
        int length = payload.remaining();
        if (length > queue.length()) {
            truncated.incrementAndGet();
            return;
        }
        ByteBuffer buffer = queue.claim(datagram.destinationPort() - firstPort);
        if (buffer == null) {
            drops.incrementAndGet();
            return;
        }
        queue.put(buffer.put(payload).flip());
        received.incrementAndGet();
        receivedBytes.addAndGet(length);
        wakeUp.run();
    }

    @Override
    public int streams() {
        return streams;
    }

    /** Always null. */
    @Override
    public @Nullable ByteBuffer claim(int stream) {
        return null;
    }

    @Override
    public int stream(ByteBuffer datagram) {
        return queue.stream(datagram);
    }

    /** Never to be called, for there is nothing to send. */
    @Override
    public void send(ByteBuffer datagram) {
        throw new UnsupportedOperationException("a passive link sends nothing");
    }

    @Override
    public @Nullable ByteBuffer receive() {
        return queue.take();
    }

    @Override
    public void release(ByteBuffer datagram) {
        queue.release(datagram);
    }

    @Override
    public void onReceive(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Numbers since the link was opened; what libpcap lost counts as lost by the socket. */
    @Override
    public SyncLinkCounters counters() {
        return new SyncLinkCounters(
                0,
                0,
                0,
                Map.of(),
                0,
                received.get(),
                receivedBytes.get(),
                errors.get(),
                drops.get(),
                captureDrops.getOpaque(),
                truncated.get(),
                0,
                0);
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_TIMEOUT_MS);
            if (!thread.isAlive()) {
                capture.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
