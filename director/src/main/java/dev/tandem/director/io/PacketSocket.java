package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Constants and set-up of AF_PACKET sockets (packet(7), linux/if_packet.h, linux/if_ether.h). */
final class PacketSocket {
    static final int SOL_SOCKET = 1;
    static final int SOL_PACKET = 263;

    static final int PACKET_ADD_MEMBERSHIP = 1;
    static final int PACKET_RX_RING = 5;
    static final int PACKET_STATISTICS = 6;
    static final int PACKET_VERSION = 10;
    static final int PACKET_RESERVE = 12;
    static final int PACKET_VNET_HDR = 15;
    static final int PACKET_QDISC_BYPASS = 20;
    static final int PACKET_IGNORE_OUTGOING = 23;

    /** PACKET_VERSION: version 3 would hold frames back for a millisecond. */
    static final int TPACKET_V2 = 1;

    static final int SO_ERROR = 4;
    static final int SO_SNDBUF = 7;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_SNDBUFFORCE = 32;

    static final int ETH_P_IP = 0x0800;
    static final int ETH_P_ARP = 0x0806;
    static final int ETH_P_IPV6 = 0x86DD;

    private static final int AF_PACKET = 17;

    /** SOCK_RAW | SOCK_CLOEXEC. */
    private static final int RAW = 3 | 0x80000;

    /** struct sockaddr_ll. */
    private static final int ADDRESS_LENGTH = 20;

    private PacketSocket() {}

    /** A socket that receives nothing until it is bound to a protocol. */
    static int open() throws IOException {
        return Native.socket(AF_PACKET, RAW, 0);
    }

    /** Binds to an interface; {@code etherType} 0: for sending only. */
    static void bind(int fd, int interfaceIndex, int etherType) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, 4);
            Memory.putShort(address.address(), AF_PACKET);
            Memory.putShortBe(address.address() + 2, etherType);
            Memory.putInt(address.address() + 4, interfaceIndex);
            Native.bind(fd, address);
        }
    }

    /** Reads and clears the pending error; 0 when there is none. */
    static int takeError(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ValueLayout.JAVA_INT);
            Native.getOption(fd, SOL_SOCKET, SO_ERROR, error);
            return error.get(ValueLayout.JAVA_INT, 0);
        } catch (IOException _) {
            return 0; // not a socket any more: nothing to clear
        }
    }
}
