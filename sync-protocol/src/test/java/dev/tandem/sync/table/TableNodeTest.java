package dev.tandem.sync.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.table.TableExchange.Search;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets on addresses of the loopback interface: each node has one of its own. */
class TableNodeTest {
    private static final InetAddress A = InetAddress.ofLiteral("127.0.81.1");
    private static final InetAddress B = InetAddress.ofLiteral("127.0.81.2");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.81.3");
    private static final int SYNC_ID = 7;

    private final List<TableNode> nodes = new ArrayList<>();
    private final int port = freePort();

    @AfterEach
    void close() {
        nodes.forEach(TableNode::close);
    }

    @Test
    void shouldFindNobodyWhereNoPeerIsAMaster() {
        TableNode b = node(B, A, SYNC_ID, HardeningConfig.OFF);
        await(() -> b.search() == Search.NOBODY);
        TableNode a = node(A, B, SYNC_ID, HardeningConfig.OFF);
        b.master(false);
        await(() -> a.search() == Search.NOBODY && b.search() == Search.NOBODY);
    }

    @Test
    void shouldCarryFramesBothWaysUnsigned() {
        carry(HardeningConfig.OFF, HardeningConfig.OFF);
    }

    @Test
    void shouldCarryFramesBothWaysSigned() {
        carry(keys(Mode.ENFORCE, 1), keys(Mode.ENFORCE, 1));
    }

    @Test
    void shouldDoWithoutSignaturesWherePermitted() {
        carry(keys(Mode.PERMISSIVE, 1), HardeningConfig.OFF);
    }

    private void carry(HardeningConfig ofMaster, HardeningConfig ofBackup) {
        TableNode a = node(A, B, SYNC_ID, ofMaster);
        a.master(true);
        TableNode b = node(B, A, SYNC_ID, ofBackup);
        TablePipe asker = awaitPipe(a, true);
        answer(asker, 4711);
        TablePipe master = awaitPipe(b, false);
        assertEquals(Search.FOUND, b.search());
        for (int i = 0; i < 100; i++) {
            TableFrame first = awaitFrame(master);
            assertEquals(FrameKind.DIGESTS, first.kind());
            assertEquals(4711 + i, first.body().getLong());
            assertEquals(i, first.position());
            master.release(first);
            ask(master);
            TableFrame question = awaitFrame(asker);
            assertEquals(FrameKind.ASK_DIGESTS, question.kind());
            asker.release(question);
            TableFrame next = asker.claim();
            assertNotNull(next);
            next.begin(FrameKind.DIGESTS).position(i + 1);
            next.body().putLong(4712 + i).position(TableFrame.MAX_BODY).flip();
            asker.send(next);
        }
    }

    @Test
    void shouldRefuseAnotherKeyAndSaySo() {
        TableNode a = node(A, B, SYNC_ID, keys(Mode.ENFORCE, 1));
        a.master(true);
        TableNode b = node(B, A, SYNC_ID, keys(Mode.ENFORCE, 2));
        await(() -> a.counters().containsKey("BAD_SIGNATURE"));
        await(() -> b.trouble().contains("another key"));
        assertEquals(Search.LOOKING, b.search());
        assertNull(a.nextAsker());
    }

    @Test
    void shouldRefuseUnsignedFramesWhenHardeningIsEnforced() {
        TableNode a = node(A, B, SYNC_ID, keys(Mode.ENFORCE, 1));
        a.master(true);
        TableNode b = node(B, A, SYNC_ID, HardeningConfig.OFF);
        await(() -> a.counters().containsKey("UNSIGNED"));
        assertEquals(Search.LOOKING, b.search());
        assertNull(a.nextAsker());
    }

    @Test
    void shouldRefuseAnotherSyncId() {
        TableNode a = node(A, B, SYNC_ID, HardeningConfig.OFF);
        a.master(true);
        node(B, A, SYNC_ID + 1, HardeningConfig.OFF);
        await(() -> a.counters().containsKey("FOREIGN_SYNC_ID"));
        assertNull(a.nextAsker());
    }

    @Test
    void shouldHangUpOnStrangers() throws IOException {
        TableNode a = node(A, B, SYNC_ID, HardeningConfig.OFF);
        a.master(true);
        try (Socket stranger = call(STRANGER)) {
            assertEquals(-1, stranger.getInputStream().read());
        }
        assertEquals(1, a.counters().get("STRANGERS"));
    }

    @Test
    void shouldHangUpOnGarbage() throws IOException {
        TableNode a = node(A, B, SYNC_ID, HardeningConfig.OFF);
        a.master(true);
        byte[][] garbage = {
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            ByteBuffer.allocate(12).putInt(0, Integer.MAX_VALUE).put(4, (byte) 1).array(),
            ByteBuffer.allocate(12).putInt(0, -1).array(),
            ByteBuffer.allocate(12).putInt(0, 8).put(4, (byte) 6).array(),
        };
        for (byte[] bytes : garbage) {
            try (Socket peer = call(B)) {
                OutputStream out = peer.getOutputStream();
                out.write(bytes);
                peer.setSoTimeout(3000);
                assertEquals(-1, peer.getInputStream().read());
            }
        }
        await(() -> a.counters().getOrDefault("GARBAGE", 0L) == garbage.length);
        assertNull(a.nextAsker());
    }

    @Test
    void shouldSetNothingAsideForManyThatSayNothing() throws IOException {
        TableNode a = node(A, B, SYNC_ID, HardeningConfig.OFF);
        a.master(true);
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 7; i++) {
                silent.add(call(B));
            }
            await(() -> a.counters().getOrDefault("TOO_MANY", 0L) == 3);
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
        TableNode b = node(B, A, SYNC_ID, HardeningConfig.OFF);
        answer(awaitPipe(a, true), 1);
        assertNotNull(awaitPipe(b, false));
    }

    @Test
    void shouldEndConnectionsWithTheRole() {
        TableNode a = node(A, B, SYNC_ID, HardeningConfig.OFF);
        a.master(true);
        TableNode b = node(B, A, SYNC_ID, HardeningConfig.OFF);
        TablePipe asker = awaitPipe(a, true);
        answer(asker, 1);
        TablePipe master = awaitPipe(b, false);
        a.master(false);
        await(() -> !asker.isOpen() && !master.isOpen());
        await(() -> b.search() == Search.NOBODY);
    }

    private TableNode node(
            InetAddress own, InetAddress peer, int syncId, HardeningConfig hardening) {
        TableNode node =
                new TableNode(
                        new TableConfig(Optional.empty(), port, List.of(peer)),
                        syncId,
                        hardening,
                        () -> own);
        nodes.add(node);
        return node;
    }

    private static HardeningConfig keys(Mode mode, int secret) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) secret;
        return new HardeningConfig(mode, List.of(new SyncKey(1, bytes)));
    }

    private Socket call(InetAddress from) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (true) {
            try {
                return new Socket(A, port, from, 0);
            } catch (IOException e) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new AssertionError(e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static void answer(TablePipe asker, long epoch) {
        asker.release(awaitFrame(asker));
        TableFrame answer = asker.claim();
        assertNotNull(answer);
        answer.begin(FrameKind.DIGESTS).body().putLong(epoch).flip();
        asker.send(answer);
    }

    private static void ask(TablePipe master) {
        TableFrame question = master.claim();
        assertNotNull(question);
        question.begin(FrameKind.ASK_DIGESTS).body().flip();
        master.send(question);
    }

    private static TablePipe awaitPipe(TableNode node, boolean asker) {
        return awaitIt(() -> asker ? node.nextAsker() : node.nextMaster());
    }

    private static TableFrame awaitFrame(TablePipe pipe) {
        return awaitIt(() -> {
            assertTrue(pipe.isOpen());
            return pipe.receive();
        });
    }

    private static <T> T awaitIt(Supplier<@Nullable T> source) {
        var found = new AtomicReference<@Nullable T>();
        await(() -> {
            found.set(source.get());
            return found.get() != null;
        });
        return Objects.requireNonNull(found.get());
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "did not happen in 10 s");
            Thread.onSpinWait();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, A)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
