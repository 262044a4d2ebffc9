package dev.tandem.failover.detect;

import dev.tandem.failover.core.Event;
import dev.tandem.failover.detect.HeartbeatCodec.Verdict;
import dev.tandem.sync.hardening.SyncKey;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.function.Consumer;

/**
 * The heartbeat's socket: bound to the node's own address on the link and nothing else, never
 * blocking but in {@link #await}. One thread uses it; {@link #wakeUp} alone may be called by any.
 */
public final class HeartbeatSocket implements Closeable {
    /** So many datagrams are taken at a time: a flood must not keep the thread from its clock. */
    private static final int MAX_DRAINED = 256;

    /** One byte more than a heartbeat may have, so that a longer one is seen to be too long. */
    private static final int RECEIVE_BYTES = HeartbeatCodec.MAX_LENGTH_BYTES + 1;

    private static final int EXPEDITED_FORWARDING = 0xB8;

    private final HeartbeatCodec codec;
    private final InetSocketAddress[] peers;
    private final DatagramChannel channel;
    private final Selector selector;
    private final ByteBuffer out = ByteBuffer.allocateDirect(HeartbeatCodec.MAX_LENGTH_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final HeartbeatCounters counters = new HeartbeatCounters();
    private final Refusals refusals = new Refusals();

    private HeartbeatSocket(
            HeartbeatCodec codec,
            List<InetSocketAddress> peers,
            DatagramChannel channel,
            Selector selector) {
        this.codec = codec;
        this.peers = peers.toArray(new InetSocketAddress[0]);
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Opens the socket.
     *
     * @param peers where the codec's peers live, in its order
     * @throws IOException when the address is not ours or the port is taken, and says which
     */
    public static HeartbeatSocket open(
            HeartbeatCodec codec, InetAddress bind, int port, List<InetSocketAddress> peers)
            throws IOException {
        Selector selector = Selector.open();
        try {
            DatagramChannel channel = DatagramChannel.open(family(bind));
            try {
                channel.configureBlocking(false);
                // A heartbeat overtakes bulk traffic on a link that both share (RFC 3246).
                channel.setOption(StandardSocketOptions.IP_TOS, EXPEDITED_FORWARDING);
                channel.bind(new InetSocketAddress(bind, port));
                channel.register(selector, SelectionKey.OP_READ);
                return new HeartbeatSocket(codec, peers, channel, selector);
            } catch (IOException e) {
                channel.close();
                throw new IOException(
                        "heartbeat on %s port %d: %s"
                                .formatted(bind.getHostAddress(), port, e.getMessage()),
                        e);
            }
        } catch (IOException e) {
            selector.close();
            throw e;
        }
    }

    private static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    /** Sleeps until a datagram is there, somebody calls {@link #wakeUp}, or the time is over. */
    public void await(long timeoutMs) throws IOException {
        selector.select(timeoutMs);
        selector.selectedKeys().clear();
    }

    /** Ends the present or the next {@link #await}. */
    public void wakeUp() {
        selector.wakeup();
    }

    /** Hands every heartbeat that has come in to {@code handler}, in the order of arrival. */
    public void drain(Consumer<Event.Heartbeat> handler) throws IOException {
        for (int i = 0; i < MAX_DRAINED; i++) {
            in.clear();
            SocketAddress from = channel.receive(in);
            if (from == null) {
                return;
            }
            in.flip();
            Verdict verdict = codec.check(in);
            if (verdict == Verdict.ACCEPTED && !comesFrom(from, codec.peerIn(in))) {
                verdict = Verdict.WRONG_SENDER;
            }
            counters.count(verdict);
            if (verdict == Verdict.ACCEPTED) {
                handler.accept(codec.decode(in));
            } else {
                refusals.note(from, verdict);
            }
        }
    }

    private boolean comesFrom(SocketAddress from, int peer) {
        return from instanceof InetSocketAddress inet
                && inet.getAddress().equals(peers[peer].getAddress());
    }

    /** Signs by the first of them and believes any, from now on; from any thread. */
    public void keys(List<SyncKey> fresh) {
        codec.keys(fresh);
    }

    /** Sends this node's heartbeat to every peer; a peer that cannot be reached is counted. */
    public void send(Event.Heartbeat heartbeat) {
        codec.encode(out, heartbeat);
        for (InetSocketAddress peer : peers) {
            out.rewind();
            try {
                if (channel.send(out, peer) > 0) {
                    counters.countSent();
                } else {
                    counters.countSendError();
                }
            } catch (IOException _) {
                // No route, or a filter: the peer will notice, and so will the counters' reader.
                counters.countSendError();
            }
        }
    }

    public HeartbeatCounters counters() {
        return counters;
    }

    /** Whose heartbeats are not believed at present, and why, a sentence each; from any thread. */
    public List<String> refusals() {
        return refusals.recent();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
