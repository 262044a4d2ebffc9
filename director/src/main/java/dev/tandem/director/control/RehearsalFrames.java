package dev.tandem.director.control;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.route.NextHops;
import java.lang.foreign.Arena;

/**
 * The network of a {@link Rehearsal}: its segments, 60 bytes each, and its next hops: the client
 * behind the first port, every server behind the second.
 */
final class RehearsalFrames implements NextHops {
    static final int LENGTH = 60;
    static final int MTU = 1500;
    static final int CLIENT = 0x0A_4D_01_0A;
    static final int VIRTUAL = 0x0A_4D_01_64;
    static final int NAT_SERVER = 0x0A_4D_02_0B;
    static final int DR_SERVER = 0x0A_4D_02_0C;

    private static final int SLOT_BYTES = 16;
    private static final int TTL = 64;

    private final Arena arena;
    private final long client;
    private final long server;

    RehearsalFrames(Arena arena) {
        this.arena = arena;
        client = slot(0);
        server = slot(1);
    }

    @Override
    public long lookup(int destinationAddress) {
        return destinationAddress == CLIENT ? client : server;
    }

    @Override
    public long generation() {
        return 0;
    }

    /** A TCP segment with nothing but the ACK flag, its virtio-net header before it. */
    long segment(int source, int sourcePort, int destination, int destinationPort) {
        long frame = arena.allocate(VnetHeader.LENGTH + 64L, 64).address() + VnetHeader.LENGTH;
        Memory.putShortBe(frame + Ethernet.TYPE_OFFSET, Ethernet.TYPE_IPV4);
        long ip = frame + Ethernet.HEADER_LENGTH;
        Memory.putByte(ip + Ipv4.VERSION_AND_LENGTH_OFFSET, 0x45);
        Memory.putShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET, LENGTH - Ethernet.HEADER_LENGTH);
        Memory.putByte(ip + Ipv4.TTL_OFFSET, TTL);
        Memory.putByte(ip + Ipv4.PROTOCOL_OFFSET, Ipv4.PROTOCOL_TCP);
        Memory.putIntBe(ip + Ipv4.SOURCE_OFFSET, source);
        Memory.putIntBe(ip + Ipv4.DESTINATION_OFFSET, destination);
        Memory.putShortBe(
                ip + Ipv4.CHECKSUM_OFFSET,
                Checksums.complement(Checksums.sum(ip, Ipv4.MIN_HEADER_LENGTH)));
        long tcp = transport(frame);
        Memory.putShortBe(tcp + Tcp.SOURCE_PORT_OFFSET, sourcePort);
        Memory.putShortBe(tcp + Tcp.DESTINATION_PORT_OFFSET, destinationPort);
        Memory.putByte(tcp + Tcp.DATA_OFFSET_OFFSET, (Tcp.MIN_HEADER_LENGTH / 4) << 4);
        Memory.putByte(tcp + Tcp.FLAGS_OFFSET, Tcp.ACK);
        return frame;
    }

    /** Where the TCP header of a segment begins. */
    static long transport(long frame) {
        return frame + Ethernet.HEADER_LENGTH + Ipv4.MIN_HEADER_LENGTH;
    }

    private long slot(int port) {
        long slot = arena.allocate(SLOT_BYTES, 8).address();
        Memory.putShort(slot + NextHops.PORT_OFFSET, port);
        Memory.putShort(slot + NextHops.MTU_OFFSET, MTU);
        return slot;
    }
}
