package dev.tandem.director.config;

import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.table.TableConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.util.Optional;

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
 * @param tables how whole tables are transferred and compared; empty: they are not
 */
public record SyncConfig(
        SyncLinkConfig link,
        int syncId,
        int version,
        SyncPolicy policy,
        int flushMs,
        HardeningConfig hardening,
        Optional<TableConfig> tables) {
    public static final int DEFAULT_FLUSH_MS = 5;

    /** Without transfer of tables, as a kernel. */
    public SyncConfig(
            SyncLinkConfig link,
            int syncId,
            int version,
            SyncPolicy policy,
            int flushMs,
            HardeningConfig hardening) {
        this(link, syncId, version, policy, flushMs, hardening, Optional.empty());
    }

    /** The same with other tables. */
    public SyncConfig withTables(Optional<TableConfig> other) {
        return new SyncConfig(link, syncId, version, policy, flushMs, hardening, other);
    }
}
