package dev.tandem.director.control;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the failover layer may ask of a director; its only view of one. Every method returns at
 * once, from any thread; futures complete on the director's worker thread, so whoever continues
 * there hands over to a thread of its own.
 */
public interface DirectorControl {

    /**
     * Permits owning the addresses until {@code deadlineNs} of {@link System#nanoTime()}. The
     * packet path compares it before every batch: a batch that begins past it sends not one frame,
     * whatever else it was told. Extended continually by a live master.
     */
    void leaseUntil(long deadlineNs);

    /**
     * Takes that permission back. This is not {@code leaseUntil(now)}: should the lease have run
     * out before, that would give it back to a turn of the packet path that began a moment ago.
     */
    void endLease();

    /**
     * Takes the group of addresses: answers ARP and ping for them, forwards, sends sync messages,
     * and repeats gratuitous ARP at 0, 100, 500 ms, 1, 2, 5 s and then every 60 s. Completes when
     * the first gratuitous ARP has left on every interface.
     */
    CompletableFuture<Takeover> takeAddresses();

    /**
     * The ownership epoch that the failover layer knows of, told whenever it has grown, in every
     * role. Signed sync messages carry it when this director is master, and those of masters of
     * lower epochs are refused. It never goes back.
     */
    void epoch(long epoch);

    /**
     * Gives the addresses up: silent for ARP and ping at once; connections already in the table are
     * forwarded for another {@code drainMs} while the lease lasts, so that packets under way are
     * not lost. Completes when ARP is silent.
     */
    CompletableFuture<Void> releaseAddresses(long drainMs);

    /**
     * Asks the wire whether anybody answers for one of the addresses (ARP probe, RFC 5227 section
     * 2.1.1), waiting {@code waitMs}. Completes with a description of who answered, or an empty
     * string when all was silent.
     */
    CompletableFuture<String> probeAddresses(long waitMs);

    /**
     * Sends every connection that the peer does not have in its present state; completes when the
     * last datagram was handed to the socket.
     */
    CompletableFuture<Void> flushSync();

    /**
     * A peer's process is a new one and knows no connection: an owner sends it all there are, a
     * backup has nothing to send. Told too often, it costs bandwidth and nothing else.
     */
    void peerJoined();

    /** What the failover layer puts into its heartbeat; read at any time from any thread. */
    Vitals vitals();

    /**
     * When the packet path did what.
     *
     * @param connections entries in the table at that moment
     * @param atNs {@link System#nanoTime()} when the first gratuitous ARP had left
     */
    record Takeover(int connections, long atNs) {}

    /**
     * The director's health.
     *
     * @param progress grows with every turn of the packet loop; a value that stands still means
     *     that the data plane hangs
     * @param connections entries in the table
     * @param syncLagRecords records marked for sending and not yet handed to the socket
     * @param syncEpoch highest epoch that a node which is known to live has shown in signed sync
     *     messages; 0 when none has
     * @param addressConflicts times that somebody else was heard claiming one of our addresses
     *     while we owned them
     * @param fault empty, or why the data plane cannot work (its interface went away, its loop
     *     died)
     * @param readiness whether its table is the master's
     * @param gatewayAnsweredNs when the gateway that it watches was asked for the last time that it
     *     answered, by {@link System#nanoTime()}; null: never, or none is watched
     */
    record Vitals(
            long progress,
            int connections,
            int syncLagRecords,
            long syncEpoch,
            long addressConflicts,
            String fault,
            Readiness readiness,
            @Nullable Long gatewayAnsweredNs) {}
}
