package dev.tandem.director.forward;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Tcp;

/**
 * Network address translation of an ICMP error where it lies: the outer address, and in the packet
 * that it quotes the address and the port that the director had translated, back to what its sender
 * had written. Three checksums follow: of both IP headers and of the ICMP message. The quoted
 * transport checksum stays as it is; mostly it is not even there.
 */
final class IcmpRewrite {
    private IcmpRewrite() {}

    /** An error about a server's packet, on its way to the server. */
    static void toServer(Ipv4Frame error, QuotedPacket quoted, long entry) {
        int addressDelta = ConnectionEntry.addressDeltaIn(entry);
        int real = ConnectionEntry.realAddress(entry);
        Memory.putIntBe(error.ip + Ipv4.DESTINATION_OFFSET, real);
        Memory.putIntBe(quoted.ip + Ipv4.SOURCE_OFFSET, real);
        Memory.putShortBe(
                quoted.transport + Tcp.SOURCE_PORT_OFFSET, ConnectionEntry.realPort(entry));
        updateChecksums(
                error, quoted, addressDelta, addressDelta, ConnectionEntry.portDeltaIn(entry));
    }

    /** An error about a client's packet, on its way to the client; it comes from the service. */
    static void toClient(Ipv4Frame error, QuotedPacket quoted, long entry) {
        int virtual = ConnectionEntry.virtualAddress(entry);
        int outerDelta = Checksums.delta32(error.source, virtual);
        Memory.putIntBe(error.ip + Ipv4.SOURCE_OFFSET, virtual);
        Memory.putIntBe(quoted.ip + Ipv4.DESTINATION_OFFSET, virtual);
        Memory.putShortBe(
                quoted.transport + Tcp.DESTINATION_PORT_OFFSET, ConnectionEntry.virtualPort(entry));
        updateChecksums(
                error,
                quoted,
                outerDelta,
                ConnectionEntry.addressDeltaOut(entry),
                ConnectionEntry.portDeltaOut(entry));
    }

    private static void updateChecksums(
            Ipv4Frame error, QuotedPacket quoted, int outerDelta, int quotedDelta, int portDelta) {
        Checksums.update(error.ip + Ipv4.CHECKSUM_OFFSET, outerDelta);
        long quotedField = quoted.ip + Ipv4.CHECKSUM_OFFSET;
        int before = Memory.getShortBe(quotedField);
        Checksums.update(quotedField, quotedDelta);
        int fieldDelta = Checksums.delta16(before, Memory.getShortBe(quotedField));
        Checksums.update(
                error.transport + Icmp.CHECKSUM_OFFSET,
                Checksums.add(Checksums.add(quotedDelta, fieldDelta), portDelta));
    }
}
