package dev.tandem.tools.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The real servers of the table tests: whatever comes is sent back, over TCP and UDP, IPv4 and
 * IPv6. One thread for all of them; a socket stays in the namespace it was made in.
 */
final class EchoHosts implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65536);

    private EchoHosts() throws IOException {}

    /** Starts to listen on these ports on every server. */
    static EchoHosts start(Segments segments, List<Integer> tcpPorts, List<Integer> udpPorts)
            throws IOException {
        var hosts = new EchoHosts();
        for (int number = 1; number <= Plan.SERVERS; number++) {
            int server = number;
            segments.server(number)
                    .call(() -> {
                        hosts.listen(server, tcpPorts, udpPorts);
                        return server;
                    });
        }
        Thread.ofPlatform().name("echo hosts").daemon().start(hosts::serve);
        return hosts;
    }

    private void listen(int server, List<Integer> tcpPorts, List<Integer> udpPorts)
            throws IOException {
        for (int port : tcpPorts) {
            // an IPv6 socket takes IPv4 as well
            ServerSocketChannel channel = ServerSocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(port), 256).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
        }
        // an answer leaves from the address that was asked: a socket for each
        var addresses = new ArrayList<>(Plan.VIRTUAL);
        addresses.add(Plan.server(server));
        for (int port : udpPorts) {
            for (String address : addresses) {
                listen(StandardProtocolFamily.INET, new InetSocketAddress(address, port));
            }
            listen(StandardProtocolFamily.INET6, new InetSocketAddress(Plan.server6(server), port));
        }
    }

    private void listen(ProtocolFamily family, InetSocketAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        channel.bind(address).configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::ready);
            }
        } catch (IOException | ClosedSelectorException _) {
            // closed
        }
    }

    private void ready(SelectionKey key) {
        try {
            switch (key.channel()) {
                case ServerSocketChannel listener -> accept(listener);
                case DatagramChannel datagrams -> answer(datagrams);
                case SocketChannel connection -> echo(connection);
                default -> throw new IllegalStateException(key.channel().toString());
            }
        } catch (IOException _) {
            close(key);
        }
    }

    private void accept(ServerSocketChannel listener) throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    private void answer(DatagramChannel channel) throws IOException {
        SocketAddress from = channel.receive(buffer.clear());
        if (from != null) {
            channel.send(buffer.flip(), from);
        }
    }

    /** What a client sends in these tests always fits the socket's buffer. */
    private void echo(SocketChannel channel) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            channel.close();
        } else {
            channel.write(buffer.flip());
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException _) {
            // closed is what was wanted
        }
    }

    @Override
    public void close() throws IOException {
        List.copyOf(selector.keys()).forEach(EchoHosts::close);
        selector.close();
    }
}
