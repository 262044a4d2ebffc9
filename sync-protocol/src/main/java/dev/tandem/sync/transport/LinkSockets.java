package dev.tandem.sync.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/**
 * How the sockets of a link are set up, on one interface at one moment: the difference between
 * multicast and unicast, and nothing else.
 */
abstract class LinkSockets {
    /** A transfer of a whole table comes as a burst; the kernel grants what rmem_max allows. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    final SyncLinkConfig config;
    final LocalInterface local;

    LinkSockets(SyncLinkConfig config, LocalInterface local) {
        this.config = config;
        this.local = local;
    }

    /** Those that the settings ask for. */
    static LinkSockets of(SyncLinkConfig config, LocalInterface local) throws IOException {
        return config.peers().isEmpty()
                ? new MulticastSockets(config, local)
                : new UnicastSockets(config, local);
    }

    /** A socket that a stream is sent from, of its own source port. */
    abstract DatagramChannel openSender(int stream) throws IOException;

    /** A socket that a stream is heard on. */
    abstract DatagramChannel openReceiver(int stream) throws IOException;

    /** Where a stream's messages go, each to all of them; empty when its sender is connected. */
    abstract List<InetSocketAddress> destinations(int stream);

    /** Whether messages from there are for us. */
    abstract boolean accepts(InetAddress sender);

    /** Whether these sockets would be the same on the interface as it is found now. */
    boolean suits(LocalInterface now) {
        return now.netif().getIndex() == local.netif().getIndex()
                && now.address().equals(local.address());
    }

    interface SetUp {
        void apply(DatagramChannel channel) throws IOException;
    }

    DatagramChannel open(SetUp setUp) throws IOException {
        DatagramChannel channel = open();
        try {
            channel.configureBlocking(false);
            setUp.apply(channel);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private DatagramChannel open() throws IOException {
        try {
            return DatagramChannel.open(
                    config.ipv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        } catch (UnsupportedOperationException e) {
            throw new IOException("this host, or its Java, has no IPv6", e);
        }
    }

    /** What both kinds of senders have: no path-MTU discovery, so that long messages arrive. */
    void setUpSender(DatagramChannel channel) throws IOException {
        channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, false);
        if (config.socketBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, config.socketBufferBytes());
        }
    }

    void setUpReceiver(DatagramChannel channel) throws IOException {
        channel.setOption(
                StandardSocketOptions.SO_RCVBUF,
                config.socketBufferBytes() > 0 ? config.socketBufferBytes() : RECEIVE_BUFFER_BYTES);
    }
}
