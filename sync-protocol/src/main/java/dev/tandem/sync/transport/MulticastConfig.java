package dev.tandem.sync.transport;

import java.net.InetAddress;

/**
 * Where a {@link MulticastLink} sends to and listens; the words are those of ipvsadm's sync daemon
 * options.
 *
 * @param interfaceName interface that carries the multicast; must have an IPv4 address
 * @param group IPv4 multicast group, {@link #DEFAULT_GROUP} unless the users chose another
 * @param port UDP port, 1 to 65535, {@link #DEFAULT_PORT} unless the users chose another
 * @param ttl 1 to 255; {@link #DEFAULT_TTL} keeps the messages on the link
 * @param maxLength bytes of the longest message to send, 44 to 65507
 */
public record MulticastConfig(
        String interfaceName, InetAddress group, int port, int ttl, int maxLength) {
    /** The kernel's group (linux/ip_vs.h, IP_VS_SYNC_GROUP). */
    public static final String DEFAULT_GROUP = "224.0.0.81";

    /** The kernel's port (linux/ip_vs.h, IP_VS_SYNC_PORT). */
    public static final int DEFAULT_PORT = 8848;

    public static final int DEFAULT_TTL = 1;

    /** What fits an Ethernet frame: 1500 less IPv4 and UDP headers, as the kernel's master. */
    public static final int DEFAULT_MAX_LENGTH = 1472;
}
