package dev.tandem.director.control;

import dev.tandem.director.conn.BucketSet;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.service.Services;
import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.director.sync.TableGiver;
import dev.tandem.director.sync.TableTaker;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.table.FrameKind;
import dev.tandem.sync.table.TableExchange;
import dev.tandem.sync.table.TableFrame;
import dev.tandem.sync.table.TablePipe;
import dev.tandem.sync.transport.LoopLink;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncState;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master in memory and a backup that takes its table again and again, from nothing.
 *
 * <p>A node joins in its first second, when none of its code has run. Interpreted, a record costs
 * 40 µs, compiled less than one; of a million records the first fifty thousand took most of the
 * time, and the processor from the compiler besides. So a director rehearses this before anything
 * else, and large tables wait for it ({@link TableTaker#awaitRehearsal}). A master that was never
 * asked for its table needs it, too: it forwards packets meanwhile.
 *
 * <p>As for {@link Rehearsal}: networks of three classes, entries of every common kind.
 */
final class TableRehearsal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableRehearsal.class);

    /** Some 50 thousand records: enough for the compiler's last tier. */
    private static final int ROUNDS = 8;

    /** Rest after a round: the compiler is to have the processor. */
    private static final long REST_NS = 4_000_000;

    private static final int ENTRIES = 1024;
    private static final int CELLS = 4 * ENTRIES;
    private static final int SYNC_ID = 1;
    private static final int TIMEOUT_SECONDS = 900;
    private static final int KINDS = 16;
    private static final int DATAGRAMS = 64;

    /** A bucket that differs is soon seen to have differed for long. */
    private static final long TURN_NS = 150_000_000;

    /** In far less a table of this size is there. */
    private static final int MAX_TURNS = 1000;

    private static final BucketSet EVERYTHING = BucketSet.all();

    private static @Nullable CompletableFuture<Void> begun;

    private final Arena arena = Arena.ofShared();
    private final LoopLink.Pair wire = new LoopLink.Pair();
    private final Node master;
    private final Node backup;
    private final TableGiver giver;
    private final TableTaker taker;
    private final TablePipe asking = new TablePipe("master", () -> {}, _ -> {});
    private final TablePipe answering = new TablePipe("backup", () -> {}, _ -> {});
    private long nowNs = System.nanoTime();

    /** One of the two. */
    private static final class Node {
        final ConnectionTable table = new ConnectionTable(CELLS);
        final SyncSender sender;
        final SyncReceiver receiver;

        Node(SyncLink link, RehearsalNetwork network) {
            sender =
                    new SyncSender(
                            table,
                            link,
                            () -> new SyncEncoder(SYNC_ID, LoopLink.LENGTH),
                            SyncPolicy.KERNEL_DEFAULT,
                            0);
            Services services = new Services();
            services.replace(MemoryDirector.services());
            receiver =
                    new SyncReceiver(
                            new Connections(table, services, sender),
                            link,
                            sender,
                            SYNC_ID,
                            SyncPolicy.KERNEL_DEFAULT.threshold(),
                            network);
        }
    }

    TableRehearsal(int variant) {
        RehearsalNetwork network = RehearsalNetwork.of(variant, arena);
        master = new Node(wire.one(), network);
        backup = new Node(wire.other(), network);
        giver = new TableGiver(master.table, master.sender, SYNC_ID);
        taker = new TableTaker(backup.receiver, backup.table.digest(), SYNC_ID);
        giver.begin();
        fill();
        giver.add(answering);
        taker.begin();
        taker.follow(asking, nowNs);
        ask();
    }

    /**
     * Begins it in a thread of its own, once in a process.
     *
     * @return done when all of it has run often enough that it is compiled, or could not be run
     */
    static synchronized CompletableFuture<Void> begin() {
        CompletableFuture<Void> present = begun;
        if (present == null) {
            present =
                    CompletableFuture.runAsync(
                                    TableRehearsal::warmUp,
                                    Thread.ofPlatform().name("rehearsal-tables").daemon()::start)
                            .whenComplete((_, failure) -> {
                                if (failure != null) {
                                    LOG.warn("the rehearsal of tables failed", failure);
                                }
                            });
            begun = present;
        }
        return present;
    }

    /** Takes half a second of a processor, and as much of the compiler's. */
    private static void warmUp() {
        List<TableRehearsal> rehearsals =
                IntStream.range(0, RehearsalNetwork.VARIANTS)
                        .mapToObj(TableRehearsal::new)
                        .toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (TableRehearsal rehearsal : rehearsals) {
                rehearsal.perform();
                LockSupport.parkNanos(REST_NS);
            }
        }
        rehearsals.forEach(TableRehearsal::close);
    }

    /** The master learns of its connections, as from a master before it. */
    private void fill() {
        var encoder = new SyncEncoder(SYNC_ID, LoopLink.LENGTH);
        var record = new SyncRecord();
        for (int next = 0; next < ENTRIES; ) {
            ByteBuffer datagram = wire.other().claim();
            if (datagram == null) {
                throw new IllegalStateException("a link in memory has no buffer");
            }
            encoder.wrap(datagram);
            while (next < ENTRIES && encoder.claim(record, next % KINDS == 1)) {
                write(record, next++);
            }
            encoder.finish();
            wire.other().send(datagram);
            int _ = master.receiver.doWork(DATAGRAMS, nowNs);
        }
    }

    private static void write(SyncRecord record, int number) {
        int kind = number % KINDS;
        boolean direct = kind > KINDS / 2;
        int server = direct ? RehearsalNetwork.DR_SERVER : RehearsalNetwork.NAT_SERVER;
        int port = direct ? RehearsalNetwork.DR_PORT : RehearsalNetwork.NAT_PORT;
        record.protocol(IpProtocol.TCP)
                .flags(direct ? SyncFlags.DROUTE | SyncFlags.NOOUTPUT : SyncFlags.MASQ)
                .state(SyncState.TCP_ESTABLISHED)
                .clientPort(1024 + number)
                .virtualPort(port)
                .realPort(port)
                .timeoutSeconds(TIMEOUT_SECONDS);
        switch (kind) {
            case 0 ->
                    record.protocol(IpProtocol.UDP)
                            .state(SyncState.UDP_NORMAL)
                            .virtualPort(RehearsalNetwork.UDP_PORT)
                            .realPort(RehearsalNetwork.UDP_PORT);
            case 2 ->
                    record.flags(SyncFlags.TEMPLATE | SyncFlags.INACTIVE)
                            .state(SyncState.TEMPLATE_ASSURED)
                            .clientPort(0);
            case 3 -> record.flags(SyncFlags.INACTIVE).state(SyncState.TCP_FIN_WAIT);
            default -> {
                // as above
            }
        }
        int client = RehearsalNetwork.CLIENT + (number << 8);
        if (kind == 1) {
            long network = RehearsalNetwork.NETWORK6;
            record.clientAddress(network, client)
                    .virtualAddress(network, RehearsalNetwork.VIRTUAL)
                    .realAddress(network, server);
        } else {
            record.clientAddress(client)
                    .virtualAddress(RehearsalNetwork.VIRTUAL)
                    .realAddress(server);
        }
    }

    /** The first question, which is asked before anybody follows. */
    private void ask() {
        TableFrame question = asking.claim();
        if (question != null) {
            question.begin(FrameKind.ASK_DIGESTS).body().flip();
            asking.send(question);
            boolean _ = asking.carry(answering);
        }
    }

    /** The whole table over the pipe, then once more by messages; then all connections end. */
    void perform() {
        take();
        master.sender.forgetPeer();
        master.sender.startFlush();
        boolean sent = false;
        while (!sent) {
            sent = master.sender.flush(ENTRIES, nowNs);
            int _ = backup.receiver.doWork(DATAGRAMS, nowNs);
        }
        backup.receiver.connections().beginRound();
        boolean removed = false;
        while (!removed) {
            removed = backup.receiver.connections().endRound(ENTRIES, EVERYTHING);
        }
    }

    /** Takes turns until both tables are the same. */
    void take() {
        for (int turn = 0; !isEqual(); turn++) {
            if (turn == MAX_TURNS) {
                throw new IllegalStateException("a table in memory does not arrive");
            }
            nowNs += TURN_NS;
            master.table.digest().doWork(nowNs);
            backup.table.digest().doWork(nowNs);
            int _ = giver.doWork(nowNs);
            while (answering.carry(asking)) {
                int _ = taker.doWork(TableExchange.Search.FOUND, nowNs);
            }
            int _ = taker.doWork(TableExchange.Search.FOUND, nowNs);
            boolean _ = asking.carry(answering);
        }
    }

    private boolean isEqual() {
        return backup.table.digest().entries() == master.table.digest().entries()
                && taker.progress().differing() == 0;
    }

    /** How the backup stands. */
    TableTaker taker() {
        return taker;
    }

    @Override
    public void close() {
        master.table.close();
        backup.table.close();
        arena.close();
    }
}
