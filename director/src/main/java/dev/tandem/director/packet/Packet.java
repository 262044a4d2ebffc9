package dev.tandem.director.packet;

import dev.tandem.director.sched.Flow;

/**
 * What the headers of a packet say, for everybody behind the parser: one instance is filled again
 * for each packet. Whoever reads it may rely on all of it lying inside the frame.
 *
 * <p>Addresses are two longs with the numeric value of their big-endian bytes, high half first; an
 * IPv4 address is an unsigned 32-bit number in the low half. Worker thread only.
 */
public class Packet implements Flow {
    /** Address of the IP header. */
    public long ip;

    /** Address of the transport header. */
    public long transport;

    /** Bytes of the IP packet. */
    public int totalLength;

    /** Bytes from the transport header to the packet's end. */
    public int transportLength;

    public boolean ipv6;

    /** Number of the transport protocol, behind IPv6 extension headers too. */
    public int protocol;

    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    /** 0 when the protocol has none. */
    public int sourcePort;

    /** 0 when the protocol has none. */
    public int destinationPort;

    /** TCP's flag byte; 0 for other protocols. */
    public int tcpFlags;

    /** Firewall mark given by the match rules, 0 for none. */
    public int fwmark;

    /** IPv4 only. */
    public final int source4() {
        return (int) sourceLow;
    }

    /** IPv4 only. */
    public final int destination4() {
        return (int) destinationLow;
    }

    @Override
    public final boolean isIpv6() {
        return ipv6;
    }

    @Override
    public final int protocol() {
        return protocol;
    }

    @Override
    public final long clientHigh() {
        return sourceHigh;
    }

    @Override
    public final long clientLow() {
        return sourceLow;
    }

    @Override
    public final int clientPort() {
        return sourcePort;
    }

    @Override
    public final long virtualHigh() {
        return destinationHigh;
    }

    @Override
    public final long virtualLow() {
        return destinationLow;
    }

    @Override
    public final int virtualPort() {
        return destinationPort;
    }
}
