package dev.tandem.failover.detect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.hardening.SyncKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On loopback addresses, b watched by a. */
@Timeout(60)
class LivenessTest {
    private static final int PORT = 19_950 + (int) (ProcessHandle.current().pid() % 40);
    private static final String CLUSTER = "demo";
    private static final LivenessCodec CODEC = new LivenessCodec(CLUSTER, List.of());

    private static final SyncKey KEY = new SyncKey(1, "a secret that is long".getBytes(UTF_8));

    private final BlockingQueue<String> died = new LinkedBlockingQueue<>();

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private static InetSocketAddress at(int last) throws IOException {
        return new InetSocketAddress(loopback(last), PORT);
    }

    private Liveness a(SyncKey... keys) throws IOException {
        return Liveness.open(
                CLUSTER,
                "a",
                1,
                loopback(41),
                PORT,
                List.of(new Liveness.Watched("b", at(42))),
                List.of(keys),
                (node, incarnation) -> died.add(node + " " + incarnation));
    }

    private static Liveness b(long incarnation, SyncKey... keys) throws IOException {
        return Liveness.open(
                CLUSTER,
                "b",
                incarnation,
                loopback(42),
                PORT,
                List.of(new Liveness.Watched("a", at(41))),
                List.of(keys),
                (_, _) -> {});
    }

    private static void await(String what, BooleanSupplier condition) {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - untilNs < 0, "not in time: " + what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void expectNobodyDied() throws InterruptedException {
        assertNull(died.poll(400, TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldTellOfADeathOnceAndWhoDied() throws Exception {
        try (Liveness a = a()) {
            for (long incarnation = 7; incarnation < 10; incarnation++) {
                Liveness b = b(incarnation);
                await("a watches b", () -> a.watching().equals(Set.of("b")));
                await("b watches a", () -> b.watching().equals(Set.of("a")));
                assertTrue(died.isEmpty(), "" + died);
                b.close();
                assertEquals("b " + incarnation, died.poll(5, TimeUnit.SECONDS));
            }
            expectNobodyDied();
        }
    }

    @Test
    void shouldTellOfADeathWhenAnotherProcessIsThereAlready() throws Exception {
        try (Liveness _ = a();
                ServerSocket place = new ServerSocket(PORT, 5, loopback(42))) {
            answer(place, "b", 5).close();
            try (Socket _ = answer(place, "b", 6)) {
                assertEquals("b 5", died.poll(5, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void shouldTellOfADeathWhenTheKernelResetsTheConnection() throws Exception {
        try (Liveness _ = a()) {
            try (ServerSocket place = new ServerSocket(PORT, 5, loopback(42));
                    Socket watcher = answer(place, "b", 5)) {
                watcher.setSoLinger(true, 0);
            }
            assertEquals("b 5", died.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldTakeNothingElseForAProof() throws Exception {
        try (Liveness a = a()) {
            try (ServerSocket alive = new ServerSocket(PORT, 5, loopback(42))) {
                for (int i = 0; i < 3; i++) {
                    // closed, and the same process answers
                    answer(alive, "b", 5).close();
                }
                // reset before it answered; then somebody else's answers
                alive.accept().close();
                answer(alive, "c", 6).close();
                answer(alive, new LivenessCodec("other", List.of()), "b", 6).close();
                answer(alive, new LivenessCodec(CLUSTER, List.of(KEY)), "b", 6).close();
                // accepted by the kernel of a process that hangs
                alive.accept();
                expectNobodyDied();
                assertEquals(Set.of(), a.watching());
            }
            assertEquals("b 5", died.poll(5, TimeUnit.SECONDS), "refused at last");
        }
    }

    @Test
    void shouldNotTakeForDeadWhomItNeverSawAlive() throws Exception {
        try (Liveness _ = a()) {
            expectNobodyDied();
        }
    }

    private static Socket answer(ServerSocket place, String node, long incarnation)
            throws IOException {
        return answer(place, CODEC, node, incarnation);
    }

    /** Accepts a watcher and answers what he asks. */
    private static Socket answer(
            ServerSocket place, LivenessCodec codec, String node, long incarnation)
            throws IOException {
        Socket watcher = place.accept();
        byte[] question = watcher.getInputStream().readNBytes(LivenessCodec.ASK_BYTES);
        ByteBuffer answer = codec.answer(ByteBuffer.wrap(question), node, incarnation);
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        watcher.getOutputStream().write(bytes);
        // not closed before it is read: what is unread when a reset comes is lost
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        return watcher;
    }

    @Test
    void shouldBelieveWhoeverHasTheKeyAndNobodyElse() throws Exception {
        SyncKey other = new SyncKey(1, new byte[32]);
        try (Liveness a = a(KEY)) {
            for (List<SyncKey> keys : List.of(List.<SyncKey>of(), List.of(other))) {
                try (Liveness b = b(7, keys.toArray(SyncKey[]::new))) {
                    expectNobodyDied();
                    assertEquals(Set.of(), a.watching(), "" + keys);
                    assertEquals(Set.of(), b.watching(), "" + keys);
                }
            }
            try (Liveness _ = b(7, KEY)) {
                await("a watches b", () -> a.watching().equals(Set.of("b")));
            }
            assertEquals("b 7", died.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldNotBelieveARecordedAnswer() throws Exception {
        LivenessCodec signing = new LivenessCodec(CLUSTER, List.of(KEY));
        byte[] nonce = new byte[LivenessCodec.NONCE_BYTES];
        ByteBuffer answer = signing.answer(LivenessCodec.ask(nonce), "b", 7);
        ByteBuffer read = ByteBuffer.allocate(LivenessCodec.MAX_ANSWER_BYTES).put(answer);
        assertEquals(new LivenessCodec.Answer.Named(7), signing.read(read, nonce, "b"));
        nonce[0]++;
        assertEquals(
                new LivenessCodec.Answer.Wrong("its answer is signed by another key"),
                signing.read(read, nonce, "b"));
    }

    @Test
    void shouldCloseStrangersAndCountThem() throws Exception {
        try (Liveness a = a();
                Socket stranger = new Socket(loopback(41), PORT, loopback(43), 0)) {
            byte[] question = new byte[LivenessCodec.ASK_BYTES];
            LivenessCodec.ask(new byte[LivenessCodec.NONCE_BYTES]).get(question);
            int first = -1;
            try {
                stranger.getOutputStream().write(question);
                first = stranger.getInputStream().read();
            } catch (IOException _) {
                // reset, since it had something to say
            }
            assertEquals(-1, first, "not answered");
            await("counted", () -> a.refusedCount() == 1);
        }
    }

    @Test
    void shouldHaveSoManyConnectionsOfAPeerAndNoMore() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (Liveness a = a()) {
            for (int i = 0; i <= Watchers.MAX_PER_PEER; i++) {
                sockets.add(new Socket(loopback(41), PORT, loopback(42), 0));
            }
            await("the one too many", () -> a.refusedCount() == 1);
            await("the silent ones", () -> a.refusedCount() == Watchers.MAX_PER_PEER + 1);
            try (Liveness b = b(7)) {
                await("room again", () -> b.watching().equals(Set.of("a")));
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LivenessCodec.ASK_BYTES + 1, 60_000})
    void shouldCloseAPeerThatDoesNotBehave(int bytes) throws Exception {
        try (Liveness a = a();
                Socket peer = new Socket(loopback(41), PORT, loopback(42), 0)) {
            byte[] said = new byte[bytes == 0 ? LivenessCodec.ASK_BYTES : bytes];
            try {
                peer.getOutputStream().write(said);
                InputStream in = peer.getInputStream();
                assertEquals(-1, in.read());
            } catch (IOException _) {
                // reset, since it had more to say
            }
            await("counted", () -> a.refusedCount() == 1);
        }
    }

    @Test
    void shouldSayWhichPortIsTaken() throws Exception {
        try (ServerSocket _ = new ServerSocket(PORT, 5, loopback(41))) {
            IOException refused = assertThrows(IOException.class, this::a);
            assertTrue(
                    String.valueOf(refused.getMessage())
                            .startsWith("liveness on 127.0.0.41 TCP port " + PORT),
                    refused.getMessage());
        }
    }
}
