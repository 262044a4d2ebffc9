package dev.tandem.tools.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.capture.PassiveLink;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.tools.CommandRun;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hosts joined by a cable: one replays a capture, the other listens. Needs root and libpcap.
 */
@Tag("netns")
@Timeout(120)
class LiveIT {
    private static final String PREFIX = "tandem-live-" + ProcessHandle.current().pid() + "-";
    private static final long DEADLINE_NS = 30_000_000_000L;

    private final Namespace talker = new Namespace(PREFIX + "a");
    private final Namespace listener = new Namespace(PREFIX + "b");

    @TempDir private Path dir;

    @BeforeEach
    void build() throws IOException {
        for (Namespace host : List.of(talker, listener)) {
            Commands.run(List.of("ip", "netns", "add", host.name()), "");
            host.sysctl(Map.of("net.ipv6.conf.all.disable_ipv6", "1"));
        }
        talker.ip(List.of("link add wire type veth peer name wire netns " + listener.name()));
        talker.ip(List.of("addr add 10.9.9.1/24 dev wire", "link set wire up"));
        // no address: a listener needs none
        listener.ip(List.of("link set wire up"));
    }

    @AfterEach
    void destroy() throws IOException {
        for (Namespace host : List.of(talker, listener)) {
            Commands.run(List.of("ip", "netns", "del", host.name()), "");
        }
    }

    @Test
    void shouldRecordWhatIsReplayed() throws Exception {
        Path copy = dir.resolve("copy.pcap");
        FutureTask<CommandRun> recording =
                start(() -> CommandRun.of("sync", "record", "-i", "wire", copy, "-c", "2"));
        FutureTask<CommandRun> dump =
                start(() -> CommandRun.of("sync", "dump", "-i", "wire", "--json", "-c", "2"));
        replayUntil(() -> recording.isDone() && dump.isDone());
        assertEquals(
                "2 frames with 2 sync messages recorded, 0 frames lost\n", recording.get().err());
        List<String> live = dump.get().lines();
        assertEquals(9, live.size());
        assertTrue(live.getFirst().contains("\"source\":\"10.9.9.1\""), live::toString);
        assertEquals(9, CommandRun.of("sync", "dump", "--json", copy).lines().size());
        assertEquals(5, CommandRun.of("sync", "table", copy).lines().size());
    }

    /** The listener ends by itself though nothing passes any more, and what it had is there. */
    @Test
    void shouldStopListeningInTime() throws Exception {
        FutureTask<CommandRun> stats =
                start(() -> CommandRun.of("sync", "stats", "-i", "wire", "--seconds", "0.5"));
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!stats.isDone() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(stats.isDone());
        assertTrue(stats.get().out().startsWith("0 datagrams"), stats.get()::out);
    }

    @Test
    void shouldHearInSilence() throws Exception {
        FutureTask<String> heard =
                start(() -> {
                    String sent = framesSent();
                    SyncLinkConfig config =
                            SyncLinkConfig.of(
                                    "wire",
                                    InetAddress.ofLiteral(SyncLinkConfig.DEFAULT_GROUP),
                                    SyncLinkConfig.DEFAULT_PORT);
                    try (PassiveLink link = PassiveLink.open(config)) {
                        ByteBuffer message = link.receive();
                        while (message == null) {
                            LockSupport.parkNanos(1_000_000);
                            message = link.receive();
                        }
                        assertNull(link.claim(0));
                        assertEquals(0, link.counters().sendDrops());
                        assertTrue(link.counters().received() > 0);
                        int length = message.remaining();
                        link.release(message);
                        return length + " bytes, sent before " + sent + " after " + framesSent();
                    }
                });
        replayUntil(heard::isDone);
        assertTrue(
                heard.get().matches("(116|224) bytes, sent before (\\d+) after \\2"), heard.get());
    }

    private void replayUntil(Callable<Boolean> done) throws Exception {
        Path capture = Corpus.capture("tcp-nat", dir);
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!done.call() && System.nanoTime() - deadline < 0) {
            CommandRun run =
                    talker.call(() ->
                            CommandRun.of(
                                    "sync", "replay", capture, "-i", "wire", "--speed", "max"));
            assertEquals("2 messages, 340 bytes sent\n", run.err());
            LockSupport.parkNanos(50_000_000);
        }
        assertTrue(done.call());
    }

    private <T> FutureTask<T> start(Callable<T> inListener) {
        FutureTask<T> task = new FutureTask<>(() -> listener.call(inListener));
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** Frames that left the listener's interface. */
    private static String framesSent() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            String[] words = line.strip().split("[: ]+", -1);
            if (words[0].equals("wire")) {
                return words[10];
            }
        }
        throw new IOException("no interface wire");
    }
}
