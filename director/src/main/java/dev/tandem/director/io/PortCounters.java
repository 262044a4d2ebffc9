package dev.tandem.director.io;

/**
 * A snapshot of what a port did since it was opened.
 *
 * @param received frames handed to the packet path
 * @param receiveDropped frames that the kernel could not put into the ring because it was full
 * @param receiveTruncated frames longer than a slot of the ring, passed over
 * @param receiveTagged frames with a VLAN tag, passed over
 * @param receiveNotForUs frames not addressed to this host at link level, passed over
 * @param sent frames that the kernel took for sending
 * @param sendFailed frames that it refused
 * @param lastSendErrno why it refused the last of them ({@link Errno}); 0 when it never did
 * @param linkErrors how often the interface was found down or gone
 */
public record PortCounters(
        long received,
        long receiveDropped,
        long receiveTruncated,
        long receiveTagged,
        long receiveNotForUs,
        long sent,
        long sendFailed,
        int lastSendErrno,
        long linkErrors) {}
