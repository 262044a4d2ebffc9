package dev.tandem.sync.wire;

/**
 * Layout of one record of a version 0 message (net/netfilter/ipvs/ip_vs_sync.c, struct
 * ip_vs_sync_conn_v0 and ip_vs_sync_conn_options). Offsets count from the record's start; all
 * fields but the sequence data are big-endian. IPv4 only, no firewall mark, no timeout, no
 * persistence engine. Records follow each other without padding.
 */
public final class SyncRecordV0 {
    /** u8: 0; no receiver looks at it. */
    public static final int RESERVED_OFFSET = 0;

    /** u8: see {@link IpProtocol}. */
    public static final int PROTOCOL_OFFSET = 1;

    /** u16: the client's port. */
    public static final int CLIENT_PORT_OFFSET = 2;

    /** u16: the virtual service's port. */
    public static final int VIRTUAL_PORT_OFFSET = 4;

    /** u16: the real server's port. */
    public static final int REAL_PORT_OFFSET = 6;

    /** u32: the client. */
    public static final int CLIENT_ADDRESS_OFFSET = 8;

    /** u32: the virtual service. */
    public static final int VIRTUAL_ADDRESS_OFFSET = 12;

    /** u32: the real server. */
    public static final int REAL_ADDRESS_OFFSET = 16;

    /** u16: the low 16 bits of {@link SyncFlags}. */
    public static final int FLAGS_OFFSET = 20;

    /** u16: see {@link SyncState}. */
    public static final int STATE_OFFSET = 22;

    /** Length in bytes of a record without sequence data. */
    public static final int LENGTH = 24;

    /**
     * Six values of 4 bytes as in {@link SyncOption#SEQ_DATA_LENGTH}, there when the flags have a
     * bit of {@link #SEQUENCE_FLAGS}, little-endian: the kernel copies its own memory here, so the
     * order is that of the sender's processor and nothing in the message tells it. We read and
     * write that of x86 and of nearly all ARM.
     */
    public static final int SEQUENCE_OFFSET = 24;

    /** Length in bytes of a record with sequence data. */
    public static final int FULL_LENGTH = SEQUENCE_OFFSET + SyncOption.SEQ_DATA_LENGTH;

    /** Bits of the flags, either of which says that sequence data follow. */
    public static final int SEQUENCE_FLAGS = SyncFlags.OUT_SEQ | SyncFlags.IN_SEQ;

    private SyncRecordV0() {}
}
