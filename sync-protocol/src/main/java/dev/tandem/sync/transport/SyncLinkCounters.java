package dev.tandem.sync.transport;

import java.util.Map;

/**
 * What a link has done since it was opened; every loss has its place.
 *
 * @param sent datagrams that the sockets took, with several peers one for each
 * @param sentBytes their payload
 * @param sendErrors datagrams that a socket refused, lost
 * @param sendErrorReasons the same by the system's words for the reason, as "Network is
 *     unreachable"
 * @param sendDrops times that all buffers were waiting for the sockets and there was none to write
 *     a message into
 * @param received messages put into the queue to the worker
 * @param receivedBytes their payload
 * @param receiveErrors errors of the receiving sockets
 * @param receiveDrops messages lost because the worker had not given buffers back
 * @param socketDrops datagrams that the kernel dropped because the receiving sockets were full
 * @param truncated messages lost because they were longer than a buffer
 * @param strangers messages refused because they came from none of the peers
 * @param reopened times that the sockets were made anew because the interface, or its address, was
 *     another one
 */
public record SyncLinkCounters(
        long sent,
        long sentBytes,
        long sendErrors,
        Map<String, Long> sendErrorReasons,
        long sendDrops,
        long received,
        long receivedBytes,
        long receiveErrors,
        long receiveDrops,
        long socketDrops,
        long truncated,
        long strangers,
        long reopened) {
    public SyncLinkCounters {
        sendErrorReasons = Map.copyOf(sendErrorReasons);
    }

    /** Those of a link without sockets, as tests and rehearsals have. */
    public static SyncLinkCounters of(long sent, long sendDrops, long received) {
        return new SyncLinkCounters(sent, 0, 0, Map.of(), sendDrops, received, 0, 0, 0, 0, 0, 0, 0);
    }
}
