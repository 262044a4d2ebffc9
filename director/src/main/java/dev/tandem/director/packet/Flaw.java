package dev.tandem.director.packet;

/** What keeps a frame from being understood. */
public enum Flaw {
    /** The Ethernet type is neither IPv4's nor IPv6's, or the version is another. */
    NOT_IP,
    /** The frame ends before its headers or its IP length say. */
    TRUNCATED,
    /** A length in the IP header, or the chain of IPv6 extension headers, is impossible. */
    BAD_IP_HEADER,
    /** IPv4 only. */
    BAD_IP_CHECKSUM,
    /** The source cannot be on the wire. */
    MARTIAN_SOURCE,
    /** The packet asks for a way by other hosts (an IPv6 routing header that is not done with). */
    SOURCE_ROUTED,
    /** The TCP, UDP, SCTP, AH or ESP header is cut short or impossible. */
    BAD_TRANSPORT_HEADER,
    UNKNOWN_PROTOCOL,
    ICMP_MALFORMED,
    /** Not a flaw of its own: part of a packet, to be put together. */
    FRAGMENT
}
