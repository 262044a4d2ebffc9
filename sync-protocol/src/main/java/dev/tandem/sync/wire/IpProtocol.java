package dev.tandem.sync.wire;

/** IP protocol numbers that occur in sync records (IANA protocol numbers; u8 on the wire). */
public final class IpProtocol {
    /** Stands in templates of firewall-mark services, which belong to no protocol. */
    public static final int IP = 0;

    public static final int TCP = 6;

    public static final int UDP = 17;

    public static final int ESP = 50;

    public static final int AH = 51;

    public static final int SCTP = 132;

    private IpProtocol() {}
}
