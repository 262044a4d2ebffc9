package dev.tandem.sync.wire;

/**
 * Connection flags as bits on the wire (linux/ip_vs.h, {@code IP_VS_CONN_F_*}; the names are kept).
 * Version 1 carries 32 bits, version 0 the low 16.
 */
public final class SyncFlags {
    /** The bits that hold the forwarding method, one of the five values below. */
    public static final int FWD_MASK = 0x0007;

    /** Forwarding method: masquerading (NAT). */
    public static final int MASQ = 0;

    /** Forwarding method: the real server is the director itself. */
    public static final int LOCALNODE = 1;

    /** Forwarding method: IP tunnel. */
    public static final int TUNNEL = 2;

    /** Forwarding method: direct routing. */
    public static final int DROUTE = 3;

    /** Forwarding method: past the cache, to the original destination. */
    public static final int BYPASS = 4;

    /** The entry was made by a sync message. A receiver sets it on every entry it takes. */
    public static final int SYNC = 0x0020;

    /** The entry is in the sender's hash table. Never sent. */
    public static final int HASHED = 0x0040;

    /** No reply packets pass the director. */
    public static final int NOOUTPUT = 0x0080;

    /** The connection is counted as inactive. */
    public static final int INACTIVE = 0x0100;

    /** Sequence numbers towards the client must be adjusted. */
    public static final int OUT_SEQ = 0x0200;

    /** Sequence numbers towards the real server must be adjusted. */
    public static final int IN_SEQ = 0x0400;

    /** The client's port is not known yet (a data connection announced by a helper). */
    public static final int NO_CPORT = 0x0800;

    /** A persistence template, not a connection. */
    public static final int TEMPLATE = 0x1000;

    /** A one-packet connection. Never sent; a record that claims it is skipped. */
    public static final int ONE_PACKET = 0x2000;

    /** The sender also tracks the connection in conntrack. */
    public static final int NFCT = 0x10000;

    /**
     * What a backup keeps of the received flags when it makes an entry. Linux 6.1.192 and later;
     * older kernels kept every bit (CVE-2026-98794).
     */
    public static final int CREATE_MASK = 0x1F87;

    /**
     * What a backup takes over into an entry that it has already: {@link #INACTIVE} and the two
     * sequence bits.
     */
    public static final int UPDATE_MASK = INACTIVE | OUT_SEQ | IN_SEQ;

    private SyncFlags() {}
}
