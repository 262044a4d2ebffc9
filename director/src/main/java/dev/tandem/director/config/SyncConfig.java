package dev.tandem.director.config;

import java.net.InetAddress;

/**
 * How connections are replicated; the words and defaults are those of the kernel's sync daemon.
 *
 * @param interfaceName interface that sends and receives the multicast
 * @param syncId 0 to 255; a receiver with 0 accepts every sync id
 * @param group multicast group, default 224.0.0.81
 * @param port UDP port, default 8848
 * @param threshold packet count of a connection at which it is first sent, default 3
 * @param period then sent again every so many packets, default 50
 * @param flushMs a partly filled datagram leaves after at most so long, default 20 (the kernel:
 *     2000 to 3000)
 */
public record SyncConfig(
        String interfaceName,
        int syncId,
        InetAddress group,
        int port,
        int threshold,
        int period,
        int flushMs) {}
