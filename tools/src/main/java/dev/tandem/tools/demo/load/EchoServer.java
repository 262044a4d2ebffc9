package dev.tandem.tools.demo.load;

import dev.tandem.director.control.Urgency;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A real server: verifies each message that comes over TCP or UDP and answers with an echo that
 * carries its own number. One thread, inside the server's namespace.
 *
 * <p>A TCP connection whose bytes are wrong is closed, which its client sees as a lost connection.
 */
public final class EchoServer implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final int number;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final DatagramChannel datagrams;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(2048);
    private final Thread thread;
    private volatile long bytesVerified;
    private volatile int accepted;
    private volatile int corrupt;

    private EchoServer(Namespace host, int number, InetSocketAddress bind) throws IOException {
        this.number = number;
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        datagrams = DatagramChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(bind, BACKLOG).configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            datagrams.bind(bind).configureBlocking(false);
            datagrams.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            closeChannels();
            throw e;
        }
        thread = Thread.ofPlatform().name(host.name()).daemon().unstarted(this::serve);
    }

    /**
     * Starts a server.
     *
     * @param number 1 or more: what it stamps its echoes with
     * @param bind its address and its port for both protocols
     */
    public static EchoServer start(Namespace host, int number, InetSocketAddress bind)
            throws IOException {
        EchoServer server = host.call(() -> new EchoServer(host, number, bind));
        server.thread.start();
        return server;
    }

    /** Bytes of requests that were as they should be, TCP and UDP. */
    public long bytesVerified() {
        return bytesVerified;
    }

    /** TCP connections accepted so far. */
    public int accepted() {
        return accepted;
    }

    /** Messages that were not as they should be. */
    public int corrupt() {
        return corrupt;
    }

    @Override
    public void close() {
        closeChannels();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeChannels() {
        try (selector;
                listener;
                datagrams) {
            selector.keys().forEach(key -> closeQuietly(key));
        } catch (IOException | ClosedSelectorException _) {
            // closed is what was wanted
        }
    }

    private void serve() {
        Urgency.raise();
        try {
            while (selector.isOpen()) {
                selector.select(this::ready);
            }
        } catch (IOException | ClosedSelectorException _) {
            closeChannels();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof Session session) {
                session.ready();
            } else {
                answerDatagrams();
            }
        } catch (IOException e) {
            closeQuietly(key);
        }
    }

    private void accept() throws IOException {
        for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new Session(key, channel));
            count(1, 0, 0);
        }
    }

    private void answerDatagrams() throws IOException {
        for (var from = receive(); from != null; from = receive()) {
            int flow = Message.flow(datagram, 0);
            long sequence = Message.sequence(datagram, 0);
            boolean good =
                    datagram.remaining() == Message.LENGTH
                            && Message.matches(datagram, 0, flow, Message.CLIENT, sequence);
            count(0, good ? Message.LENGTH : 0, good ? 0 : 1);
            if (good) {
                datagram.clear();
                Message.put(datagram, flow, number, sequence);
                datagrams.send(datagram.flip(), from);
            }
        }
    }

    private SocketAddress receive() throws IOException {
        datagram.clear();
        SocketAddress from = datagrams.receive(datagram);
        datagram.flip();
        return from;
    }

    /** Only this server's thread counts; others read. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(int connections, int bytes, int bad) {
        accepted += connections;
        bytesVerified += bytes;
        corrupt += bad;
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException _) {
            // closed is what was wanted
        }
    }

    /** One TCP connection: reads only when its last echoes have left. */
    private final class Session {
        private final SelectionKey key;
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(16 * Message.LENGTH);
        private final ByteBuffer out = ByteBuffer.allocateDirect(16 * Message.LENGTH);
        private int flow;
        private long expected;

        Session(SelectionKey key, SocketChannel channel) {
            this.key = key;
            this.channel = channel;
            out.limit(0);
        }

        void ready() throws IOException {
            if (out.hasRemaining()) {
                channel.write(out);
            } else if (channel.read(in) < 0) {
                channel.close();
                return;
            } else {
                echo();
            }
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void echo() throws IOException {
            in.flip();
            out.clear();
            for (; in.remaining() >= Message.LENGTH; expected++) {
                if (expected == 0) {
                    flow = Message.flow(in, in.position());
                }
                if (!Message.matches(in, in.position(), flow, Message.CLIENT, expected)) {
                    count(0, 0, 1);
                    throw new IOException("wrong bytes");
                }
                count(0, Message.LENGTH, 0);
                in.position(in.position() + Message.LENGTH);
                Message.put(out, flow, number, expected);
            }
            in.compact();
            channel.write(out.flip());
        }
    }
}
