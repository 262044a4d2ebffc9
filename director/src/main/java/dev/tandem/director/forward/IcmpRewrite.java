package dev.tandem.director.forward;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.EntryAddresses6;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Tcp;

/**
 * Network address translation of an ICMP error where it lies: the outer address, and in the packet
 * that it quotes the address and the port that the director had translated, back to what its sender
 * had written. Three checksums follow with IPv4: of both IP headers and of the ICMP message; with
 * IPv6 only the last, which covers the outer addresses too. The quoted transport checksum stays as
 * it is; mostly it is not even there.
 */
final class IcmpRewrite {
    private IcmpRewrite() {}

    /** An error about a server's packet, on its way to the server. */
    static void toServer(Frame error, QuotedPacket quoted, long entry) {
        int portDelta = 0;
        if (quoted.hasPorts()) {
            int port = ConnectionEntry.realPort(entry);
            Memory.putShortBe(quoted.transport + Tcp.SOURCE_PORT_OFFSET, port);
            portDelta = Checksums.delta16(quoted.destinationPort, port);
        }
        if (error.ipv6) {
            long high = EntryAddresses6.realHigh(entry);
            long low = EntryAddresses6.realLow(entry);
            Ipv6.putAddress(error.ip + Ipv6.DESTINATION_OFFSET, high, low);
            Ipv6.putAddress(quoted.ip + Ipv6.SOURCE_OFFSET, high, low);
            update6(
                    error,
                    Checksums.deltaAddress(error.destinationHigh, error.destinationLow, high, low),
                    Checksums.deltaAddress(
                            quoted.destinationHigh, quoted.destinationLow, high, low),
                    portDelta);
            return;
        }
        int real = ConnectionEntry.realAddress(entry);
        Memory.putIntBe(error.ip + Ipv4.DESTINATION_OFFSET, real);
        Memory.putIntBe(quoted.ip + Ipv4.SOURCE_OFFSET, real);
        update4(
                error,
                quoted,
                Checksums.delta32(error.destination4(), real),
                Checksums.delta32(quoted.destination4(), real),
                portDelta);
    }

    /** An error about a client's packet, on its way to the client; it comes from the service. */
    static void toClient(Frame error, QuotedPacket quoted, long entry) {
        int portDelta = 0;
        if (quoted.hasPorts()) {
            int port = ConnectionEntry.virtualPort(entry);
            Memory.putShortBe(quoted.transport + Tcp.DESTINATION_PORT_OFFSET, port);
            portDelta = Checksums.delta16(quoted.sourcePort, port);
        }
        if (error.ipv6) {
            long high = EntryAddresses6.virtualHigh(entry);
            long low = EntryAddresses6.virtualLow(entry);
            Ipv6.putAddress(error.ip + Ipv6.SOURCE_OFFSET, high, low);
            Ipv6.putAddress(quoted.ip + Ipv6.DESTINATION_OFFSET, high, low);
            update6(
                    error,
                    Checksums.deltaAddress(error.sourceHigh, error.sourceLow, high, low),
                    Checksums.deltaAddress(quoted.sourceHigh, quoted.sourceLow, high, low),
                    portDelta);
            return;
        }
        int virtual = ConnectionEntry.virtualAddress(entry);
        Memory.putIntBe(error.ip + Ipv4.SOURCE_OFFSET, virtual);
        Memory.putIntBe(quoted.ip + Ipv4.DESTINATION_OFFSET, virtual);
        update4(
                error,
                quoted,
                Checksums.delta32(error.source4(), virtual),
                Checksums.delta32(quoted.source4(), virtual),
                portDelta);
    }

    private static void update4(
            Frame error, QuotedPacket quoted, int outerDelta, int quotedDelta, int portDelta) {
        Checksums.update(error.ip + Ipv4.CHECKSUM_OFFSET, outerDelta);
        long quotedField = quoted.ip + Ipv4.CHECKSUM_OFFSET;
        int before = Memory.getShortBe(quotedField);
        Checksums.update(quotedField, quotedDelta);
        int fieldDelta = Checksums.delta16(before, Memory.getShortBe(quotedField));
        update(error, Checksums.add(quotedDelta, fieldDelta), portDelta);
    }

    private static void update6(Frame error, int outerDelta, int quotedDelta, int portDelta) {
        update(error, Checksums.add(outerDelta, quotedDelta), portDelta);
    }

    /**
     * A changed word counts only if it lies at an even place of what is summed; IP headers and
     * ports do.
     */
    private static void update(Frame error, int addressDelta, int portDelta) {
        Checksums.update(
                error.transport + Icmp.CHECKSUM_OFFSET, Checksums.add(addressDelta, portDelta));
    }
}
