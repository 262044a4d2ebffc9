package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;

/**
 * Does what a network interface would have done with a partial checksum, before a frame takes a way
 * on which none will: into a tunnel, into fragments, or with SCTP, whose checksum the virtio-net
 * header cannot name.
 */
public final class PartialChecksum {
    private PartialChecksum() {}

    /**
     * Completes the frame's checksum if it is partial; the virtio-net header is cleared. A sum that
     * lies outside of the frame is left as it is.
     *
     * @param length of the frame in bytes
     */
    public static void complete(long frame, int length) {
        if (!VnetHeader.needsChecksum(frame)) {
            return;
        }
        int start = VnetHeader.checksumStart(frame);
        int field = start + VnetHeader.checksumField(frame);
        VnetHeader.clear(frame);
        if (start < Ethernet.HEADER_LENGTH || field + 2 > length) {
            return;
        }
        // the field holds the pseudo header's sum and so adds it
        int checksum = Checksums.complement(Checksums.sum(frame + start, length - start));
        boolean udp = field - start == Udp.CHECKSUM_OFFSET;
        Memory.putShortBe(frame + field, udp && checksum == 0 ? 0xFFFF : checksum);
    }

    /** Gives an SCTP packet with a partial checksum its CRC32c. */
    public static void completeSctp(Frame packet) {
        if (!packet.partialChecksum) {
            return;
        }
        VnetHeader.clear(packet.frame);
        packet.partialChecksum = false;
        Sctp.complete(packet.transport, packet.transportLength);
    }
}
