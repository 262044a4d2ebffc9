package dev.tandem.failover.detect;

import dev.tandem.failover.detect.LivenessCodec.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the process of one peer over a connection to it. Confined to the thread of {@link
 * Liveness}.
 *
 * <pre>
 * connecting   connected            the peer is asked who it is
 * asked        answered             watching
 * watching     closed               suspect: looked for again at once
 * suspect      refused              dead
 *              another answers      dead
 *              the same answers     watching: the connection was lost, the process was not
 *              anything else        looked for again and again, however long it takes
 * </pre>
 *
 * <p>A living process never closes what it listens with, so that nobody can be refused at its
 * address. A peer's machine that loses power or its cable closes nothing and refuses nothing: that
 * is for the heartbeat to notice.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private static final long LONGEST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SHORTEST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** To connect or to answer takes no longer. */
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    /** A machine that was switched off is noticed by its silence after about four seconds. */
    private static final int KEEP_ALIVE_S = 1;

    private static final int KEEP_ALIVE_COUNT = 3;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String node;
    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private final LivenessCodec codec;
    private final Selector selector;
    private final Liveness.Listener listener;
    private final ByteBuffer answer = ByteBuffer.allocate(LivenessCodec.MAX_ANSWER_BYTES);
    private byte[] nonce = new byte[LivenessCodec.NONCE_BYTES];
    private @Nullable SocketChannel channel;
    private @Nullable Long alive;
    private @Nullable Long suspect;
    private long dueNs = System.nanoTime();
    private long retryNs = SHORTEST_RETRY_NS;
    private String complaint = "";

    /**
     * @param from this node's own address; its port is 0
     * @param to where the peer's process listens
     */
    Watch(
            String node,
            InetSocketAddress from,
            InetSocketAddress to,
            LivenessCodec codec,
            Selector selector,
            Liveness.Listener listener) {
        this.node = node;
        this.from = from;
        this.to = to;
        this.codec = codec;
        this.selector = selector;
        this.listener = listener;
    }

    String node() {
        return node;
    }

    /** Whether the peer's process would be noticed to die. */
    boolean isWatching() {
        return alive != null;
    }

    /** When {@link #doWork} has something to do if nothing comes in. */
    long dueNs() {
        return alive == null ? dueNs : System.nanoTime() + LIMIT_NS;
    }

    /** Connects if that is due, and gives up what takes too long. */
    void doWork(long nowNs) {
        if (alive != null || nowNs - dueNs < 0) {
            return;
        }
        if (channel == null) {
            connect();
        } else {
            lost();
        }
    }

    private void connect() {
        dueNs = System.nanoTime() + LIMIT_NS;
        answer.clear();
        try {
            SocketChannel opening = SocketChannel.open(Liveness.family(to.getAddress()));
            channel = opening;
            opening.configureBlocking(false);
            opening.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            opening.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_S);
            opening.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_S);
            opening.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_COUNT);
            opening.bind(from);
            SelectionKey key = opening.register(selector, SelectionKey.OP_CONNECT, this);
            if (opening.connect(to)) {
                ask(key, opening);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** The selector has found something to do. */
    void ready(SelectionKey key) {
        SocketChannel open = (SocketChannel) key.channel();
        boolean connecting = open.isConnectionPending();
        try {
            if (connecting) {
                if (open.finishConnect()) {
                    ask(key, open);
                }
            } else if (open.read(answer) < 0) {
                lost();
            } else {
                answered();
            }
        } catch (IOException e) {
            if (connecting) {
                failed(e);
            } else {
                failedWatching(e);
            }
        }
    }

    private void ask(SelectionKey key, SocketChannel open) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        nonce = new byte[LivenessCodec.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        open.write(LivenessCodec.ask(nonce));
    }

    private void answered() {
        if (alive != null) {
            complain("it says more than was asked");
            drop();
            return;
        }
        switch (codec.read(answer, nonce, node)) {
            case null -> {}
            case Answer.Named(long incarnation) -> {
                alive = incarnation;
                complaint = "";
                retryNs = SHORTEST_RETRY_NS;
                Long before = suspect;
                suspect = null;
                if (before != null && before != incarnation) {
                    listener.died(node, before);
                }
            }
            case Answer.Wrong(String why) -> {
                complain(why);
                lost();
            }
        }
    }

    private void complain(String why) {
        if (!why.equals(complaint)) {
            complaint = why;
            LOG.warn("the process of {} cannot be watched at {}: {}", node, to, why);
        }
    }

    /**
     * A reset comes from the peer's kernel. Anything else, such as a keep-alive that is not
     * answered, says something of the way there and nothing of the process.
     */
    private void failedWatching(IOException e) {
        boolean reset = e instanceof SocketException;
        if (!reset) {
            alive = null;
        }
        lost();
    }

    /**
     * Refused by the peer's kernel is a proof; any other failure is none. The platform has the same
     * class for a connection that times out, but not within {@link #LIMIT_NS}.
     */
    private void failed(IOException e) {
        boolean refused = e instanceof ConnectException;
        Long died = suspect;
        if (refused && died != null) {
            suspect = null;
            listener.died(node, died);
        }
        lost();
    }

    /** The connection is gone; looked for again, at once the first time. */
    private void lost() {
        boolean watched = alive != null;
        drop();
        if (watched) {
            dueNs = System.nanoTime();
        } else {
            dueNs = System.nanoTime() + retryNs;
            retryNs = Math.min(2 * retryNs, LONGEST_RETRY_NS);
        }
    }

    private void drop() {
        if (alive != null) {
            suspect = alive;
            alive = null;
        }
        dueNs = System.nanoTime() + retryNs;
        if (channel != null) {
            Liveness.close(channel);
            channel = null;
        }
    }
}
