package dev.tandem.tools.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server on one of the lab's servers, with a large file and a small one. */
final class FileServer implements AutoCloseable {
    private static final int BLOCK_LENGTH = 1 << 20;
    private static final int BLOCKS = 100;
    static final long LARGE_LENGTH = (long) BLOCK_LENGTH * BLOCKS;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final AtomicInteger smallRequests = new AtomicInteger();

    private FileServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 1024);
        server.setExecutor(threads);
        server.createContext("/large", FileServer::large);
        server.createContext("/small", this::small);
    }

    static FileServer start(Namespace host, int port) throws IOException {
        FileServer server = host.call(() -> new FileServer(port));
        server.server.start();
        return server;
    }

    int smallRequests() {
        return smallRequests.get();
    }

    static String largeSha256() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int number = 0; number < BLOCKS; number++) {
            digest.update(block(number));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void large(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, LARGE_LENGTH);
        try (var body = exchange.getResponseBody()) {
            for (int number = 0; number < BLOCKS; number++) {
                body.write(block(number));
            }
        }
    }

    private void small(HttpExchange exchange) throws IOException {
        smallRequests.incrementAndGet();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static byte[] block(int number) {
        byte[] bytes = new byte[BLOCK_LENGTH];
        new SplittableRandom(number).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
