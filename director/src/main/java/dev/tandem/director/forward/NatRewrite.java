package dev.tandem.director.forward;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.packet.Udp;

/**
 * Network address translation of a TCP or UDP packet where it lies. Checksums are brought along by
 * the deltas that the connection entry holds; the payload is not read, except for UDP that came
 * without a checksum, which gets one as the kernel gives it one.
 */
final class NatRewrite {
    private static final int NO_CHECKSUM = 0;
    private static final int COMPUTED_ZERO = 0xFFFF;

    private NatRewrite() {}

    /** Client to server: destination becomes the real server. */
    static void toServer(Ipv4Frame packet, long entry) {
        Memory.putIntBe(packet.ip + Ipv4.DESTINATION_OFFSET, ConnectionEntry.realAddress(entry));
        Memory.putShortBe(
                packet.transport + Tcp.DESTINATION_PORT_OFFSET, ConnectionEntry.realPort(entry));
        updateChecksums(
                packet, ConnectionEntry.addressDeltaIn(entry), ConnectionEntry.portDeltaIn(entry));
    }

    /** Server to client: source becomes the virtual service. */
    static void toClient(Ipv4Frame packet, long entry) {
        Memory.putIntBe(packet.ip + Ipv4.SOURCE_OFFSET, ConnectionEntry.virtualAddress(entry));
        Memory.putShortBe(
                packet.transport + Tcp.SOURCE_PORT_OFFSET, ConnectionEntry.virtualPort(entry));
        updateChecksums(
                packet,
                ConnectionEntry.addressDeltaOut(entry),
                ConnectionEntry.portDeltaOut(entry));
    }

    private static void updateChecksums(Ipv4Frame packet, int addressDelta, int portDelta) {
        Checksums.update(packet.ip + Ipv4.CHECKSUM_OFFSET, addressDelta);
        boolean udp = packet.protocol == Ipv4.PROTOCOL_UDP;
        long field = packet.transport + (udp ? Udp.CHECKSUM_OFFSET : Tcp.CHECKSUM_OFFSET);
        if (packet.partialChecksum) {
            // the ports are summed later by whoever completes it
            Checksums.updatePartial(field, addressDelta);
        } else if (udp && Memory.getShortBe(field) == NO_CHECKSUM) {
            computeUdpChecksum(packet, field);
        } else {
            Checksums.update(field, Checksums.add(addressDelta, portDelta));
            if (udp && Memory.getShortBe(field) == NO_CHECKSUM) {
                Memory.putShortBe(field, COMPUTED_ZERO);
            }
        }
    }

    private static void computeUdpChecksum(Ipv4Frame packet, long field) {
        int length = Memory.getShortBe(packet.transport + Udp.LENGTH_OFFSET);
        int checksum =
                Checksums.transport(
                        Memory.getIntBe(packet.ip + Ipv4.SOURCE_OFFSET),
                        Memory.getIntBe(packet.ip + Ipv4.DESTINATION_OFFSET),
                        Ipv4.PROTOCOL_UDP,
                        packet.transport,
                        length);
        Memory.putShortBe(field, checksum == NO_CHECKSUM ? COMPUTED_ZERO : checksum);
    }
}
