package dev.tandem.sync.wire;

/**
 * Layout of the header of a version 0 sync message (net/netfilter/ipvs/ip_vs_sync.c, struct
 * ip_vs_sync_mesg_v0). One UDP datagram is one message; all fields are big-endian.
 *
 * <pre>
 *    0        1        2                 4
 *   +--------+--------+-----------------+---------
 *   | count  | syncid | size            | records…
 *   +--------+--------+-----------------+---------
 * </pre>
 *
 * Sync id and size stand where version 1 has them; see {@link SyncHeaderV1} for how the two are
 * told apart.
 */
public final class SyncHeaderV0 {
    /** u8: number of records. */
    public static final int COUNT_OFFSET = 0;

    /** u8: id of the group of directors, low 8 bits. */
    public static final int SYNC_ID_OFFSET = 1;

    /** u16: length of the whole message in bytes, this header included. */
    public static final int SIZE_OFFSET = 2;

    /** Length in bytes; the first record starts here. */
    public static final int LENGTH = 4;

    private SyncHeaderV0() {}
}
