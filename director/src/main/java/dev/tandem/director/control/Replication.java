package dev.tandem.director.control;

import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.sync.transport.SyncLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The sync role, which follows the ownership of the addresses: the owner sends, everybody else
 * receives and applies. Worker thread only, but for the counters of its parts.
 */
final class Replication {
    /** Datagrams applied in one turn: 64 of them hold 2500 connections. */
    private static final int RECEIVE_LIMIT = 64;

    /** More than a link's queue holds. */
    private static final int QUEUE_LIMIT = 1024;

    private static final int FLUSH_SLOTS = 4096;

    private final SyncLink link;
    private final SyncSender sender;
    private final SyncReceiver receiver;
    private final List<CompletableFuture<Void>> flushes = new ArrayList<>();

    Replication(SyncLink link, SyncSender sender, SyncReceiver receiver) {
        this.link = link;
        this.sender = sender;
        this.receiver = receiver;
    }

    SyncLink link() {
        return link;
    }

    SyncSender sender() {
        return sender;
    }

    SyncReceiver receiver() {
        return receiver;
    }

    /**
     * Takes the master role: what the old master sent last is applied first. What this peer has is
     * not known then, so a flush will send it everything.
     */
    void becomeMaster(long nowNs) {
        receiver.doWork(QUEUE_LIMIT, nowNs);
        sender.forgetPeer();
        sender.master(true);
    }

    /** Leaves the master role; what was written so far is sent. */
    void becomeBackup() {
        sender.master(false);
    }

    /** The owner sends a new peer everything. */
    void peerJoined() {
        if (sender.isMaster()) {
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
        int work = sender.isMaster() ? discard() : receiver.doWork(RECEIVE_LIMIT, nowNs);
        work += sender.doWork(nowNs);
        if (!flushes.isEmpty()) {
            work++;
            if (sender.flush(FLUSH_SLOTS, nowNs)) {
                flushes.forEach(done -> done.complete(null));
                flushes.clear();
            }
        }
        return work;
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
        return discarded;
    }

    /** Fails whoever still waits for a flush. */
    void close() {
        for (CompletableFuture<Void> done : flushes) {
            done.completeExceptionally(new IllegalStateException("director is closed"));
        }
        flushes.clear();
    }
}
