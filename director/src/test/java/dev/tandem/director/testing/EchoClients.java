package dev.tandem.director.testing;

import dev.tandem.director.io.TestNamespaces;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** TCP connections to an echo service that never rest: each has to get back what it sends. */
public final class EchoClients implements AutoCloseable {
    private static final int CONNECT_MS = 5_000;

    /** Longer than it takes TCP to send again what was lost, several times over. */
    private static final int ANSWER_MS = 15_000;

    private final List<Socket> sockets;
    private final FutureTask<Integer> loop;
    private volatile int rounds;
    private volatile int lost;
    private volatile boolean closed;

    private EchoClients(String namespace, List<Socket> sockets) {
        this.sockets = sockets;
        loop = TestNamespaces.start(namespace, this::run);
    }

    /** Opens so many from a namespace, all at once, and begins when each was answered. */
    public static EchoClients open(String namespace, InetSocketAddress service, int count)
            throws Exception {
        List<FutureTask<Socket>> opening = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opening.add(TestNamespaces.start(namespace, () -> establish(service)));
        }
        List<Socket> sockets = new ArrayList<>();
        for (FutureTask<Socket> one : opening) {
            sockets.add(one.get());
        }
        return new EchoClients(namespace, sockets);
    }

    private static Socket establish(InetSocketAddress service) throws IOException {
        Socket socket = connect(service, CONNECT_MS);
        byte[] message = {'?'};
        if (!write(socket, message) || !isAnswered(socket, message)) {
            socket.close();
            throw new IOException("not answered");
        }
        return socket;
    }

    /** Opens one from the thread's namespace. */
    public static Socket connect(InetSocketAddress service, int timeoutMs) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(service, timeoutMs);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /** Times that every connection has been answered. */
    public int rounds() {
        return rounds;
    }

    /** Connections that ended, were not answered, or were answered something else. */
    public int lost() {
        return lost;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread is the only writer
    private int run() {
        List<Socket> living = new ArrayList<>(sockets);
        for (long number = 0; !closed; number++) {
            byte[] message = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            living.removeIf(socket -> !write(socket, message));
            living.removeIf(socket -> !isAnswered(socket, message));
            lost = sockets.size() - living.size();
            rounds++;
        }
        return rounds;
    }

    private static boolean write(Socket socket, byte[] message) {
        try {
            socket.getOutputStream().write(message);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isAnswered(Socket socket, byte[] message) {
        try {
            InputStream in = socket.getInputStream();
            return ByteBuffer.wrap(in.readNBytes(message.length)).equals(ByteBuffer.wrap(message));
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        Await.until("the last round is over", loop::isDone);
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
