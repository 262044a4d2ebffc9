package dev.tandem.tools.demo.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one TCP connection. Only the load's thread uses it while the load runs.
 *
 * <p>Echoes come back in order and complete, or the connection is lost: nothing that was sent may
 * stay unanswered.
 */
final class Connection {
    final int id;
    final SocketChannel channel;
    final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocateDirect(16 * Message.LENGTH);
    private final ByteBuffer out = ByteBuffer.allocateDirect(16 * Message.LENGTH);
    private boolean established;
    private @Nullable Loss loss;
    private int server;
    private long sent;
    private long answered;
    private long taken;
    private long mark;
    private boolean counted;

    /** Longest wait for an echo that ended after the fault. */
    long longestWaitNs;

    /** When that echo came. */
    long longestWaitEndNs;

    /** Whether an echo came of a message that was due after the fault. */
    boolean back;

    Connection(int id, SocketChannel channel, SelectionKey key) {
        this.id = id;
        this.channel = channel;
        this.key = key;
    }

    /** What the load wants to know of an echo: the number of the message that it answers. */
    interface EchoHandler {
        void onEcho(Connection connection, long sequence);
    }

    boolean established() {
        return established;
    }

    boolean usable() {
        return established && loss == null;
    }

    @Nullable Loss loss() {
        return loss;
    }

    /** Messages sent, which is the number of the next one. */
    long sent() {
        return sent;
    }

    /** Messages answered. */
    long answered() {
        return answered;
    }

    /** Messages answered since the last time this was asked. */
    long takeAnswered() {
        long fresh = answered - taken;
        taken = answered;
        return fresh;
    }

    /** Number of the server that answers, 0 before its first echo. */
    int server() {
        return server;
    }

    void lose(Loss reason) {
        if (loss == null) {
            loss = established ? reason : Loss.REFUSED;
        }
        try {
            channel.close();
        } catch (IOException _) {
            // it is lost already
        }
    }

    /** Forgets the waits so far: those from now on are of interest. */
    void beginSpan() {
        longestWaitNs = 0;
        longestWaitEndNs = 0;
        back = false;
    }

    /** Notes what has been sent. */
    void mark() {
        mark = sent;
    }

    /** Whether all is answered that was noted. */
    boolean answeredToMark() {
        return answered >= mark;
    }

    /** Whether its loss is in a result already; from now on it is. */
    boolean countLoss() {
        boolean before = counted;
        counted = true;
        return before;
    }

    /** Completes the three-way handshake. */
    boolean finishConnect() {
        try {
            established = channel.finishConnect();
            if (established) {
                key.interestOps(SelectionKey.OP_READ);
            }
        } catch (IOException _) {
            lose(Loss.REFUSED);
        }
        return established;
    }

    /**
     * Sends the next message. When the kernel takes no more bytes, they wait here, and once this
     * buffer is full as well the schedule of this connection slips: false.
     */
    boolean send() {
        if (out.remaining() < Message.LENGTH) {
            return flush() && out.remaining() >= Message.LENGTH && send();
        }
        Message.put(out, id, Message.CLIENT, sent++);
        return flush();
    }

    /** Hands what waits here to the kernel. */
    boolean flush() {
        try {
            if (out.position() > 0) {
                channel.write(out.flip());
                out.compact();
            }
            return true;
        } catch (IOException _) {
            lose(Loss.RESET);
            return false;
        }
    }

    void receive(EchoHandler handler) {
        try {
            if (channel.read(in) < 0) {
                lose(Loss.CLOSED);
                return;
            }
        } catch (IOException _) {
            lose(Loss.RESET);
            return;
        }
        in.flip();
        while (in.remaining() >= Message.LENGTH && loss == null) {
            int at = in.position();
            if (answered == 0) {
                server = Message.sender(in, at);
            }
            if (server == Message.CLIENT || !Message.matches(in, at, id, server, answered)) {
                lose(Loss.CORRUPT);
            } else {
                in.position(at + Message.LENGTH);
                handler.onEcho(this, answered++);
            }
        }
        in.compact();
    }
}
