package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** What a port needs to know of its interface, by ioctl(2) (netdevice(7)). */
record InterfaceFacts(int index, long hardwareAddress, int mtu) {
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFHWADDR = 0x8927;

    /** struct ifreq: a name of at most 15 bytes and a union. */
    private static final int REQUEST_LENGTH = 40;

    private static final int NAME_LENGTH = 16;
    private static final int VALUE_OFFSET = 16;

    /** The union as struct sockaddr: u16 hardware type, then the address. */
    private static final int HARDWARE_ADDRESS_OFFSET = VALUE_OFFSET + 2;

    private static final int ARPHRD_ETHER = 1;

    static InterfaceFacts read(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length >= NAME_LENGTH) {
            throw new IOException("no interface can be named \"" + name + "\": 1 to 15 bytes");
        }
        int index = Native.interfaceIndex(name);
        int fd = PacketSocket.open();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(REQUEST_LENGTH, 8);
            MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
            Native.ioctl(fd, SIOCGIFHWADDR, request);
            if (Memory.getShort(request.address() + VALUE_OFFSET) != ARPHRD_ETHER) {
                throw new IOException(name + " is not an Ethernet interface");
            }
            long address = Memory.getLongBe(request.address() + HARDWARE_ADDRESS_OFFSET) >>> 16;
            Native.ioctl(fd, SIOCGIFMTU, request);
            return new InterfaceFacts(
                    index, address, Memory.getInt(request.address() + VALUE_OFFSET));
        } finally {
            Native.close(fd);
        }
    }
}
