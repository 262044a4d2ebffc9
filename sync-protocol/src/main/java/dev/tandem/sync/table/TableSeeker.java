package dev.tandem.sync.table;

import dev.tandem.sync.table.TableExchange.Search;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one peer after the other whether it is a master, and stays connected to one that is. */
final class TableSeeker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TableSeeker.class);
    private static final int CONNECT_MS = 300;
    private static final long PAUSE_MS = 100;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A peer that cannot be reached for so long is none. */
    private static final long GONE_NS = 3_000_000_000L;

    /** What came of calling a peer. */
    private enum Call {
        CONNECTED,
        NOT_THERE,
        UNREACHABLE
    }

    private final TableNode node;
    private final Object lock = new Object();
    private volatile Search search = Search.LOOKING;
    private volatile String trouble = "";
    private volatile long since = System.nanoTime();
    private int generation;

    TableSeeker(TableNode node) {
        this.node = node;
    }

    Search search() {
        return search;
    }

    String trouble() {
        return trouble;
    }

    /** Forgets what was found, and looks again at once. */
    void restart() {
        synchronized (lock) {
            generation++;
            search = Search.LOOKING;
            since = System.nanoTime();
            lock.notifyAll();
        }
    }

    @Override
    public void run() {
        while (!node.isClosed()) {
            int before = generation();
            if (!node.isMaster()) {
                seek(before);
            }
            pause(before);
        }
    }

    private int generation() {
        synchronized (lock) {
            return generation;
        }
    }

    /** Returns early when {@link #restart} was called since. */
    private void pause(int before) {
        long endNs = System.nanoTime() + PAUSE_MS * NANOS_PER_MILLI;
        synchronized (lock) {
            try {
                long leftNs = PAUSE_MS * NANOS_PER_MILLI;
                while (generation == before && leftNs > 0) {
                    lock.wait(leftNs / NANOS_PER_MILLI + 1);
                    leftNs = endNs - System.nanoTime();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void seek(int before) {
        boolean unsure = false;
        String worst = "";
        for (InetAddress peer : node.config().peers()) {
            try (Socket plain = new Socket()) {
                Call call = connect(plain, peer);
                if (call == Call.CONNECTED && talk(plain, before)) {
                    trouble = "";
                    return;
                }
                unsure |= call == Call.UNREACHABLE && System.nanoTime() - since < GONE_NS;
            } catch (IOException e) {
                unsure = true;
                worst = peer.getHostAddress() + " " + e.getMessage();
            }
        }
        trouble = worst;
        conclude(before, unsure ? Search.LOOKING : Search.NOBODY);
    }

    /** Not when a restart has come in between: then it is about another time. */
    private void conclude(int before, Search found) {
        synchronized (lock) {
            if (generation == before && search != found) {
                search = found;
            }
        }
    }

    private Call connect(Socket plain, InetAddress peer) {
        try {
            plain.bind(new InetSocketAddress(node.localAddress(), 0));
            plain.connect(new InetSocketAddress(peer, node.config().port()), CONNECT_MS);
            return Call.CONNECTED;
        } catch (NoRouteToHostException _) {
            return Call.UNREACHABLE;
        } catch (ConnectException _) {
            return Call.NOT_THERE;
        } catch (IOException _) {
            return Call.UNREACHABLE;
        }
    }

    /**
     * Takes a master's frames until the connection ends.
     *
     * @return false for one that is no master
     * @throws IOException what is in the way, of a peer that is there
     */
    private boolean talk(Socket plain, int before) throws IOException {
        try (TableSocket socket = new TableSocket(plain)) {
            node.greet(socket, false);
            TableFrame question = new TableFrame(0).begin(FrameKind.ASK_DIGESTS);
            question.body().flip();
            socket.write(question);
            TableConnection connection = node.connection(socket);
            TableFrame answer = connection.pipe().takeFree(0);
            if (answer == null) {
                throw new IllegalStateException("a new pipe has no free frame");
            }
            socket.read(answer);
            if (answer.kind() == FrameKind.NOT_MASTER) {
                return false;
            }
            LOG.info("follows the table of {}", connection.pipe().peer());
            connection.pipe().arrived(answer);
            conclude(before, Search.FOUND);
            node.count("MASTERS");
            try {
                node.run(connection, false);
            } finally {
                connection.pipe().close("ended");
                since = System.nanoTime();
                conclude(before, Search.LOOKING);
            }
            return true;
        } catch (EOFException e) {
            throw new TableException(
                    TableException.Fault.GARBAGE,
                    "hung up: this node is none of its peers, or has another key");
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
