package dev.tandem.director.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.director.io.TestNamespaces;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A web server in a namespace with one file. */
public final class WebServer implements AutoCloseable {
    private final HttpServer server;

    private WebServer(InetSocketAddress address, byte[] file) throws IOException {
        server = HttpServer.create(address, 64);
        server.createContext("/", exchange -> answer(exchange, file));
        server.start();
    }

    /** Opens one at an address of a namespace. */
    public static WebServer open(String namespace, String address, int port, byte[] file)
            throws Exception {
        InetAddress at = Lan.inet(address);
        return TestNamespaces.call(
                namespace, () -> new WebServer(new InetSocketAddress(at, port), file));
    }

    private static void answer(HttpExchange exchange, byte[] file) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
