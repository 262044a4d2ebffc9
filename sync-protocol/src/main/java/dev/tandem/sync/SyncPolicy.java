package dev.tandem.sync;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;

/**
 * When a master sends an entry: the kernel's rule (net/netfilter/ipvs/ip_vs_sync.c,
 * ip_vs_sync_conn_needed) under the kernel's names for its settings.
 *
 * <p>The rule is asked after each packet from the client, and for a template each time one of its
 * connections was asked about. Reply packets never ask, so a state that a reply brought about is
 * sent with the client's next packet.
 *
 * @param threshold packets after which an entry is first sent ({@code sync_threshold}, first
 *     number)
 * @param period then again every so many packets, more than {@code threshold} (see {@link
 *     #isSound}); 0 for never ({@code sync_threshold}, second number)
 * @param refreshPeriodSeconds when not 0, an entry is sent again when its end has moved by so much
 *     ({@code sync_refresh_period})
 * @param retries 0 to 3: how often an entry is repeated within a refresh period ({@code
 *     sync_retries})
 */
public record SyncPolicy(int threshold, int period, int refreshPeriodSeconds, int retries) {
    /** The kernel's defaults: with the 3rd, 53rd, 103rd … packet. */
    public static final SyncPolicy KERNEL_DEFAULT = new SyncPolicy(3, 50, 0, 0);

    /** What {@link #decide} returns when the entry is not to be sent. */
    public static final long SKIP = -1;

    /** The low bits of an entry's sync end hold the number of repeats. */
    private static final long RETRY_BITS = 3;

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
     * @param state the entry's state number
     * @param syncedState its state when it was last sent, 0 before
     * @param packets packets from the client so far, this one included
     * @param syncEndMs the result of the last decision to send, {@link #initialSyncEnd} before
     * @param timeoutMs full timeout of the entry's state
     * @param nowMs a clock that never goes back and is not negative
     * @return the new sync end, or {@link #SKIP}
     */
    public long decide(
            int protocol,
            boolean template,
            int state,
            int syncedState,
            int packets,
            long syncEndMs,
            long timeoutMs,
            long nowMs) {
        long end = (nowMs + timeoutMs) & ~RETRY_BITS;
        if (!template) {
            if (!isStateSent(protocol, state)) {
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
