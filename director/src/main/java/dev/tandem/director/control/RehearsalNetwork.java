package dev.tandem.director.control;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.packet.Udp;
import dev.tandem.director.route.NextHops;
import java.lang.foreign.Arena;

/**
 * The network of a {@link MemoryDirector}: its frames, 60 bytes each, those of IPv6 74, and its
 * next hops: the client behind the first port, the server by NAT behind the second, the one by
 * direct routing and tunnel behind the third.
 */
class RehearsalNetwork implements NextHops {
    /** So many classes of it there are. */
    static final int VARIANTS = 3;

    static final int LENGTH = 60;
    static final int LENGTH6 = 74;
    static final int MTU = 1500;
    static final int CLIENT = 0x0A_4D_01_0A;
    static final int VIRTUAL = 0x0A_4D_01_64;
    static final int GATEWAY = 0x0A_4D_02_64;
    static final int NAT_SERVER = 0x0A_4D_02_0B;
    static final int DR_SERVER = 0x0A_4D_02_0C;

    /** 2001:db8::, in whose last eight bytes are the numbers of the IPv4 addresses. */
    static final long NETWORK6 = 0x2001_0DB8_0000_0000L;

    static final int NAT_PORT = 80;
    static final int DR_PORT = 81;
    static final int UDP_PORT = 53;
    static final int TUNNEL_PORT = 82;
    static final int ONE_PACKET_PORT = 54;

    private static final int CLIENT_PORT = 60_000;
    private static final int TTL = 64;

    /** A client's segment to the server by NAT, and that server's to the client. */
    final long natRequest;

    final long natReply;

    /** A client's segment to the server by direct routing. */
    final long drRequest;

    /** A client's datagram to the server by NAT, and that server's to the client. */
    final long udpRequest;

    final long udpReply;

    /** As the first two over IPv6. */
    final long natRequest6;

    final long natReply6;

    /** A client's segment to the server behind a tunnel. */
    final long tunnelRequest;

    /** A client's datagram to a service that schedules each by itself. */
    final long onePacketRequest;

    /** As the segments of NAT, of a client whose port is still to be written. */
    final long newcomerRequest;

    final long newcomerReply;

    private final Arena arena;
    private final long client;
    private final long natServer;
    private final long drServer;

    private RehearsalNetwork(Arena arena) {
        this.arena = arena;
        client = slot(0);
        natServer = slot(1);
        drServer = slot(2);
        Memory.putLong(drServer + NextHops.SOURCE_LOW_OFFSET, GATEWAY);
        natRequest = tcp(CLIENT, CLIENT_PORT, VIRTUAL, NAT_PORT);
        natReply = tcp(NAT_SERVER, NAT_PORT, CLIENT, CLIENT_PORT);
        drRequest = tcp(CLIENT, CLIENT_PORT, VIRTUAL, DR_PORT);
        udpRequest = udp(CLIENT, CLIENT_PORT, VIRTUAL, UDP_PORT);
        udpReply = udp(NAT_SERVER, UDP_PORT, CLIENT, CLIENT_PORT);
        natRequest6 = tcp6(CLIENT, CLIENT_PORT, VIRTUAL, NAT_PORT);
        natReply6 = tcp6(NAT_SERVER, NAT_PORT, CLIENT, CLIENT_PORT);
        tunnelRequest = tcp(CLIENT, CLIENT_PORT, VIRTUAL, TUNNEL_PORT);
        onePacketRequest = udp(CLIENT, CLIENT_PORT, VIRTUAL, ONE_PACKET_PORT);
        newcomerRequest = tcp(CLIENT, 0, VIRTUAL, NAT_PORT);
        newcomerReply = tcp(NAT_SERVER, NAT_PORT, CLIENT, 0);
    }

    /** The same network in one of the classes, 0 to {@link #VARIANTS} - 1. */
    static RehearsalNetwork of(int variant, Arena arena) {
        return switch (variant) {
            case 0 -> new RehearsalNetwork(arena);
            case 1 -> new RehearsalNetwork(arena) {};
            default -> new RehearsalNetwork(arena) {};
        };
    }

    @Override
    public final long lookup(int destinationAddress) {
        return switch (destinationAddress) {
            case CLIENT -> client;
            case NAT_SERVER -> natServer;
            default -> drServer;
        };
    }

    @Override
    public final long lookup(long destinationHigh, long destinationLow) {
        return destinationHigh == NETWORK6 ? lookup((int) destinationLow) : NO_ROUTE;
    }

    @Override
    public final long route(int destinationAddress) {
        return lookup(destinationAddress);
    }

    @Override
    public final long route(long destinationHigh, long destinationLow) {
        return lookup(destinationHigh, destinationLow);
    }

    @Override
    public final long generation() {
        return 0;
    }

    /** Writes the newcomer's port. */
    void newcomer(int clientPort) {
        Memory.putShortBe(transport(newcomerRequest) + Tcp.SOURCE_PORT_OFFSET, clientPort);
        Memory.putShortBe(transport(newcomerReply) + Tcp.DESTINATION_PORT_OFFSET, clientPort);
    }

    /** A TCP segment with nothing but the ACK flag, its virtio-net header before it. */
    private long tcp(int source, int sourcePort, int destination, int destinationPort) {
        long frame = packet(Ipv4.PROTOCOL_TCP, source, destination);
        return tcp(frame, sourcePort, destinationPort);
    }

    private long tcp6(int source, int sourcePort, int destination, int destinationPort) {
        long frame = allocate(Ethernet.TYPE_IPV6);
        long ip = frame + Ethernet.HEADER_LENGTH;
        Memory.putByte(ip, 6 << 4);
        Memory.putShortBe(ip + Ipv6.PAYLOAD_LENGTH_OFFSET, Tcp.MIN_HEADER_LENGTH);
        Memory.putByte(ip + Ipv6.NEXT_HEADER_OFFSET, Ipv4.PROTOCOL_TCP);
        Memory.putByte(ip + Ipv6.HOP_LIMIT_OFFSET, TTL);
        Ipv6.putAddress(ip + Ipv6.SOURCE_OFFSET, NETWORK6, source);
        Ipv6.putAddress(ip + Ipv6.DESTINATION_OFFSET, NETWORK6, destination);
        return tcp(frame, sourcePort, destinationPort);
    }

    private static long tcp(long frame, int sourcePort, int destinationPort) {
        long tcp = transport(frame);
        Memory.putShortBe(tcp + Tcp.SOURCE_PORT_OFFSET, sourcePort);
        Memory.putShortBe(tcp + Tcp.DESTINATION_PORT_OFFSET, destinationPort);
        Memory.putByte(tcp + Tcp.DATA_OFFSET_OFFSET, (Tcp.MIN_HEADER_LENGTH / 4) << 4);
        Memory.putByte(tcp + Tcp.FLAGS_OFFSET, Tcp.ACK);
        return frame;
    }

    /** A UDP datagram with some checksum, its virtio-net header before it. */
    private long udp(int source, int sourcePort, int destination, int destinationPort) {
        long frame = packet(Ipv4.PROTOCOL_UDP, source, destination);
        long udp = transport(frame);
        Memory.putShortBe(udp + Udp.SOURCE_PORT_OFFSET, sourcePort);
        Memory.putShortBe(udp + Udp.DESTINATION_PORT_OFFSET, destinationPort);
        Memory.putShortBe(
                udp + Udp.LENGTH_OFFSET, LENGTH - Ethernet.HEADER_LENGTH - Ipv4.MIN_HEADER_LENGTH);
        Memory.putShortBe(udp + Udp.CHECKSUM_OFFSET, 1);
        return frame;
    }

    private long packet(int protocol, int source, int destination) {
        long frame = allocate(Ethernet.TYPE_IPV4);
        long ip = frame + Ethernet.HEADER_LENGTH;
        Memory.putByte(ip + Ipv4.VERSION_AND_LENGTH_OFFSET, 0x45);
        Memory.putShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET, LENGTH - Ethernet.HEADER_LENGTH);
        Memory.putByte(ip + Ipv4.TTL_OFFSET, TTL);
        Memory.putByte(ip + Ipv4.PROTOCOL_OFFSET, protocol);
        Memory.putIntBe(ip + Ipv4.SOURCE_OFFSET, source);
        Memory.putIntBe(ip + Ipv4.DESTINATION_OFFSET, destination);
        Memory.putShortBe(
                ip + Ipv4.CHECKSUM_OFFSET,
                Checksums.complement(Checksums.sum(ip, Ipv4.MIN_HEADER_LENGTH)));
        return frame;
    }

    private long allocate(int etherType) {
        long frame = arena.allocate(VnetHeader.LENGTH + 80L, 64).address() + VnetHeader.LENGTH;
        Memory.putShortBe(frame + Ethernet.TYPE_OFFSET, etherType);
        return frame;
    }

    /** Gives a frame the marks of one from an interface with offloads, or takes them away. */
    static void dress(long frame, boolean partialChecksum, boolean segmented) {
        long header = frame - VnetHeader.LENGTH;
        VnetHeader.clear(frame);
        if (partialChecksum) {
            Memory.putByte(header + VnetHeader.FLAGS_OFFSET, VnetHeader.F_NEEDS_CSUM);
            Memory.putShort(
                    header + VnetHeader.CHECKSUM_START_OFFSET, (int) (transport(frame) - frame));
        }
        if (segmented) {
            Memory.putByte(header + VnetHeader.GSO_TYPE_OFFSET, 1);
            Memory.putShort(header + VnetHeader.GSO_SIZE_OFFSET, 1);
        }
    }

    /** Where the TCP or UDP header of a frame begins. */
    static long transport(long frame) {
        return frame
                + Ethernet.HEADER_LENGTH
                + (isIpv6(frame) ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH);
    }

    /** Bytes of a frame. */
    static int length(long frame) {
        return isIpv6(frame) ? LENGTH6 : LENGTH;
    }

    private static boolean isIpv6(long frame) {
        return Memory.getShortBe(frame + Ethernet.TYPE_OFFSET) == Ethernet.TYPE_IPV6;
    }

    private long slot(int port) {
        long slot = arena.allocate(NextHops.SLOT_BYTES, 8).address();
        Memory.putShort(slot + NextHops.PORT_OFFSET, port);
        Memory.putShort(slot + NextHops.MTU_OFFSET, MTU);
        return slot;
    }
}
