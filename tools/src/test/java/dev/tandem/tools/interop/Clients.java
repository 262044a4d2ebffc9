package dev.tandem.tools.interop;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small clients of the table tests; closes with it whatever a test left open. */
final class Clients implements AutoCloseable {
    private static final int PATIENCE_MS = 5000;

    private final Namespace host;
    private final List<Closeable> open = new ArrayList<>();

    Clients(Namespace host) {
        this.host = host;
    }

    /** A TCP connection. */
    static final class Connection implements AutoCloseable {
        private final Socket socket;

        private Connection(Socket socket) {
            this.socket = socket;
        }

        /** Sends so many messages, each of which must come back before the next. */
        Connection talk(int messages) throws IOException {
            for (int i = 0; i < messages; i++) {
                byte[] message = ("message " + i).getBytes(StandardCharsets.US_ASCII);
                socket.getOutputStream().write(message);
                byte[] answer = socket.getInputStream().readNBytes(message.length);
                if (!Arrays.equals(message, answer)) {
                    throw new IOException("sent " + message.length + " bytes, other ones came");
                }
            }
            return this;
        }

        /** Says goodbye in order. */
        @Override
        public void close() throws IOException {
            socket.close();
        }

        /** Resets it. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    /** Connects to a service from one of the client's addresses. */
    Connection tcp(String from, String service, int port) throws IOException {
        return tcp(from, 0, service, port);
    }

    /** The same from a port of one's choice; 0: any. */
    Connection tcp(String from, int fromPort, String service, int port) throws IOException {
        Socket socket =
                host.call(() -> {
                    var made = new Socket();
                    made.setReuseAddress(true);
                    made.bind(new InetSocketAddress(from, fromPort));
                    made.setSoTimeout(PATIENCE_MS);
                    made.setTcpNoDelay(true);
                    made.connect(new InetSocketAddress(service, port), PATIENCE_MS);
                    return made;
                });
        open.add(socket);
        return new Connection(socket);
    }

    /** Sends a text so many times from a port of its own; each must come back. */
    DatagramSocket udp(String from, String service, int port, int messages, String text)
            throws IOException {
        return udp(from, 0, service, port, messages, text);
    }

    /** The same from a port of one's choice; 0: any. */
    DatagramSocket udp(
            String from, int fromPort, String service, int port, int messages, String text)
            throws IOException {
        DatagramSocket socket =
                host.call(() -> new DatagramSocket(new InetSocketAddress(from, fromPort)));
        open.add(socket);
        socket.setSoTimeout(PATIENCE_MS);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        InetAddress to = InetAddress.getByName(service);
        for (int i = 0; i < messages; i++) {
            socket.send(new DatagramPacket(bytes, bytes.length, to, port));
            var answer = new DatagramPacket(new byte[bytes.length + 1], bytes.length + 1);
            socket.receive(answer);
            if (!Arrays.equals(bytes, Arrays.copyOf(answer.getData(), answer.getLength()))) {
                throw new IOException("sent '" + text + "', something else came");
            }
        }
        return socket;
    }

    @Override
    public void close() throws IOException {
        for (Closeable socket : open) {
            socket.close();
        }
        open.clear();
    }
}
