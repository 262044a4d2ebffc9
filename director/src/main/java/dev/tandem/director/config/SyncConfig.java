package dev.tandem.director.config;

import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.transport.SyncLinkConfig;

/**
 * How connections are replicated; the words and defaults are those of the kernel's sync daemon.
 *
 * @param link where messages go to and come from
 * @param syncId 0 to 255; a receiver with 0 accepts every sync id
 * @param version of the messages sent, 1, or 0 for kernels before 2.6.39 ({@code sync_version})
 * @param policy when a connection is sent
 * @param flushMs a partly filled datagram leaves after at most so long, default 5 (the kernel: 2000
 *     to 3000)
 * @param hardening what is asked of messages beyond what the kernel does
 */
public record SyncConfig(
        SyncLinkConfig link,
        int syncId,
        int version,
        SyncPolicy policy,
        int flushMs,
        HardeningConfig hardening) {
    public static final int DEFAULT_FLUSH_MS = 5;
}
