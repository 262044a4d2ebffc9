package dev.tandem.director.control;

import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.io.Tally;
import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.director.sync.TableRounds;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.transport.SyncLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The sync role, which follows the ownership of the addresses: the owner sends, everybody else
 * receives and applies. Worker thread only, but for the counters of its parts.
 */
final class Replication {
    /** Datagrams applied in one turn: 64 of them hold 2500 connections. */
    private static final int RECEIVE_LIMIT = 64;

    /** Twice the longest queue that a link may have. */
    private static final int CATCH_UP_LIMIT = 1 << 17;

    private static final int FLUSH_SLOTS = 4096;

    private final SyncLink link;
    private final @Nullable HardenedLink hardened;
    private final @Nullable TableRounds rounds;
    private final @Nullable TableTransfer tables;
    private final SyncSender sender;
    private final SyncReceiver receiver;
    private final Tally discardedDatagrams = new Tally();
    private final List<CompletableFuture<Void>> flushes = new ArrayList<>();

    /**
     * @param link what both halves use; the hardened one when there is one
     * @param table what rounds are made over
     * @param tables compares tables, and makes rounds for joiners superfluous; null: nobody does
     */
    Replication(
            SyncLink link,
            SyncSender sender,
            SyncReceiver receiver,
            ConnectionTable table,
            @Nullable TableTransfer tables) {
        this.link = link;
        this.sender = sender;
        this.receiver = receiver;
        hardened = link instanceof HardenedLink it ? it : null;
        this.tables = tables;
        rounds =
                hardened == null
                        ? null
                        : new TableRounds(hardened, sender, receiver.connections(), table);
        if (tables != null) {
            tables.becomeBackup();
        }
    }

    SyncLink link() {
        return link;
    }

    /** What makes messages sure, or null when hardening is off. */
    @Nullable HardenedLink hardened() {
        return hardened;
    }

    /** What compares tables, or null. */
    @Nullable TableTransfer tables() {
        return tables;
    }

    SyncSender sender() {
        return sender;
    }

    SyncReceiver receiver() {
        return receiver;
    }

    /**
     * Takes the master role: what the old master sent last is applied first. What this peer has is
     * not known then, so a flush will send it everything, unless tables are compared.
     */
    void becomeMaster(long nowNs) {
        if (hardened != null) {
            hardened.giveUpGaps();
        }
        receiver.doWork(CATCH_UP_LIMIT, nowNs);
        if (hardened != null) {
            hardened.own();
        }
        if (tables == null) {
            sender.forgetPeer();
        } else {
            tables.becomeMaster();
        }
        sender.master(true);
        resetRounds();
    }

    /** Leaves the master role; what was written so far is sent. */
    void becomeBackup() {
        sender.master(false);
        if (hardened != null) {
            hardened.follow();
        }
        if (tables != null) {
            tables.becomeBackup();
        }
        resetRounds();
    }

    private void resetRounds() {
        if (rounds != null) {
            rounds.reset();
        }
    }

    /** The ownership epoch that the failover layer knows of. */
    void epoch(long epoch) {
        if (hardened != null) {
            hardened.epoch(epoch);
        }
        if (tables != null) {
            tables.epoch(epoch);
        }
    }

    /** Nanoseconds until something is due that no arrival announces. */
    long waitNs(long nowNs) {
        long wait = hardened == null ? Long.MAX_VALUE : Math.max(0, hardened.waitNs(nowNs));
        return tables == null ? wait : Math.min(wait, tables.waitNs(sender.isMaster(), nowNs));
    }

    /** The owner sends a new peer everything, unless such a peer asks for it by itself. */
    void peerJoined() {
        if (sender.isMaster() && hardened == null && tables == null) {
            sender.forgetPeer();
            flush(new CompletableFuture<>());
        }
    }

    /** Starts a round over the table, or starts the running one over. */
    void flush(CompletableFuture<Void> done) {
        sender.startFlush();
        flushes.add(done);
    }

    /** Sends and receives what is due; bounded. */
    int doWork(long nowNs) {
        if (tables != null && rounds != null && hardened != null) {
            rounds.spoil(tables.isTaking());
            hardened.roundless(tables.isJoining());
        }
        int work = hardened == null ? 0 : hardened.doWork(nowNs);
        work += sender.isMaster() ? discard() : receiver.doWork(RECEIVE_LIMIT, nowNs);
        work += sender.doWork(nowNs);
        if (rounds != null) {
            work += rounds.doWork(sender.isMaster(), nowNs);
        }
        if (tables != null) {
            work += tables.doWork(sender.isMaster(), nowNs);
        }
        if (!flushes.isEmpty()) {
            work++;
            if (sender.flush(FLUSH_SLOTS, nowNs)) {
                flushes.forEach(done -> done.complete(null));
                flushes.clear();
            }
        }
        return work;
    }

    /** Datagrams that arrived while this director was the master, and were not looked at. */
    long discardedDatagrams() {
        return discardedDatagrams.get();
    }

    /** What it must not apply: it is the owner who says what the connections are. */
    private int discard() {
        int discarded = 0;
        while (discarded < RECEIVE_LIMIT) {
            ByteBuffer datagram = link.receive();
            if (datagram == null) {
                break;
            }
            link.release(datagram);
            discarded++;
        }
        discardedDatagrams.add(discarded);
        return discarded;
    }

    /** Fails whoever still waits for a flush. */
    void close() {
        if (tables != null) {
            tables.close();
        }
        for (CompletableFuture<Void> done : flushes) {
            done.completeExceptionally(new IllegalStateException("director is closed"));
        }
        flushes.clear();
    }
}
