package dev.tandem.director.io;

import java.io.IOException;

/**
 * Two small rings in which ARP and IPv6 neighbour discovery arrive, so that looking for them costs
 * no system call either.
 */
final class NeighbourRings implements AutoCloseable {
    private static final int ARP_SLOT = 512;

    /** A whole frame of the usual MTU: signed messages (RFC 3971) are long. */
    private static final int DISCOVERY_SLOT = 2048;

    private static final int SLOTS = 512;

    private final ReceiveRing arp;
    private final ReceiveRing discovery;

    /** They take turns: a flood of one leaves the other its chance. */
    private boolean arpWasFirst;

    private NeighbourRings(ReceiveRing arp, ReceiveRing discovery) {
        this.arp = arp;
        this.discovery = discovery;
    }

    static NeighbourRings open(int interfaceIndex) throws IOException {
        ReceiveRing arp =
                ReceiveRing.open(
                        interfaceIndex,
                        PacketSocket.ETH_P_ARP,
                        new ReceiveRing.Layout(ARP_SLOT, SLOTS),
                        SocketFilter.lengths(0, ARP_SLOT - ReceiveRing.FRAME_OFFSET));
        try {
            return new NeighbourRings(
                    arp,
                    ReceiveRing.open(
                            interfaceIndex,
                            PacketSocket.ETH_P_IPV6,
                            new ReceiveRing.Layout(DISCOVERY_SLOT, SLOTS),
                            SocketFilter.neighbourDiscovery()));
        } catch (IOException e) {
            arp.close();
            throw e;
        }
    }

    int arpDescriptor() {
        return arp.descriptor();
    }

    int discoveryDescriptor() {
        return discovery.descriptor();
    }

    /** See {@link PacketPort#receiveNeighbour}. */
    int receive(long buffer, int capacity) {
        arpWasFirst = !arpWasFirst;
        int length = receive(arpWasFirst ? arp : discovery, buffer, capacity);
        return length == 0 ? receive(arpWasFirst ? discovery : arp, buffer, capacity) : length;
    }

    private static int receive(ReceiveRing ring, long buffer, int capacity) {
        for (int looked = 0; looked < SLOTS; looked++) {
            long slot = ring.peek(0);
            if (slot == 0) {
                return 0;
            }
            int length = 0;
            if (isForUs(slot)) {
                length = Math.min(ReceiveRing.length(slot), capacity);
                Memory.copy(ReceiveRing.frame(slot), buffer, length);
            }
            ring.release(1);
            if (length > 0) {
                return length;
            }
        }
        return 0;
    }

    private static boolean isForUs(long slot) {
        int type = ReceiveRing.packetType(slot);
        return type <= ReceiveRing.PACKET_MULTICAST
                && !ReceiveRing.isTagged(slot)
                && !ReceiveRing.isTruncated(slot);
    }

    @Override
    public void close() {
        arp.close();
        discovery.close();
    }
}
