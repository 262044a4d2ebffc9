package dev.tandem.director.sched;

/**
 * The connection that a client's packet wants to open, as a scheduler sees it. Valid during the
 * call only: the same object serves all packets.
 *
 * <p>Addresses are two longs with the numeric value of their big-endian bytes, high half first; an
 * IPv4 address is an unsigned 32-bit number in the low half.
 */
public interface Flow {
    boolean isIpv6();

    /** IP protocol number. */
    int protocol();

    /** Bytes 0 to 7 of the client's address; 0 for IPv4. */
    long clientHigh();

    /** Bytes 8 to 15. */
    long clientLow();

    int clientPort();

    /** Bytes 0 to 7 of the address that the client called; 0 for IPv4. */
    long virtualHigh();

    /** Bytes 8 to 15. */
    long virtualLow();

    int virtualPort();
}
