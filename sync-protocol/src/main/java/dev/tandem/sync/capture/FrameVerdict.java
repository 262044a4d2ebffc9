package dev.tandem.sync.capture;

/** What became of a captured frame. */
public enum FrameVerdict {
    /** It was a UDP datagram, or the last missing part of one. */
    DATAGRAM,

    /** It is a part of a datagram whose other parts are awaited. */
    FRAGMENT,

    /** Not IPv4 or IPv6, or of a link type that is not known here. */
    NOT_IP,

    /** IP, and something other than UDP. */
    NOT_UDP,

    /** The capture holds less of the frame than there was on the wire. */
    CUT,

    /** An IP header that contradicts itself, or whose checksum is wrong. */
    BAD_IP,

    /** A UDP length that is below 8 or beyond the packet. */
    BAD_UDP_LENGTH,

    /**
     * A UDP checksum that is wrong: a kernel drops such a datagram. One that the sender left to its
     * network card passes, see {@link UdpChecksum#OFFLOADED}.
     */
    BAD_CHECKSUM,

    /** A fragment of an impossible place or length, or one that is there already. */
    BAD_FRAGMENT,

    /**
     * A datagram whose fragments overlap, which no honest sender makes; all of it is dropped, as
     * the kernel does.
     */
    OVERLAP,

    /** A datagram of which fragments did not come in time, or that had to make room for others. */
    INCOMPLETE
}
