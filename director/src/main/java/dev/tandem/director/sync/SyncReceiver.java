package dev.tandem.director.sync;

import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.director.route.NextHops;
import dev.tandem.sync.SyncCounters;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.wire.SyncRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The sync daemon's backup role: takes datagrams from the link, decodes them and applies their
 * records. Worker thread only, but for the numbers, which any thread may read. Allocates nothing.
 */
public final class SyncReceiver implements SyncRecordHandler {
    private static final VarHandle OUTCOMES = MethodHandles.arrayElementVarHandle(long[].class);

    private final SyncedConnections connections;
    private final SyncLink link;
    private final SyncSender sender;
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final int syncId;
    private final int threshold;
    private final NextHops nextHops;
    private final long[] outcomes = new long[Outcome.values().length];
    private long nowNs;
    private boolean whole;

    /**
     * @param sender who is told which entries the peer has
     * @param syncId 0 to 255; 0 takes messages of every sync id
     * @param threshold packet count that received entries start from
     * @param nextHops asked for every client, so that its neighbour is known when this director has
     *     to send it the first packet
     */
    public SyncReceiver(
            Connections connections,
            SyncLink link,
            SyncSender sender,
            int syncId,
            int threshold,
            NextHops nextHops) {
        this.connections = new SyncedConnections(connections);
        this.link = link;
        this.sender = sender;
        this.syncId = syncId;
        this.threshold = threshold;
        this.nextHops = nextHops;
    }

    /**
     * Takes and applies what has arrived, at most {@code limit} datagrams.
     *
     * @return datagrams taken
     */
    public int doWork(int limit, long nowNs) {
        this.nowNs = nowNs;
        int taken = 0;
        while (taken < limit) {
            ByteBuffer datagram = link.receive();
            if (datagram == null) {
                break;
            }
            decoder.decode(datagram, syncId, this);
            link.release(datagram);
            taken++;
        }
        return taken;
    }

    /**
     * Applies a message of a table that is read as it stands; see {@link
     * SyncedConnections#applyWhole}.
     *
     * @param tables reads and counts it
     */
    SyncVerdict takeWhole(ByteBuffer message, SyncDecoder tables, int syncId, long nowNs) {
        this.nowNs = nowNs;
        whole = true;
        try {
            return tables.decode(message, syncId, this);
        } finally {
            whole = false;
        }
    }

    @Override
    public void onRecord(SyncRecord record) {
        int generation = sender.generation();
        Outcome outcome =
                whole
                        ? connections.applyWhole(record, threshold, generation, nowNs)
                        : connections.apply(record, threshold, generation, nowNs);
        if (!record.isIpv6() && !record.isTemplate()) {
            nextHops.prepare(record.clientAddress());
        }
        int i = index(outcome);
        OUTCOMES.setOpaque(outcomes, i, outcomes[i] + 1);
    }

    /** What takes the records, for rounds over the sender's table. */
    public SyncedConnections connections() {
        return connections;
    }

    /** How many records came to this outcome. */
    public long count(Outcome outcome) {
        return (long) OUTCOMES.getOpaque(outcomes, index(outcome));
    }

    /** What the decoder saw, and refused before it came to an outcome. */
    public SyncCounters decoderCounters() {
        return decoder.counters();
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this process
    private static int index(Outcome outcome) {
        return outcome.ordinal();
    }
}
