package dev.tandem.tools.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One HTTP/1.1 exchange over a Unix socket, with a deadline for all of it.
 *
 * <p>The daemon closes after each answer and always says its length (RFC 9112 section 6.2), so this
 * needs no chunks and no second request; it starts in a few milliseconds, where a general client
 * would cost the command line a noticeable part of a second.
 */
final class HttpCall {
    /** Far more than the most connections that may be asked for. */
    private static final int MAX_ANSWER = 256 << 20;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3})( .*)?");
    private static final Pattern LENGTH = Pattern.compile("content-length:[ \t]*(\\d{1,9})[ \t]*");

    private HttpCall() {}

    /** Status and body of an answer. */
    record Answer(int status, String body) {}

    /**
     * Asks and waits for the whole answer.
     *
     * @throws IOException when nobody listens, the answer is no HTTP, or the time is over
     */
    static Answer of(Path socket, String method, String uri, byte[] body, Duration timeout)
            throws IOException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        try (SocketChannel channel = connect(socket);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer request = request(method, uri, body);
            while (request.hasRemaining()) {
                await(selector, deadlineNs);
                channel.write(request);
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (channel.read(buffer.clear()) >= 0) {
                received.write(buffer.array(), 0, buffer.position());
                if (received.size() > MAX_ANSWER) {
                    throw new IOException("the answer is longer than " + MAX_ANSWER + " bytes");
                }
                if (buffer.position() == 0) {
                    await(selector, deadlineNs);
                }
            }
            return parse(received.toByteArray());
        }
    }

    private static SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw Files.exists(socket) && !Files.isWritable(socket)
                    ? new AccessDeniedException(socket + ": only its owner may open it; try sudo")
                    : new ConnectException(
                            "no daemon answers at " + socket + " (" + e.getMessage() + ")");
        }
    }

    private static void await(Selector selector, long deadlineNs) throws IOException {
        long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0 || selector.select(leftMs) == 0) {
            throw new SocketTimeoutException("the daemon did not answer in time");
        }
        selector.selectedKeys().clear();
    }

    private static ByteBuffer request(String method, String uri, byte[] body) {
        byte[] head =
                (method
                                + " "
                                + uri
                                + " HTTP/1.1\r\nhost: tandem\r\nconnection: close\r\ncontent-length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(ISO_8859_1);
        return ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
    }

    private static Answer parse(byte[] bytes) throws IOException {
        String text = new String(bytes, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("the daemon closed the connection without an answer");
        }
        String[] head = text.substring(0, end).split("\r\n", -1);
        Matcher status = STATUS_LINE.matcher(head[0]);
        if (!status.matches()) {
            throw new IOException("this is not HTTP/1.1: " + head[0]);
        }
        int bodyStart = end + 4;
        int bodyLength = bytes.length - bodyStart;
        for (String line : head) {
            Matcher length = LENGTH.matcher(line.toLowerCase(Locale.ROOT));
            if (length.matches() && Integer.parseInt(length.group(1)) != bodyLength) {
                throw new IOException("the daemon's answer is not complete");
            }
        }
        return new Answer(
                Integer.parseInt(status.group(1)), new String(bytes, bodyStart, bodyLength, UTF_8));
    }
}
