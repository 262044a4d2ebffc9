package dev.tandem.sync.wire;

/**
 * Layout of the header of a version 1 sync message (net/netfilter/ipvs/ip_vs_sync.c, struct
 * ip_vs_sync_mesg). One UDP datagram is one message; all fields are big-endian.
 *
 * <pre>
 *    0        1        2                 4        5        6                 8
 *   +--------+--------+-----------------+--------+--------+-----------------+---------
 *   | 0      | syncid | size            | count  | 1      | 0               | records…
 *   +--------+--------+-----------------+--------+--------+-----------------+---------
 * </pre>
 *
 * A version 0 message keeps its record count where version 1 keeps a zero, and its sync id and size
 * in the same places; it has nothing else in its header. So whatever does not look exactly like
 * version 1 is version 0, and a version 0 receiver reads a version 1 message as an empty one.
 */
public final class SyncHeaderV1 {
    /** u8: 0. In a version 0 message: the number of records. */
    public static final int RESERVED_OFFSET = 0;

    /** u8: id of the group of directors, low 8 bits. */
    public static final int SYNC_ID_OFFSET = 1;

    /** u16: length of the whole message in bytes, this header included. */
    public static final int SIZE_OFFSET = 2;

    /** u8: number of records. */
    public static final int COUNT_OFFSET = 4;

    /** u8: {@link #VERSION}. */
    public static final int VERSION_OFFSET = 5;

    /** u16: 0. */
    public static final int SPARE_OFFSET = 6;

    /** Length in bytes; the first record starts here. */
    public static final int LENGTH = 8;

    /** Where {@link #SIZE_OFFSET} ends: the least that any receiver needs to look at a message. */
    public static final int COMMON_LENGTH = 4;

    /** What stands in the version field. */
    public static final int VERSION = 1;

    /** The count is one byte. */
    public static final int MAX_RECORDS = 255;

    private SyncHeaderV1() {}
}
