package dev.tandem.sync.transport;

/**
 * What a link has done since it was opened.
 *
 * @param sent messages that the socket took
 * @param sendErrors messages that the socket refused, lost
 * @param sendDrops times that no buffer was free to write a message into
 * @param received messages put into the queue to the worker
 * @param receiveErrors errors of the receiving socket
 * @param receiveDrops messages lost because the worker had not given buffers back
 * @param truncated messages lost because they were longer than a buffer
 */
public record SyncLinkCounters(
        long sent,
        long sendErrors,
        long sendDrops,
        long received,
        long receiveErrors,
        long receiveDrops,
        long truncated) {}
