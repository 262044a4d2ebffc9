package dev.tandem.sync.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One end of a sync link as a process of its own, for it must live in a network namespace of its
 * own. Arguments: settings as {@code ports=4}, named as in {@link SyncLinkConfig}, peers with
 * commas between their addresses; what is not given has its default. Obeys lines on standard input
 * and answers each with one line:
 *
 * <ul>
 *   <li>{@code send COUNT LENGTH}: sends numbered messages over all streams in turn and waits until
 *       the sockets have them
 *   <li>{@code await COUNT}: waits for so many messages, says whether each stream's came in order
 *   <li>{@code counters}
 * </ul>
 */
final class LinkPeer {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int NONE_YET = -1;

    private final DatagramLink link;
    private final int[] nextNumber;
    private int turn;

    private LinkPeer(DatagramLink link) {
        this.link = link;
        nextNumber = new int[link.streams()];
        Thread worker = Thread.currentThread();
        link.onReceive(() -> LockSupport.unpark(worker));
    }

    static void main(String[] args) throws IOException {
        SyncLinkConfig config = config(args);
        try (DatagramLink link = DatagramLink.open(config)) {
            answer("ready");
            new LinkPeer(link).obey();
        } catch (IOException e) {
            answer(String.valueOf(e.getMessage()));
        }
    }

    private static SyncLinkConfig config(String... args) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            settings.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        int port = number(settings, "port", SyncLinkConfig.DEFAULT_PORT);
        List<InetSocketAddress> peers = new ArrayList<>();
        if (settings.containsKey("peers")) {
            for (String peer : settings.get("peers").split(",", -1)) {
                peers.add(new InetSocketAddress(InetAddress.getByName(peer), port));
            }
        }
        return new SyncLinkConfig(
                settings.getOrDefault("interface", "sync"),
                InetAddress.getByName(settings.getOrDefault("group", SyncLinkConfig.DEFAULT_GROUP)),
                peers,
                port,
                number(settings, "ports", 1),
                number(settings, "ttl", SyncLinkConfig.DEFAULT_TTL),
                number(settings, "maxLength", 0),
                number(settings, "queueLength", SyncLinkConfig.DEFAULT_QUEUE_LENGTH),
                number(settings, "socketBufferBytes", 0));
    }

    private static int number(Map<String, String> settings, String name, int otherwise) {
        return Integer.parseInt(settings.getOrDefault(name, Integer.toString(otherwise)));
    }

    private static void answer(Object line) {
        System.out.println(line);
        System.out.flush();
    }

    private void obey() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "send" -> send(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "await" -> await(Integer.parseInt(words[1]));
                default -> answer(link.counters());
            }
        }
    }

    private void send(int count, int length) {
        SyncLinkCounters before = link.counters();
        long startNs = System.nanoTime();
        for (int sent = 0; sent < count; ) {
            int stream = turn % link.streams();
            ByteBuffer buffer = link.claim(stream);
            if (buffer == null) {
                Thread.onSpinWait();
            } else {
                link.send(buffer.putInt(0, nextNumber[stream]++).limit(length));
                turn++;
                sent++;
            }
            expectInTime(startNs);
        }
        while (finished(link.counters()) - finished(before) < count) {
            expectInTime(startNs);
            Thread.onSpinWait();
        }
        answer("done");
    }

    private static long finished(SyncLinkCounters counters) {
        return counters.sent() + counters.sendErrors();
    }

    private void await(int count) {
        long startNs = System.nanoTime();
        boolean ordered = true;
        int[] expected = new int[link.streams()];
        Arrays.fill(expected, NONE_YET);
        int bytes = 0;
        for (int received = 0; received < count; ) {
            ByteBuffer buffer = link.receive();
            if (buffer == null) {
                expectInTime(startNs);
                // woken by the link's wake-up; the time only bounds a failing test
                LockSupport.parkNanos(this, DEADLINE_NS);
                continue;
            }
            int stream = link.stream(buffer);
            int number = buffer.getInt(0);
            ordered &= expected[stream] == NONE_YET || number == expected[stream];
            expected[stream] = number + 1;
            bytes += buffer.remaining();
            link.release(buffer);
            received++;
        }
        answer((ordered ? "in order, " : "disordered, ") + bytes + " bytes");
    }

    private static void expectInTime(long startNs) {
        if (System.nanoTime() - startNs > DEADLINE_NS) {
            throw new IllegalStateException("took too long");
        }
    }
}
