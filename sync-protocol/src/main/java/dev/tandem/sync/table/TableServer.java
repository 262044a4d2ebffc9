package dev.tandem.sync.table;

import dev.tandem.sync.table.TableException.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens at the sync interface's address. Who is no peer is hung up on at once; a peer has to
 * greet, and to ask a question with a good signature, before anything is set aside for it.
 */
final class TableServer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TableServer.class);
    private static final int LOOK_AROUND_MS = 500;
    private static final int BACKLOG = 8;

    /** Connections that have not yet asked a good question. */
    private static final int MAX_GREETING = 4;

    private final TableNode node;
    private final AtomicInteger greeting = new AtomicInteger();
    private volatile @Nullable ServerSocket listening;
    private String lastTrouble = "";

    TableServer(TableNode node) {
        this.node = node;
    }

    @Override
    public void run() {
        while (!node.isClosed()) {
            try {
                listen(node.localAddress());
            } catch (IOException e) {
                if (!node.isClosed()) {
                    complain(e);
                    pause();
                }
            }
        }
    }

    /** Once for each new reason. */
    private void complain(IOException e) {
        String trouble = String.valueOf(e.getMessage());
        if (!trouble.equals(lastTrouble)) {
            lastTrouble = trouble;
            LOG.warn("TCP port {} of tables: {}", node.config().port(), trouble);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AROUND_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, node.config().port()), BACKLOG);
            socket.setSoTimeout(LOOK_AROUND_MS);
            listening = socket;
            lastTrouble = "";
            while (!node.isClosed() && node.localAddress().equals(address)) {
                node.closeStalled();
                try {
                    welcome(socket.accept());
                } catch (SocketTimeoutException _) {
                    // time to look around
                }
            }
        }
    }

    private void welcome(Socket caller) throws IOException {
        if (!node.config().peers().contains(caller.getInetAddress())) {
            node.count("STRANGERS");
            caller.close();
        } else if (greeting.incrementAndGet() > MAX_GREETING) {
            greeting.decrementAndGet();
            node.count("TOO_MANY");
            caller.close();
        } else {
            Thread.ofPlatform().daemon().name("table-asker").start(() -> talk(caller));
        }
    }

    private void talk(Socket caller) {
        boolean greets = true;
        try (TableSocket socket = new TableSocket(caller)) {
            node.greet(socket, true);
            TableFrame question = new TableFrame(0);
            socket.read(question);
            if (question.kind() != FrameKind.ASK_DIGESTS) {
                throw new TableException(Fault.GARBAGE, "asked no question");
            }
            greets = false;
            greeting.decrementAndGet();
            if (node.isMaster()) {
                serve(socket);
            } else {
                TableFrame answer = new TableFrame(0).begin(FrameKind.NOT_MASTER);
                answer.body().flip();
                socket.write(answer);
            }
        } catch (IOException e) {
            node.count(e instanceof TableException it ? it.fault().name() : "BROKEN");
            LOG.info("{} on the port of tables: {}", caller.getInetAddress(), e.getMessage());
        } finally {
            if (greets) {
                greeting.decrementAndGet();
            }
        }
    }

    private void serve(TableSocket socket) throws IOException {
        node.closeOlder(socket.peer());
        node.count("ASKERS");
        TableConnection connection = node.connection(socket);
        try {
            TableFrame question = connection.pipe().takeFree(0);
            if (question != null) {
                connection.pipe().arrived(question.begin(FrameKind.ASK_DIGESTS));
                node.run(connection, true);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            connection.pipe().close("ended");
        }
    }

    void close() {
        ServerSocket socket = listening;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing the port of tables", e);
            }
        }
    }
}
