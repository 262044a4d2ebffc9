package dev.tandem.sync.table;

import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * Moves frames between a socket and the worker's {@link TablePipe}, with a thread for each
 * direction, until one of the three is closed.
 */
final class TableConnection {
    private static final long POLL_MS = 200;

    private final TableSocket socket;
    private final TablePipe pipe;
    private final BiConsumer<TableConnection, IOException> onFault;

    /**
     * @param wakeUp wakes the worker
     * @param onFault told why it ended, when a socket or the peer ended it
     */
    TableConnection(
            TableSocket socket, Runnable wakeUp, BiConsumer<TableConnection, IOException> onFault) {
        this.socket = socket;
        this.onFault = onFault;
        pipe = new TablePipe(socket.peer().getHostAddress(), wakeUp, _ -> socket.close());
    }

    TableSocket socket() {
        return socket;
    }

    TablePipe pipe() {
        return pipe;
    }

    /** Starts the thread that writes. */
    void startWriting(String name) {
        Thread.ofPlatform().daemon().name(name).start(this::write);
    }

    private void write() {
        try {
            while (pipe.isOpen()) {
                TableFrame frame = pipe.takeSent(POLL_MS);
                if (frame != null) {
                    socket.write(frame);
                    pipe.sent(frame);
                }
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException _) {
            pipe.close("interrupted");
        }
    }

    /** Reads until the connection ends. */
    void read() {
        try {
            while (pipe.isOpen()) {
                TableFrame frame = pipe.takeFree(POLL_MS);
                if (frame != null) {
                    socket.read(frame);
                    pipe.arrived(frame);
                }
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException _) {
            pipe.close("interrupted");
        }
    }

    private void fail(IOException e) {
        if (pipe.isOpen()) {
            onFault.accept(this, e);
            pipe.close(String.valueOf(e.getMessage()));
        }
    }
}
