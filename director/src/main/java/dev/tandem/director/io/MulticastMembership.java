package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/**
 * The IPv6 multicast groups that an interface listens to for us, as long as this is open.
 *
 * <p>Each is joined twice: by a plain IPv6 socket, so that the kernel tells routers and switches
 * (MLD), and by a packet socket, so that the interface's hardware filter lets the group pass even
 * where IPv6 is switched off.
 */
final class MulticastMembership implements AutoCloseable {
    private static final int AF_INET6 = 10;

    /** SOCK_DGRAM | SOCK_CLOEXEC. */
    private static final int DATAGRAM = 2 | 0x80000;

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_JOIN_GROUP = 20;
    private static final int NO_SOCKET = -1;

    /** struct packet_mreq: s32 interface, u16 type, u16 address length, 8 bytes of address. */
    private static final int PACKET_MREQ_LENGTH = 16;

    private static final int PACKET_MR_MULTICAST = 0;

    /** struct ipv6_mreq: 16 bytes of group, s32 interface. */
    private static final int IPV6_MREQ_LENGTH = 20;

    private record Group(long high, long low) {}

    private final int interfaceIndex;
    private final int packetSocket;
    private final int ipv6Socket;
    private final Set<Group> joined = new HashSet<>();

    private MulticastMembership(int interfaceIndex, int packetSocket, int ipv6Socket) {
        this.interfaceIndex = interfaceIndex;
        this.packetSocket = packetSocket;
        this.ipv6Socket = ipv6Socket;
    }

    /** In the calling thread's network namespace. */
    static MulticastMembership open(int interfaceIndex) throws IOException {
        int packetSocket = PacketSocket.open();
        try {
            return new MulticastMembership(interfaceIndex, packetSocket, ipv6Socket());
        } catch (IOException e) {
            Native.close(packetSocket);
            throw e;
        }
    }

    private static int ipv6Socket() throws IOException {
        try {
            return Native.socket(AF_INET6, DATAGRAM, 0);
        } catch (NativeException e) {
            if (e.errno() == Errno.EAFNOSUPPORT) {
                return NO_SOCKET; // a kernel without IPv6
            }
            throw e;
        }
    }

    /** Joins a group; once is enough. */
    synchronized void join(long high, long low) throws IOException {
        if (!joined.add(new Group(high, low))) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment hardware = arena.allocate(PACKET_MREQ_LENGTH, 4);
            long address = hardware.address();
            Memory.putInt(address, interfaceIndex);
            Memory.putShort(address + 4, PACKET_MR_MULTICAST);
            Memory.putShort(address + 6, 6);
            Memory.putShortBe(address + 8, 0x3333); // RFC 2464 section 7
            Memory.putIntBe(address + 10, (int) low);
            Native.setOption(
                    packetSocket,
                    PacketSocket.SOL_PACKET,
                    PacketSocket.PACKET_ADD_MEMBERSHIP,
                    hardware);
            MemorySegment group = arena.allocate(IPV6_MREQ_LENGTH, 4);
            Memory.putLongBe(group.address(), high);
            Memory.putLongBe(group.address() + 8, low);
            Memory.putInt(group.address() + 16, interfaceIndex);
            joinAsHost(group);
        }
    }

    /** An interface without IPv6 has nobody to tell, and no switch that could not know. */
    private void joinAsHost(MemorySegment group) throws IOException {
        if (ipv6Socket == NO_SOCKET) {
            return;
        }
        try {
            Native.setOption(ipv6Socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, group);
        } catch (NativeException e) {
            if (e.errno() != Errno.ENODEV && e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        Native.close(packetSocket);
        if (ipv6Socket != NO_SOCKET) {
            Native.close(ipv6Socket);
        }
    }
}
