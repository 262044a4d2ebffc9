package dev.tandem.director.testing;

import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Packet;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Packets as the parser would give them, without a frame. */
public final class Packets {
    private Packets() {}

    /** An IPv4 packet without payload. */
    public static Packet ipv4(
            int protocol,
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            int tcpFlags) {
        Packet packet = of(tcpFlags, 60);
        packet.protocol = protocol;
        packet.sourceLow = Integer.toUnsignedLong(source);
        packet.sourcePort = sourcePort;
        packet.destinationLow = Integer.toUnsignedLong(destination);
        packet.destinationPort = destinationPort;
        return packet;
    }

    /** A packet of either family, without payload. */
    public static Packet of(
            int protocol,
            InetAddress source,
            int sourcePort,
            InetAddress destination,
            int destinationPort,
            int tcpFlags) {
        Packet packet = of(tcpFlags, 60);
        packet.ipv6 = source instanceof Inet6Address;
        packet.protocol = protocol;
        packet.sourceHigh = Addresses.high(source);
        packet.sourceLow = Addresses.low(source);
        packet.sourcePort = sourcePort;
        packet.destinationHigh = Addresses.high(destination);
        packet.destinationLow = Addresses.low(destination);
        packet.destinationPort = destinationPort;
        return packet;
    }

    /** A packet of a connection that is known already: only flags and length matter. */
    public static Packet of(int tcpFlags, int totalLength) {
        Packet packet = new Packet();
        packet.tcpFlags = tcpFlags;
        packet.totalLength = totalLength;
        return packet;
    }
}
