package dev.tandem.sync.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One end of a sync link as a process of its own, for it must live in a network namespace of its
 * own. Arguments: interface, group, port, maximum length. Obeys lines on standard input and answers
 * each with one line:
 *
 * <ul>
 *   <li>{@code send COUNT LENGTH}: sends numbered messages and waits until the socket has them
 *   <li>{@code await COUNT}: waits for so many messages, says whether they came in order
 *   <li>{@code counters}
 * </ul>
 */
final class LinkPeer {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    private final MulticastLink link;
    private int nextNumber;

    private LinkPeer(MulticastLink link) {
        this.link = link;
        Thread worker = Thread.currentThread();
        link.onReceive(() -> LockSupport.unpark(worker));
    }

    static void main(String[] args) throws IOException {
        SyncLinkConfig config =
                new SyncLinkConfig(
                        args[0],
                        InetAddress.getByName(args[1]),
                        List.of(),
                        Integer.parseInt(args[2]),
                        1,
                        SyncLinkConfig.DEFAULT_TTL,
                        Integer.parseInt(args[3]),
                        SyncLinkConfig.DEFAULT_QUEUE_LENGTH,
                        0);
        try (MulticastLink link = MulticastLink.open(config)) {
            answer("ready");
            new LinkPeer(link).obey();
        } catch (IOException e) {
            answer(String.valueOf(e.getMessage()));
        }
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
            ByteBuffer buffer = link.claim();
            if (buffer == null) {
                Thread.onSpinWait();
            } else {
                link.send(buffer.putInt(0, nextNumber++).limit(length));
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
        int expected = 0;
        int bytes = 0;
        for (int received = 0; received < count; ) {
            ByteBuffer buffer = link.receive();
            if (buffer == null) {
                expectInTime(startNs);
                // woken by the link's wake-up; the time only bounds a failing test
                LockSupport.parkNanos(this, DEADLINE_NS);
                continue;
            }
            int number = buffer.getInt(0);
            ordered &= received == 0 || number == expected;
            expected = number + 1;
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
