package dev.tandem.sync;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;

/**
 * When a master sends an entry: the kernel's rule (net/netfilter/ipvs/ip_vs_sync.c,
 * ip_vs_sync_conn_needed) under the kernel's names for its settings.
 *
 * <p>The rule is asked after each packet from the client, and then for what controls the entry, its
 * template or its helper's control connection, whether the entry itself was sent or not (under
 * version 0 only if it was). The kernel asks nothing after a server's packet, so that a backup
 * never hears of a server's reset; {@link #decideServerPacket} is what we have beyond it.
 *
 * @param threshold packets after which an entry is first sent ({@code sync_threshold}, first
 *     number)
 * @param period then again every so many packets, more than {@code threshold} (see {@link
 *     #isSound}); 0 for never ({@code sync_threshold}, second number)
 * @param refreshPeriodSeconds when not 0, an entry is sent again when its end has moved by so much
 *     ({@code sync_refresh_period})
 * @param retries 0 to 3: how often an entry is repeated within a refresh period ({@code
 *     sync_retries})
 * @param persistMode connections under a template are not sent, the template alone is ({@code
 *     sync_persist_mode})
 */
public record SyncPolicy(
        int threshold, int period, int refreshPeriodSeconds, int retries, boolean persistMode) {
    /** The kernel's defaults: with the 3rd, 53rd, 103rd … packet. */
    public static final SyncPolicy KERNEL_DEFAULT = new SyncPolicy(3, 50, 0, 0);

    /** What {@link #decide} returns when the entry is not to be sent. */
    public static final long SKIP = -1;

    /** The low bits of an entry's sync end hold the number of repeats. */
    private static final long RETRY_BITS = 3;

    /** State 0, which no protocol with changes to report is ever sent in. */
    private static final int NEVER_SENT = 0;

    private static final long MIN_REFRESH_MS = 10_000;

    public SyncPolicy {
        if (threshold < 0 || period < 0) {
            throw new IllegalArgumentException("sync threshold or period below 0");
        }
        if (refreshPeriodSeconds < 0) {
            throw new IllegalArgumentException("sync refresh period below 0");
        }
        if (retries < 0 || retries > RETRY_BITS) {
            throw new IllegalArgumentException("sync retries " + retries + " are not in 0..3");
        }
    }

    /** A policy that sends connections under templates too, as is the kernel's default. */
    public SyncPolicy(int threshold, int period, int refreshPeriodSeconds, int retries) {
        this(threshold, period, refreshPeriodSeconds, retries, false);
    }

    /**
     * Whether the packet count ever comes to the threshold; the kernel refuses settings without.
     */
    public boolean isSound() {
        return period == 0 || threshold < period;
    }

    /** The sync end of an entry that was just created and never sent. */
    public static long initialSyncEnd(long nowMs) {
        return nowMs & ~RETRY_BITS;
    }

    /**
     * Whether an entry is to be sent now. Who sends it keeps the result as the entry's sync end and
     * its state as the synced state.
     *
     * @param protocol the entry's IP protocol; no matter for a template
     * @param template whether the entry is a persistence template
     * @param underTemplate whether the entry, or what controls it, is controlled by a template
     * @param state the entry's state number
     * @param syncedState its state when it was last sent, 0 before
     * @param packets packets from the client so far, this one included; for a control connection
     *     that is asked for its helper's data connection, {@link #threshold}
     * @param syncEndMs the result of the last decision to send, {@link #initialSyncEnd} before
     * @param timeoutMs full timeout of the entry's state
     * @param nowMs a clock that never goes back and is not negative
     * @return the new sync end, or {@link #SKIP}
     */
    public long decide(
            int protocol,
            boolean template,
            boolean underTemplate,
            int state,
            int syncedState,
            int packets,
            long syncEndMs,
            long timeoutMs,
            long nowMs) {
        long end = endOf(timeoutMs, nowMs);
        if (!template) {
            if ((persistMode && underTemplate) || !isStateSent(protocol, state)) {
                return SKIP;
            }
            if (state != syncedState && isChangeUrgent(protocol, state)) {
                return end;
            }
        }
        if (refreshPeriodSeconds > 0) {
            long refreshMs = refreshPeriodSeconds * 1000L;
            long significantMs = Math.min(refreshMs, Math.max(timeoutMs / 2, MIN_REFRESH_MS));
            if (Math.abs(end - syncEndMs) < significantMs) {
                long repeats = syncEndMs & RETRY_BITS;
                if (repeats >= retries || nowMs < syncEndMs - timeoutMs + refreshMs / 8) {
                    return SKIP;
                }
                end |= repeats + 1;
            }
        }
        if (period > 0) {
            return template || packets % period == threshold ? end : SKIP;
        }
        return refreshPeriodSeconds > 0 || packets == threshold ? end : SKIP;
    }

    /**
     * Whether an entry is to be sent now because a packet from its server has changed its state:
     * when the change is one that a client's packet would have had sent at once, and the entry was
     * sent before. One that was not is unknown to the backup and need not be ended there, or a scan
     * of closed ports would have each of its probes sent.
     *
     * @param underTemplate whether the entry, or what controls it, is controlled by a template
     * @param state the entry's state number
     * @param syncedState its state when it was last sent, 0 before
     * @param timeoutMs full timeout of the entry's state
     * @param nowMs a clock that never goes back and is not negative
     * @return the new sync end, or {@link #SKIP}
     */
    public long decideServerPacket(
            int protocol,
            boolean underTemplate,
            int state,
            int syncedState,
            long timeoutMs,
            long nowMs) {
        boolean news =
                state != syncedState
                        && syncedState != NEVER_SENT
                        && isStateSent(protocol, state)
                        && isChangeUrgent(protocol, state);
        return news && !(persistMode && underTemplate) ? endOf(timeoutMs, nowMs) : SKIP;
    }

    private static long endOf(long timeoutMs, long nowMs) {
        return (nowMs + timeoutMs) & ~RETRY_BITS;
    }

    /** Half-open connections are not worth a backup's memory: a SYN flood sends nothing. */
    private static boolean isStateSent(int protocol, int state) {
        return switch (protocol) {
            case IpProtocol.TCP ->
                    switch (state) {
                        case SyncState.TCP_ESTABLISHED,
                                SyncState.TCP_FIN_WAIT,
                                SyncState.TCP_CLOSE,
                                SyncState.TCP_CLOSE_WAIT,
                                SyncState.TCP_TIME_WAIT ->
                                true;
                        default -> false;
                    };
            case IpProtocol.SCTP ->
                    switch (state) {
                        case SyncState.SCTP_ESTABLISHED,
                                SyncState.SCTP_SHUTDOWN_SENT,
                                SyncState.SCTP_SHUTDOWN_RECEIVED,
                                SyncState.SCTP_SHUTDOWN_ACK_SENT,
                                SyncState.SCTP_CLOSED ->
                                true;
                        default -> false;
                    };
            default -> true;
        };
    }

    /** Becoming established waits for the packet count; every other change is sent at once. */
    private static boolean isChangeUrgent(int protocol, int state) {
        return switch (protocol) {
            case IpProtocol.TCP -> state != SyncState.TCP_ESTABLISHED;
            case IpProtocol.SCTP -> state != SyncState.SCTP_ESTABLISHED;
            default -> false;
        };
    }
}
