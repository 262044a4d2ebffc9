package dev.tandem.director.route;

import dev.tandem.director.io.Errno;
import dev.tandem.director.io.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A NETLINK_ROUTE socket (netlink(7)) of one thread. */
final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;

    /** SOCK_RAW | SOCK_CLOEXEC. */
    private static final int RAW = 3 | 0x80000;

    private static final int NETLINK_ROUTE = 0;
    private static final int ADDRESS_LENGTH = 12;

    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;

    /** Room for the notifications of some thousand changes at once. */
    private static final int RECEIVE_BUFFER_BYTES = 8 << 20;

    private static final int REPLY_TIMEOUT_SECONDS = 5;

    /** MSG_DONTWAIT | MSG_TRUNC: the true length, even if it was cut. */
    private static final int DRAIN_FLAGS = 0x40 | 0x20;

    private static final int MSG_TRUNC = 0x20;

    /** The kernel makes dump messages of at most 32 KiB. */
    private static final int CAPACITY = 64 << 10;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(CAPACITY, 8);
    private final ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private final int descriptor;
    private int sequence;

    private NetlinkSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Gets one message; {@code [from, end)} of the buffer is its body. */
    @FunctionalInterface
    interface Handler {
        void onMessage(int type, ByteBuffer buffer, int from, int end);
    }

    /** Opened in the calling thread's network namespace; {@code groups} to hear of changes. */
    static NetlinkSocket open(int groups) throws IOException {
        int fd = Native.socket(AF_NETLINK, RAW, NETLINK_ROUTE);
        try (Arena arena = Arena.ofConfined()) {
            raiseReceiveBuffer(fd);
            MemorySegment timeout =
                    arena.allocateFrom(ValueLayout.JAVA_LONG, REPLY_TIMEOUT_SECONDS, 0L);
            Native.setOption(fd, SOL_SOCKET, SO_RCVTIMEO, timeout);
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, 4); // struct sockaddr_nl
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
            address.set(ValueLayout.JAVA_INT, 8, groups);
            Native.bind(fd, address);
            return new NetlinkSocket(fd);
        } catch (IOException e) {
            Native.close(fd);
            throw e;
        }
    }

    /** Beyond the limit of net.core.rmem_max with CAP_NET_ADMIN, else up to it. */
    private static void raiseReceiveBuffer(int fd) throws IOException {
        try {
            Native.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
        } catch (IOException _) {
            Native.setOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
        }
    }

    int descriptor() {
        return descriptor;
    }

    /**
     * Hands over all messages that are waiting.
     *
     * @return false when some were lost (ENOBUFS, or one too long), so that what was learned before
     *     is no longer the truth
     */
    boolean drain(Handler handler) throws IOException {
        boolean complete = true;
        while (true) {
            long length = Native.recv(descriptor, memory.address(), CAPACITY, DRAIN_FLAGS);
            if (length == -Errno.EAGAIN) {
                return complete;
            }
            if (length == -Errno.ENOBUFS || length > CAPACITY) {
                complete = false;
            } else if (length < 0) {
                if (length != -Errno.EINTR) {
                    throw Native.failure("recv(netlink)", (int) -length);
                }
            } else {
                NetlinkMessages messages = new NetlinkMessages(buffer, (int) length);
                while (messages.next()) {
                    handler.onMessage(messages.type(), buffer, messages.body(), messages.end());
                }
            }
        }
    }

    /**
     * Asks for all objects of a kind and hands each over. A dump that the kernel marks as
     * interrupted by a change is left half done.
     *
     * @param bodyLength of the structure behind the header; all zero but for the family
     * @return false when interrupted: forget what came and ask again
     */
    boolean dump(int type, int family, int bodyLength, Handler handler) throws IOException {
        int own = ++sequence;
        NetlinkRequest request =
                new NetlinkRequest(type, Rtnetlink.NLM_F_DUMP, own, bodyLength).family(family);
        request.sendTo(descriptor);
        boolean whole = true;
        while (true) {
            long length = Native.recv(descriptor, memory.address(), CAPACITY, MSG_TRUNC);
            if (length < 0 || length > CAPACITY) {
                throw Native.failure(
                        "recv(netlink dump)", length < 0 ? (int) -length : Errno.EMSGSIZE);
            }
            NetlinkMessages messages = new NetlinkMessages(buffer, (int) length);
            while (messages.next()) {
                if (messages.sequence() != own) {
                    continue; // an answer to something older
                }
                if ((messages.flags() & Rtnetlink.NLM_F_DUMP_INTR) != 0) {
                    whole = false;
                }
                switch (messages.type()) {
                    case Rtnetlink.NLMSG_DONE -> {
                        return whole;
                    }
                    case Rtnetlink.NLMSG_ERROR ->
                            throw Native.failure("netlink dump", messages.errno());
                    default ->
                            handler.onMessage(
                                    messages.type(), buffer, messages.body(), messages.end());
                }
            }
        }
    }

    /**
     * Sends a request; the kernel has carried it out when this returns, and answers only errors.
     */
    int request(NetlinkRequest request) throws IOException {
        request.sendTo(descriptor);
        int errno = 0;
        while (true) {
            long length = Native.recv(descriptor, memory.address(), CAPACITY, DRAIN_FLAGS);
            if (length < 0) {
                return errno;
            }
            NetlinkMessages messages =
                    new NetlinkMessages(buffer, (int) Math.min(length, CAPACITY));
            while (messages.next()) {
                if (messages.type() == Rtnetlink.NLMSG_ERROR) {
                    errno = messages.errno();
                }
            }
        }
    }

    @Override
    public void close() {
        Native.close(descriptor);
        arena.close();
    }
}
