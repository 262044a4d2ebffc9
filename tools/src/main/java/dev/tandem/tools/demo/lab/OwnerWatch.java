package dev.tandem.tools.demo.lab;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.Native;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Arp;
import dev.tandem.director.packet.Ethernet;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;

/**
 * Asks the clients' network who has the virtual address, every 10 ms, and hears every answer and
 * announcement: a witness that does not depend on what the directors say of themselves. One thread,
 * in the client's namespace.
 *
 * <p>It asks under a link-level address that is nobody's and a network address that is the
 * question's number, which an answer repeats. So answers can be matched with questions, and the
 * client's own kernel, to whom they are not addressed, learns nothing from them: what the client
 * sees of a failover is what it would see without this.
 */
public final class OwnerWatch implements AutoCloseable {
    private static final long ASK_NS = 10_000_000;
    private static final long ASKING_MAC = 0x02_77_01_00_00_11L;

    /** The questions' addresses: 10.78.0.0 to 10.78.255.255. */
    private static final int ASKING_NETWORK = 10 << 24 | 78 << 16;

    private static final int NUMBER_MASK = 0xFFFF;

    // linux/socket.h, linux/if_ether.h, poll.h
    private static final int AF_PACKET = 17;
    private static final int RAW_CLOEXEC = 3 | 0x80000;
    private static final int ETH_P_ARP = 0x0806;
    private static final int SOCKADDR_LL_LENGTH = 20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int POLLFD_LENGTH = 8;
    private static final int POLLIN = 1;

    private static final int FRAME_CAPACITY = 256;

    private final int virtual = Addresses.toInt(InetAddress.ofLiteral(LabPlan.VIRTUAL));
    private final OwnerLog log = new OwnerLog();
    private final Thread thread;
    private volatile boolean closed;

    private OwnerWatch(Namespace client) {
        thread = client.machine("owner watch", this::run);
    }

    /** Begins to ask. */
    public static OwnerWatch start(Namespace client) {
        var watch = new OwnerWatch(client);
        watch.thread.start();
        return watch;
    }

    /** What was seen since the last call, or since the start. */
    public Owners take() {
        return log.take(System.nanoTime());
    }

    /** How often the owner has changed since the last {@link #take}. */
    public int changes() {
        return log.changes();
    }

    private void run() throws IOException {
        int fd = Native.socket(AF_PACKET, RAW_CLOEXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            bind(fd, arena);
            MemorySegment question = arena.allocate(Arp.FRAME_LENGTH, 8);
            MemorySegment answer = arena.allocate(FRAME_CAPACITY, 8);
            MemorySegment poll = arena.allocate(POLLFD_LENGTH, 8);
            Memory.putInt(poll.address(), fd);
            Memory.putShort(poll.address() + Integer.BYTES, POLLIN);
            long dueNs = System.nanoTime();
            for (int number = 0; !closed; ) {
                long leftNs = dueNs - System.nanoTime();
                if (leftNs <= 0) {
                    ask(fd, question, number++ & NUMBER_MASK);
                    dueNs += ASK_NS;
                } else {
                    Native.poll(poll.address(), 1, (int) (leftNs / 1_000_000) + 1);
                }
                hear(fd, answer.address());
            }
        } finally {
            Native.close(fd);
        }
    }

    private static void bind(int fd, Arena arena) throws IOException {
        MemorySegment address = arena.allocate(SOCKADDR_LL_LENGTH, 4);
        Memory.putShort(address.address(), AF_PACKET);
        Memory.putShortBe(address.address() + 2, ETH_P_ARP);
        Memory.putInt(address.address() + 4, Native.interfaceIndex("outside"));
        Native.bind(fd, address);
    }

    private void ask(int fd, MemorySegment frame, int number) throws IOException {
        Arp.write(
                frame.address(),
                Ethernet.BROADCAST,
                Arp.REQUEST,
                ASKING_MAC,
                ASKING_NETWORK | number,
                0,
                virtual);
        Native.send(fd, frame);
    }

    private void hear(int fd, long frame) {
        for (int length = receive(fd, frame); length > 0; length = receive(fd, frame)) {
            long arp = frame + Ethernet.HEADER_LENGTH;
            if (Arp.isValid(frame, length)
                    && Memory.getIntBe(arp + Arp.SENDER_ADDRESS_OFFSET) == virtual) {
                int asker = Memory.getIntBe(arp + Arp.TARGET_ADDRESS_OFFSET);
                boolean asked = (asker & ~NUMBER_MASK) == ASKING_NETWORK;
                log.onClaim(
                        asked ? asker & NUMBER_MASK : OwnerLog.UNASKED,
                        Ethernet.getAddress(arp + Arp.SENDER_HARDWARE_OFFSET),
                        System.nanoTime());
            }
        }
    }

    private static int receive(int fd, long frame) {
        return (int) Native.recv(fd, frame, FRAME_CAPACITY, MSG_DONTWAIT);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
