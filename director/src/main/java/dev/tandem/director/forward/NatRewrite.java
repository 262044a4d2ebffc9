package dev.tandem.director.forward;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.EntryAddresses6;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Sctp;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.packet.Udp;

/**
 * Network address translation of a TCP, UDP or SCTP packet where it lies. Checksums are brought
 * along by deltas; the payload is not read, except for UDP that came without a checksum, which gets
 * one as the kernel gives it one, and for SCTP, whose checksum covers the ports but not the
 * addresses and has no delta: it is made anew when the port changes, and checked before, for a new
 * one would hide what the old one tells.
 */
final class NatRewrite {
    private static final int NO_CHECKSUM = 0;
    private static final int COMPUTED_ZERO = 0xFFFF;

    private NatRewrite() {}

    /** Whether an SCTP packet, whose port is going to change, has a wrong checksum. */
    static boolean isSctpWrong(Frame packet, int fromPort, int toPort) {
        return fromPort != toPort && !Sctp.isRight(packet.transport, packet.transportLength);
    }

    /** Client to server: destination becomes the real server. */
    static void toServer(Frame packet, long entry) {
        int portDelta = 0;
        if (packet.hasPorts()) {
            int port = ConnectionEntry.realPort(entry);
            Memory.putShortBe(packet.transport + Tcp.DESTINATION_PORT_OFFSET, port);
            portDelta = ConnectionEntry.portDeltaIn(entry);
        }
        if (packet.ipv6) {
            long high = EntryAddresses6.realHigh(entry);
            long low = EntryAddresses6.realLow(entry);
            Ipv6.putAddress(packet.ip + Ipv6.DESTINATION_OFFSET, high, low);
            int delta =
                    Checksums.deltaAddress(
                            packet.destinationHigh, packet.destinationLow, high, low);
            updateTransport(packet, delta, portDelta);
        } else {
            Memory.putIntBe(
                    packet.ip + Ipv4.DESTINATION_OFFSET, ConnectionEntry.realAddress(entry));
            update4(packet, ConnectionEntry.addressDeltaIn(entry), portDelta);
        }
    }

    /** Server to client: source becomes the virtual service. */
    static void toClient(Frame packet, long entry) {
        int portDelta = 0;
        if (packet.hasPorts()) {
            int port = ConnectionEntry.virtualPort(entry);
            Memory.putShortBe(packet.transport + Tcp.SOURCE_PORT_OFFSET, port);
            portDelta = ConnectionEntry.portDeltaOut(entry);
        }
        if (packet.ipv6) {
            long high = EntryAddresses6.virtualHigh(entry);
            long low = EntryAddresses6.virtualLow(entry);
            Ipv6.putAddress(packet.ip + Ipv6.SOURCE_OFFSET, high, low);
            int delta = Checksums.deltaAddress(packet.sourceHigh, packet.sourceLow, high, low);
            updateTransport(packet, delta, portDelta);
        } else {
            Memory.putIntBe(packet.ip + Ipv4.SOURCE_OFFSET, ConnectionEntry.virtualAddress(entry));
            update4(packet, ConnectionEntry.addressDeltaOut(entry), portDelta);
        }
    }

    private static void update4(Frame packet, int addressDelta, int portDelta) {
        Checksums.update(packet.ip + Ipv4.CHECKSUM_OFFSET, addressDelta);
        updateTransport(packet, addressDelta, portDelta);
    }

    private static void updateTransport(Frame packet, int addressDelta, int portDelta) {
        switch (packet.protocol) {
            case Ipv4.PROTOCOL_TCP -> {
                long field = packet.transport + Tcp.CHECKSUM_OFFSET;
                if (packet.partialChecksum) {
                    // the ports are summed later by whoever completes it
                    Checksums.updatePartial(field, addressDelta);
                } else {
                    Checksums.update(field, Checksums.add(addressDelta, portDelta));
                }
            }
            case Ipv4.PROTOCOL_UDP -> updateUdp(packet, addressDelta, portDelta);
            case Ipv4.PROTOCOL_SCTP -> {
                if (hasNewPort(packet)) {
                    Sctp.complete(packet.transport, packet.transportLength);
                }
            }
            default -> {
                // ESP: no ports, and its sum does not cover the addresses
            }
        }
    }

    private static void updateUdp(Frame packet, int addressDelta, int portDelta) {
        long field = packet.transport + Udp.CHECKSUM_OFFSET;
        if (packet.partialChecksum) {
            Checksums.updatePartial(field, addressDelta);
        } else if (Memory.getShortBe(field) == NO_CHECKSUM) {
            computeUdp(packet, field);
        } else {
            Checksums.update(field, Checksums.add(addressDelta, portDelta));
            if (Memory.getShortBe(field) == NO_CHECKSUM) {
                Memory.putShortBe(field, COMPUTED_ZERO);
            }
        }
    }

    private static void computeUdp(Frame packet, long field) {
        int length = Memory.getShortBe(packet.transport + Udp.LENGTH_OFFSET);
        int sum =
                Checksums.add(
                        Checksums.pseudoHeader(packet.ip, packet.ipv6, packet.protocol, length),
                        Checksums.sum(packet.transport, length));
        int checksum = Checksums.complement(sum);
        Memory.putShortBe(field, checksum == NO_CHECKSUM ? COMPUTED_ZERO : checksum);
    }

    private static boolean hasNewPort(Frame packet) {
        return Memory.getShortBe(packet.transport + Sctp.SOURCE_PORT_OFFSET) != packet.sourcePort
                || Memory.getShortBe(packet.transport + Sctp.DESTINATION_PORT_OFFSET)
                        != packet.destinationPort;
    }
}
