package dev.tandem.director.io;

/**
 * A snapshot of what a port did. {@code receiveDropped} counts frames that the kernel could not put
 * into the ring.
 */
public record PortCounters(
        long received,
        long receiveDropped,
        long receiveTruncated,
        long sent,
        long sendFailed,
        int lastSendErrno) {}
