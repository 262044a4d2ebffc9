package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * Frames lined up for sending straight from where they lie, one sendmmsg(2) for many.
 *
 * <p>Two sockets: plain frames bypass the queueing discipline, which saves most of its cost;
 * super-frames must not, because there nobody would segment them for an interface without TSO and
 * every one would be refused with ENOBUFS. Frames leave in the order in which they were lined up: a
 * change of kind ends a call.
 */
final class TransmitQueue implements AutoCloseable {
    private static final int CAPACITY = 256;

    /** struct mmsghdr (sys/socket.h, 64-bit): struct msghdr, then the length sent. */
    private static final int MESSAGE_LENGTH = 64;

    private static final int MESSAGE_VECTOR_OFFSET = 16;
    private static final int MESSAGE_VECTOR_COUNT_OFFSET = 24;

    /** struct iovec: address, length. */
    private static final int VECTOR_LENGTH = 16;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int LINKING_CALLS = 100;

    /** Frames under way in the kernel; it limits them by their memory, not their number. */
    private static final int SEND_BUFFER_BYTES = 16 << 20;

    private final Arena arena = Arena.ofShared();
    private final long messages;
    private final long vectors;
    private final boolean[] segmented = new boolean[CAPACITY];
    private final int plainSocket;
    private final int segmentingSocket;
    private int count;

    private final Tally sent = new Tally();
    private final Tally failed = new Tally();
    private final Tally lastErrno = new Tally();

    private TransmitQueue(int plainSocket, int segmentingSocket) {
        this.plainSocket = plainSocket;
        this.segmentingSocket = segmentingSocket;
        messages = arena.allocate((long) MESSAGE_LENGTH * CAPACITY, 64).address();
        vectors = arena.allocate((long) VECTOR_LENGTH * CAPACITY, 64).address();
        for (int i = 0; i < CAPACITY; i++) {
            long message = messages + (long) MESSAGE_LENGTH * i;
            Memory.putLong(message + MESSAGE_VECTOR_OFFSET, vectors + (long) VECTOR_LENGTH * i);
            Memory.putLong(message + MESSAGE_VECTOR_COUNT_OFFSET, 1);
        }
    }

    static TransmitQueue open(int interfaceIndex) throws IOException {
        int queued = openSocket(interfaceIndex);
        try {
            int direct = openSocket(interfaceIndex);
            try {
                Native.setOption(
                        direct, PacketSocket.SOL_PACKET, PacketSocket.PACKET_QDISC_BYPASS, 1);
            } catch (IOException _) {
                Native.close(direct); // an old kernel: everything takes the long way
                direct = queued;
            }
            return new TransmitQueue(direct, queued).linked();
        } catch (IOException e) {
            Native.close(queued);
            throw e;
        }
    }

    /**
     * Sends nothing, for the sake of the call: a downcall is linked when it is first made, which
     * takes milliseconds that the first packet after a failover must not wait for.
     */
    private TransmitQueue linked() {
        for (int i = 0; i < LINKING_CALLS; i++) {
            Native.sendmmsg(plainSocket, messages, 0, MSG_DONTWAIT);
        }
        return this;
    }

    private static int openSocket(int interfaceIndex) throws IOException {
        int fd = PacketSocket.open();
        try {
            Native.setOption(fd, PacketSocket.SOL_PACKET, PacketSocket.PACKET_VNET_HDR, 1);
            raiseSendBuffer(fd);
            PacketSocket.bind(fd, interfaceIndex, 0);
            return fd;
        } catch (IOException e) {
            Native.close(fd);
            throw e;
        }
    }

    /** Beyond the limit of net.core.wmem_max with CAP_NET_ADMIN, else up to it. */
    private static void raiseSendBuffer(int fd) throws IOException {
        try {
            Native.setOption(
                    fd, PacketSocket.SOL_SOCKET, PacketSocket.SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
        } catch (IOException _) {
            Native.setOption(
                    fd, PacketSocket.SOL_SOCKET, PacketSocket.SO_SNDBUF, SEND_BUFFER_BYTES);
        }
    }

    void add(long frame, int length) {
        if (count == CAPACITY) {
            flush();
        }
        long vector = vectors + (long) VECTOR_LENGTH * count;
        Memory.putLong(vector, frame - VnetHeader.LENGTH);
        Memory.putLong(vector + 8, length + VnetHeader.LENGTH);
        segmented[count] = VnetHeader.isSegmented(frame);
        count++;
    }

    void flush() {
        int from = 0;
        while (from < count) {
            int to = from + 1;
            while (to < count && segmented[to] == segmented[from]) {
                to++;
            }
            send(segmented[from] ? segmentingSocket : plainSocket, from, to);
            from = to;
        }
        count = 0;
    }

    /** A frame that the kernel refuses is counted and passed over. */
    private void send(int socket, int from, int to) {
        int next = from;
        while (next < to) {
            int result =
                    Native.sendmmsg(
                            socket,
                            messages + (long) MESSAGE_LENGTH * next,
                            to - next,
                            MSG_DONTWAIT);
            if (result > 0) {
                sent.add(result);
                next += result;
            } else if (result != -Errno.EINTR) {
                int lost = stopsAll(-result) ? to - next : 1;
                failed.add(lost);
                lastErrno.set(-result);
                next += lost;
            }
        }
    }

    /** Whether the frames behind a refused one would fare no better. */
    private static boolean stopsAll(int errno) {
        return errno == Errno.ENETDOWN
                || errno == Errno.ENXIO
                || errno == Errno.ENODEV
                || errno == Errno.EAGAIN;
    }

    long sent() {
        return sent.get();
    }

    long failed() {
        return failed.get();
    }

    int lastErrno() {
        return (int) lastErrno.get();
    }

    @Override
    public void close() {
        Native.close(segmentingSocket);
        if (plainSocket != segmentingSocket) {
            Native.close(plainSocket);
        }
        arena.close();
    }
}
