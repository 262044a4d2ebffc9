package dev.tandem.director.testing;

import dev.tandem.director.io.TestNamespaces;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets, by TCP and UDP, on a port of a namespace. */
public final class EchoServer implements AutoCloseable {
    private static final int DATAGRAM_BYTES = 65_535;

    private final ServerSocket tcp;
    private final DatagramSocket udp;

    private EchoServer(ServerSocket tcp, DatagramSocket udp) {
        this.tcp = tcp;
        this.udp = udp;
        Thread.ofPlatform().daemon().start(this::accept);
        Thread.ofPlatform().daemon().start(this::answer);
    }

    /** Opens one at an address of a namespace, from which it answers. */
    public static EchoServer open(String namespace, String address, int port) throws Exception {
        InetAddress at = Lan.inet(address);
        return TestNamespaces.call(
                namespace,
                () -> new EchoServer(new ServerSocket(port, 0, at), new DatagramSocket(port, at)));
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = tcp.accept();
                Thread.ofPlatform().daemon().start(() -> echo(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            long _ = socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException _) {
            // the client sees it
        }
    }

    private void answer() {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
        try {
            while (true) {
                packet.setLength(DATAGRAM_BYTES);
                udp.receive(packet);
                udp.send(packet);
            }
        } catch (IOException _) {
            // closed
        }
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }
}
