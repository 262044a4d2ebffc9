package dev.tandem.sync.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a {@link SyncLink} sends to and listens; the words are those of ipvsadm's sync daemon
 * options and of the kernel's sysctls.
 *
 * @param interfaceName interface that carries the messages
 * @param group IPv4 or IPv6 multicast group, {@link #DEFAULT_GROUP} unless the users chose another
 * @param peers where to send when it is not empty: by unicast, and nothing to the group
 * @param port UDP port, 1 to 65535, {@link #DEFAULT_PORT} unless the users chose another; with
 *     several ports the first of them
 * @param ports 1 to 64, a power of two: a connection's messages all go to one of so many ports
 *     ({@code sync_ports})
 * @param ttl TTL or hop limit, 1 to 255; {@link #DEFAULT_TTL} keeps the messages on the link
 * @param maxLength bytes of the longest message to send, 44 to 65507; 0 for what fits an Ethernet
 *     frame: 1472, or 1452 over IPv6 ({@code --sync-maxlen})
 * @param queueLength datagrams that may wait for the socket, and for the worker, 8 to 65536 ({@code
 *     sync_qlen_max})
 * @param socketBufferBytes asked for as the sockets' send and receive buffers; 0 leaves it to us
 *     ({@code sync_sock_size})
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

    public SyncLinkConfig {
        peers = List.copyOf(peers);
    }

    /** The kernel's defaults on one interface. */
    public static SyncLinkConfig of(String interfaceName, InetAddress group, int port) {
        return new SyncLinkConfig(
                interfaceName,
                group,
                List.of(),
                port,
                1,
                DEFAULT_TTL,
                DEFAULT_MAX_LENGTH,
                DEFAULT_QUEUE_LENGTH,
                0);
    }
}
