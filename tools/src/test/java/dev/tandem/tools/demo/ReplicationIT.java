package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.load.Load;
import dev.tandem.tools.demo.load.LoadResult;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the backup knows, and what nonsense on the link between the directors does to it. */
@Tag("netns")
class ReplicationIT {
    private static final int CONNECTIONS = 200;
    private static final int DATAGRAMS = 20_000;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private RunningPair running;

    @BeforeEach
    void start() throws Exception {
        running = RunningPair.start(Forwarding.NAT, true);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void shouldHaveTheMastersConnectionsOnTheBackup() throws Exception {
        DirectorProcess master = running.pair.master().orElseThrow();
        DirectorProcess backup = running.pair.peerOf(master);
        try (Load load = running.load(CONNECTIONS)) {
            running.await("traffic", () -> load.progress().leastAnswered() >= 10);
            running.await(
                    "equal tables",
                    () ->
                            table(master).size() == CONNECTIONS
                                    && table(master).equals(table(backup)));
        }
    }

    @Test
    void shouldHaveThemAgainWhenTheBackupWasRestarted() throws Exception {
        DirectorProcess master = running.pair.master().orElseThrow();
        int index = running.pair.peerOf(master).index();
        try (Load load = running.load(CONNECTIONS)) {
            running.await("traffic", () -> load.progress().leastAnswered() >= 10);
            running.pair.directors().get(index).close();
            running.pair.restart(index);
            running.pair.awaitReady();
            DirectorProcess backup = running.pair.directors().get(index);
            running.await("equal tables", () -> table(master).equals(table(backup)));
            LoadResult result = load.finish(DRAIN);
            assertEquals(CONNECTIONS, result.kept());
        }
    }

    @Test
    void shouldGoOnWhenNonsenseComesOverTheLink() throws Exception {
        DirectorProcess master = running.pair.master().orElseThrow();
        DirectorProcess backup = running.pair.peerOf(master);
        try (Load load = running.load(CONNECTIONS)) {
            running.await("traffic", () -> load.progress().leastAnswered() >= 10);
            long before = syncCounters(backup);
            throwNonsense(master.index());
            running.await("counters of the backup", () -> syncCounters(backup) > before);
            Status after = backup.status().orElseThrow();
            assertEquals("BACKUP", after.state());
            assertTrue(
                    after.connections() <= CONNECTIONS + 1,
                    () -> "entries made of nonsense: " + after.connections());
            assertEquals(
                    "MASTER", master.status().map(Status::state).orElse("no answer of the master"));
            LoadResult result = load.finish(DRAIN);
            assertEquals(CONNECTIONS, result.kept());
        }
        assertTrue(master.alive() && backup.alive());
    }

    /** Random bytes to the sync group, half of them with the start of a right header. */
    private void throwNonsense(int fromDirector) throws IOException {
        running.lab
                .director(fromDirector)
                .call(() -> {
                    var random = new SplittableRandom(7);
                    try (var sync = DatagramChannel.open();
                            var plain = new DatagramSocket()) {
                        sync.setOption(
                                StandardSocketOptions.IP_MULTICAST_IF,
                                Objects.requireNonNull(NetworkInterface.getByName("link")));
                        var group = new InetSocketAddress("224.0.0.81", 8848);
                        String peer = "10.77.3." + (2 - fromDirector);
                        for (int i = 0; i < DATAGRAMS; i++) {
                            byte[] bytes = nonsense(random);
                            sync.send(ByteBuffer.wrap(bytes), group);
                            sendTo(plain, bytes, peer, 8850);
                            sendTo(plain, bytes, peer, 8851);
                        }
                    }
                    return DATAGRAMS;
                });
    }

    private static byte[] nonsense(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(1, 600)];
        random.nextBytes(bytes);
        if (random.nextBoolean() && bytes.length >= 8) {
            // struct ip_vs_sync_mesg: reserved, syncid, size, nr_conns, version, spare
            ByteBuffer.wrap(bytes)
                    .put((byte) 0)
                    .put((byte) 7)
                    .putShort((short) bytes.length)
                    .put((byte) random.nextInt(1, 20))
                    .put((byte) 1)
                    .putShort((short) 0);
        }
        return bytes;
    }

    private static void sendTo(DatagramSocket socket, byte[] bytes, String address, int port)
            throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(address), port));
    }

    private static long syncCounters(DirectorProcess director) {
        return director.status()
                .map(Status::sync)
                .map(sync -> sync.counters().values().stream().mapToLong(Long::longValue).sum())
                .orElse(0L);
    }

    /** Its TCP connections, as far as both directors must agree about them. */
    private static Set<String> table(DirectorProcess director) throws Exception {
        return director
                .api()
                .connections(Map.of("protocol", "tcp", "limit", "100000"))
                .connections()
                .stream()
                .map(entry ->
                        String.join(
                                " ",
                                entry.client(),
                                entry.virtual(),
                                entry.real(),
                                entry.state(),
                                entry.forwarding()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
