package dev.tandem.sync.transport;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a {@link SyncLink} sends to and listens; the words are those of ipvsadm's sync daemon
 * options and of the kernel's sysctls. {@link #problems} says what is wrong with one.
 *
 * @param interfaceName interface that carries the messages
 * @param group IPv4 or IPv6 multicast group, {@link #DEFAULT_GROUP} unless the users chose another;
 *     a link hears its group on its interface alone, but with an IPv6 group wider than the link
 *     ({@link #hearsEveryInterface}) on each that another link has joined it on
 * @param peers where to send when it is not empty: by unicast, and nothing to the group; the link
 *     then listens on the interface's address and hears nobody but them. A peer's port is that of
 *     its first stream
 * @param port UDP port, 1 to 65535, {@link #DEFAULT_PORT} unless the users chose another; with
 *     several ports the first of them
 * @param ports 1 to 64, a power of two: a connection's messages all go to one of so many ports
 *     ({@code sync_ports})
 * @param ttl TTL or hop limit of multicast, 1 to 255; {@link #DEFAULT_TTL} keeps the messages on
 *     the link. Unicast has the system's
 * @param maxLength bytes of the longest message to send, 44 to 65507, over IPv6 to 65487; 0 for
 *     what fits an Ethernet frame: 1472, or 1452 over IPv6 ({@code --sync-maxlen}). What is longer
 *     than the interface's MTU goes out in fragments
 * @param queueLength datagrams that may wait for the sockets, and for the worker, 8 to 65536
 *     ({@code sync_qlen_max}); times the longest message at most {@link #MAX_QUEUE_BYTES}
 * @param socketBufferBytes asked for as the sockets' send and receive buffers, 1024 to 1 GiB, the
 *     kernel grants what {@code wmem_max} and {@code rmem_max} allow; 0 leaves it to us ({@code
 *     sync_sock_size})
 */
public record SyncLinkConfig(
        String interfaceName,
        InetAddress group,
        List<InetSocketAddress> peers,
        int port,
        int ports,
        int ttl,
        int maxLength,
        int queueLength,
        int socketBufferBytes) {
    /** The kernel's group (linux/ip_vs.h, IP_VS_SYNC_GROUP). */
    public static final String DEFAULT_GROUP = "224.0.0.81";

    /** The kernel's port (linux/ip_vs.h, IP_VS_SYNC_PORT). */
    public static final int DEFAULT_PORT = 8848;

    public static final int DEFAULT_TTL = 1;

    /** What fits an Ethernet frame: 1500 less IPv4 and UDP headers, as the kernel's master. */
    public static final int DEFAULT_MAX_LENGTH = 1472;

    /** Datagrams of {@link #DEFAULT_MAX_LENGTH} for 10 000 connections. */
    public static final int DEFAULT_QUEUE_LENGTH = 256;

    /** Most memory that a queue may take: 128 MiB. */
    public static final int MAX_QUEUE_BYTES = 128 << 20;

    private static final int IPV4_AND_UDP_HEADER = 28;
    private static final int IPV6_AND_UDP_HEADER = 48;
    private static final int ETHERNET_MTU = 1500;
    private static final int MAX_PACKET = 65_535;

    public SyncLinkConfig {
        peers = List.copyOf(peers);
    }

    /** The kernel's defaults on one interface. */
    public static SyncLinkConfig of(String interfaceName, InetAddress group, int port) {
        return new SyncLinkConfig(
                interfaceName, group, List.of(), port, 1, DEFAULT_TTL, 0, DEFAULT_QUEUE_LENGTH, 0);
    }

    /** Whether messages go over IPv6. */
    public boolean ipv6() {
        InetAddress one = peers.isEmpty() ? group : peers.getFirst().getAddress();
        return one instanceof Inet6Address;
    }

    /**
     * Whether it also hears what other links of the host join the group for on other interfaces.
     * Linux holds a socket to an interface by its membership over IPv4, over IPv6 by its address's
     * scope, which groups beyond the link have none of (net/ipv6/mcast.c, inet6_mc_check); the
     * kernel's backup binds to the device, which the JDK cannot.
     */
    public boolean hearsEveryInterface() {
        return peers.isEmpty() && ipv6() && !group.isMCLinkLocal() && !group.isMCNodeLocal();
    }

    /** Bytes of the longest message to send, the family's default filled in. */
    public int sendLength() {
        return maxLength == 0 ? ETHERNET_MTU - headerLength() : maxLength;
    }

    /** Bytes of the longest message that a packet can carry: 65507, or 65487 over IPv6. */
    public int longestMessage() {
        return MAX_PACKET - headerLength();
    }

    /**
     * Bytes of the longest message to receive: what fits the interface's MTU, or an Ethernet frame
     * if that is more, as the kernel's backup; never less than is sent.
     */
    int receiveLength(int mtu) {
        return Math.max(Math.clamp(mtu, ETHERNET_MTU, MAX_PACKET) - headerLength(), sendLength());
    }

    /**
     * Messages that may wait for the worker: fewer than asked for when long ones need the memory.
     */
    int receiveQueueLength(int mtu) {
        return Math.min(queueLength, MAX_QUEUE_BYTES / receiveLength(mtu));
    }

    /** IP and UDP headers without options. */
    private int headerLength() {
        return ipv6() ? IPV6_AND_UDP_HEADER : IPV4_AND_UDP_HEADER;
    }

    /**
     * The interface's address of the link's family, as it is at the moment.
     *
     * @throws IOException why there is none
     */
    public InetAddress localAddress() throws IOException {
        return LocalInterface.find(this).address();
    }

    /** Everything that is wrong with it, each with what is allowed; empty when it can be tried. */
    public List<String> problems() {
        return LinkChecks.problems(this);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("sync link on ").append(interfaceName).append(" to");
        if (peers.isEmpty()) {
            text.append(' ').append(group.getHostAddress()).append(':').append(port);
        }
        for (InetSocketAddress peer : peers) {
            text.append(' ').append(peer.getAddress().getHostAddress()).append(':');
            text.append(peer.getPort());
        }
        return text.toString();
    }
}
