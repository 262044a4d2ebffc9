package dev.tandem.sync.wire;

/**
 * Layout of one record of a version 1 message (net/netfilter/ipvs/ip_vs_sync.c, struct
 * ip_vs_sync_v4 and ip_vs_sync_v6). Offsets count from the record's start; all fields are
 * big-endian.
 *
 * <p>Records start at offsets that are multiples of 4 from the message's start. Up to three bytes
 * of padding stand before the next record, none after the last; padding counts in the message's
 * size but not in the record's.
 */
public final class SyncRecordV1 {
    /** u8: 0 for IPv4; {@link #TYPE_IPV6} set for IPv6. */
    public static final int TYPE_OFFSET = 0;

    /** u8: see {@link IpProtocol}. */
    public static final int PROTOCOL_OFFSET = 1;

    /** u16: high 4 bits the record's version, 0; low 12 its length, options included. */
    public static final int VERSION_SIZE_OFFSET = 2;

    /** u32: see {@link SyncFlags}. */
    public static final int FLAGS_OFFSET = 4;

    /** u16: see {@link SyncState}. */
    public static final int STATE_OFFSET = 8;

    /** u16: the client's port. */
    public static final int CLIENT_PORT_OFFSET = 10;

    /** u16: the virtual service's port. */
    public static final int VIRTUAL_PORT_OFFSET = 12;

    /** u16: the real server's port. */
    public static final int REAL_PORT_OFFSET = 14;

    /** u32: the firewall mark of the connection's packets. */
    public static final int FWMARK_OFFSET = 16;

    /** u32: the full timeout of the connection's state in seconds, not what is left of it. */
    public static final int TIMEOUT_OFFSET = 20;

    /** IPv4, u32, or IPv6, 16 bytes: the client. */
    public static final int CLIENT_ADDRESS_OFFSET = 24;

    /** IPv4, u32: the virtual service; for a template of a firewall mark, the mark. */
    public static final int VIRTUAL_ADDRESS_OFFSET = 28;

    /** IPv4, u32: the real server. */
    public static final int REAL_ADDRESS_OFFSET = 32;

    /** IPv6, 16 bytes: the virtual service; for a template of a firewall mark, the mark first. */
    public static final int VIRTUAL_ADDRESS6_OFFSET = 40;

    /** IPv6, 16 bytes: the real server. */
    public static final int REAL_ADDRESS6_OFFSET = 56;

    /** Length in bytes of an IPv4 record without options. */
    public static final int IPV4_LENGTH = 36;

    /**
     * Length in bytes of an IPv6 record without options: the same fields, addresses of 16 bytes.
     */
    public static final int IPV6_LENGTH = 72;

    /** Bit of the type: the addresses are IPv6. The kernel looks at no other bit when it is set. */
    public static final int TYPE_IPV6 = 0x01;

    /** Bits of {@link #VERSION_SIZE_OFFSET} that hold the length. */
    public static final int SIZE_MASK = 0x0FFF;

    /** How far the version is shifted in {@link #VERSION_SIZE_OFFSET}. */
    public static final int VERSION_SHIFT = 12;

    /** Records start at multiples of this many bytes. */
    public static final int ALIGNMENT = 4;

    private SyncRecordV1() {}

    /** The first record boundary at or after {@code length} bytes. */
    public static int align(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
