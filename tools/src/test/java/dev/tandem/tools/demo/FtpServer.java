package dev.tandem.tools.demo;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An FTP server that has one file, whatever it is called, and hands it out over data connections of
 * every kind (RFC 959, RFC 2428).
 */
final class FtpServer implements AutoCloseable {
    private static final int CONTROL_PORT = 21;
    private static final int DATA_PORT = 20;

    private final InetAddress address;
    private final byte[] file;
    private final Namespace host;
    private final ServerSocket listener;

    private FtpServer(Namespace host, InetAddress address, byte[] file) throws IOException {
        this.host = host;
        this.address = address;
        this.file = file;
        listener = listen(CONTROL_PORT);
    }

    /** Listens in a host on one of its addresses. */
    static FtpServer start(Namespace host, String address, byte[] file) throws IOException {
        var server = new FtpServer(host, InetAddress.getByName(address), file);
        Thread.ofPlatform().name("ftp").daemon().start(server::accept);
        return server;
    }

    private ServerSocket listen(int port) throws IOException {
        return host.call(() -> {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket;
        });
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket control = listener.accept();
                Thread.ofPlatform().name("ftp control").daemon().start(() -> serve(control));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket control) {
        try (control) {
            var lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    control.getInputStream(), StandardCharsets.US_ASCII));
            var session = new Session(new PrintStream(control.getOutputStream(), true));
            session.say("220 ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int blank = line.indexOf(' ');
                session.command(
                        blank < 0 ? line : line.substring(0, blank),
                        blank < 0 ? "" : line.substring(blank + 1));
            }
        } catch (IOException _) {
            // the client is gone
        }
    }

    /** One control connection. */
    private final class Session {
        private final PrintStream out;
        private @Nullable ServerSocket passive;
        private @Nullable InetSocketAddress active;

        Session(PrintStream out) {
            this.out = out;
        }

        void say(String reply) {
            out.print(reply + "\r\n");
            out.flush();
        }

        void command(String word, String argument) throws IOException {
            switch (word) {
                case "USER" -> say("331 password");
                case "PASS" -> say("230 welcome");
                case "PWD" -> say("257 \"/\"");
                case "TYPE" -> say("200 done");
                case "PASV" -> say("227 Entering Passive Mode (" + commas(open()) + ").");
                case "EPSV" -> say("229 Entering Extended Passive Mode (|||" + open() + "|)");
                case "PORT" -> connectTo(argument.split(",", -1));
                case "EPRT" -> {
                    String[] parts = argument.split("\\|", -1);
                    connectTo(parts[2], Integer.parseInt(parts[3]));
                }
                case "RETR" -> send();
                case "QUIT" -> say("221 bye");
                default -> say("502 unknown");
            }
        }

        private int open() throws IOException {
            passive = listen(0);
            active = null;
            return passive.getLocalPort();
        }

        private String commas(int port) {
            return address.getHostAddress().replace('.', ',')
                    + ","
                    + (port >> 8)
                    + ","
                    + (port & 0xFF);
        }

        private void connectTo(String[] numbers) throws IOException {
            connectTo(
                    "%s.%s.%s.%s".formatted((Object[]) numbers),
                    Integer.parseInt(numbers[4]) << 8 | Integer.parseInt(numbers[5]));
        }

        private void connectTo(String client, int port) {
            active = new InetSocketAddress(client, port);
            say("200 done");
        }

        private void send() throws IOException {
            say("150 here it comes");
            try (Socket data = data()) {
                data.getOutputStream().write(file);
            }
            say("226 complete");
        }

        private Socket data() throws IOException {
            InetSocketAddress client = active;
            ServerSocket waiting = passive;
            if (client != null) {
                return host.call(() -> {
                    var socket = new Socket();
                    socket.setReuseAddress(true);
                    socket.bind(new InetSocketAddress(address, DATA_PORT));
                    socket.connect(client, 5000);
                    return socket;
                });
            }
            if (waiting == null) {
                throw new IOException("RETR before PASV, EPSV, PORT or EPRT");
            }
            try (waiting) {
                return waiting.accept();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
