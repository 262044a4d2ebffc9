package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/** The SCTP common header (RFC 9260 section 3.1). The ports lie where TCP's lie. */
public final class Sctp {
    /** Length in bytes; chunks follow. */
    public static final int HEADER_LENGTH = 12;

    /** u16. */
    public static final int SOURCE_PORT_OFFSET = 0;

    /** u16. */
    public static final int DESTINATION_PORT_OFFSET = 2;

    /** u32, least significant byte first: CRC32c over header and chunks. */
    public static final int CHECKSUM_OFFSET = 8;

    /** Type of a chunk, its first byte: the association is aborted. */
    public static final int ABORT = 6;

    private Sctp() {}

    /** What the checksum field must hold, read as a big-endian number. */
    public static int checksum(long sctp, int length) {
        int crc = Crc32c.start();
        crc = Crc32c.update(crc, sctp, CHECKSUM_OFFSET);
        crc = Crc32c.updateZeros(crc, Integer.BYTES);
        crc = Crc32c.update(crc, sctp + HEADER_LENGTH, length - HEADER_LENGTH);
        return Integer.reverseBytes(Crc32c.end(crc));
    }

    /** Whether the packet of {@code length} bytes carries the right checksum. */
    public static boolean isRight(long sctp, int length) {
        return Memory.getIntBe(sctp + CHECKSUM_OFFSET) == checksum(sctp, length);
    }

    /** Writes the right checksum. */
    public static void complete(long sctp, int length) {
        Memory.putIntBe(sctp + CHECKSUM_OFFSET, checksum(sctp, length));
    }
}
