package dev.tandem.tools.sync;

import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.wire.SyncHeaderV1;
import java.nio.ByteBuffer;

/**
 * A captured datagram and what its message header says, as far as it has one.
 *
 * @param syncId -1 when the datagram is too short to have one
 * @param version 0 or 1 by the header's look, -1 when it is neither
 * @param count records by the header, -1 without
 */
record Heard(CapturedDatagram datagram, int syncId, int version, int count) {
    private static final int NONE = -1;

    /** Before the first datagram. */
    static final Heard NOTHING = new Heard(new CapturedDatagram(), NONE, NONE, NONE);

    static Heard of(CapturedDatagram datagram) {
        ByteBuffer m = datagram.payload();
        int at = m.position();
        if (m.remaining() < SyncHeaderV1.COMMON_LENGTH) {
            return new Heard(datagram, NONE, NONE, NONE);
        }
        int syncId = Byte.toUnsignedInt(m.get(at + SyncHeaderV1.SYNC_ID_OFFSET));
        int first = Byte.toUnsignedInt(m.get(at + SyncHeaderV1.RESERVED_OFFSET));
        if (first != 0) {
            return new Heard(datagram, syncId, 0, first);
        }
        if (m.remaining() < SyncHeaderV1.LENGTH
                || m.get(at + SyncHeaderV1.VERSION_OFFSET) != SyncHeaderV1.VERSION
                || m.getShort(at + SyncHeaderV1.SPARE_OFFSET) != 0) {
            return new Heard(datagram, syncId, NONE, NONE);
        }
        int count = Byte.toUnsignedInt(m.get(at + SyncHeaderV1.COUNT_OFFSET));
        return new Heard(datagram, syncId, SyncHeaderV1.VERSION, count);
    }

    /** The sender's address, or nothing when it is not known. */
    String source() {
        CapturedDatagram d = datagram;
        return isSourceKnown() ? Words.address(d.isIpv6(), d.sourceHigh(), d.sourceLow()) : "";
    }

    String destination() {
        CapturedDatagram d = datagram;
        return Words.endpoint(
                Words.address(d.isIpv6(), d.destinationHigh(), d.destinationLow()),
                d.destinationPort());
    }

    boolean isSourceKnown() {
        return (datagram.sourceHigh() | datagram.sourceLow()) != 0;
    }
}
