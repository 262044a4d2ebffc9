package dev.tandem.sync.wire;

/**
 * Layout of the options that may follow the addresses of a version 1 record
 * (net/netfilter/ipvs/ip_vs_sync.c, {@code IPVS_OPT_*}): one byte type, one byte length of the
 * data, the data; no alignment.
 */
public final class SyncOption {
    /** u8: one of the types below, perhaps with {@link #OPTIONAL}. */
    public static final int TYPE_OFFSET = 0;

    /** u8: bytes of data, 1 to 255. */
    public static final int LENGTH_OFFSET = 1;

    /** Length in bytes of type and length; the data follow. */
    public static final int HEADER_LENGTH = 2;

    /** Adjustment of TCP sequence numbers, {@link #SEQ_DATA_LENGTH} bytes. */
    public static final int SEQ_DATA = 1;

    /** Data of a persistence engine, for example a SIP Call-ID. */
    public static final int PE_DATA = 2;

    /** Name of the persistence engine, without a terminating zero. */
    public static final int PE_NAME = 3;

    /**
     * Bit of the type (the kernel's {@code IPVS_OPT_F_PARAM}): a receiver that does not know the
     * option may pass over it; without the bit it must skip the record.
     */
    public static final int OPTIONAL = 0x40;

    /** Two times three u32: initial sequence number, delta, previous delta; first in, then out. */
    public static final int SEQ_DATA_LENGTH = 24;

    /** The longest name of a persistence engine in bytes. */
    public static final int MAX_PE_NAME_LENGTH = 16;

    /** The most data of a persistence engine in bytes: what the length field can say. */
    public static final int MAX_PE_DATA_LENGTH = 255;

    private SyncOption() {}

    /**
     * Bytes that these options take in a record.
     *
     * @param sequence whether there are sequence data
     * @param engineDataLength 0 to 255; 0 for none
     * @param engineNameLength 0 to 16; goes with data only
     */
    public static int length(boolean sequence, int engineDataLength, int engineNameLength) {
        int length = sequence ? HEADER_LENGTH + SEQ_DATA_LENGTH : 0;
        if (engineDataLength > 0) {
            length += HEADER_LENGTH + engineDataLength;
            length += engineNameLength > 0 ? HEADER_LENGTH + engineNameLength : 0;
        }
        return length;
    }
}
