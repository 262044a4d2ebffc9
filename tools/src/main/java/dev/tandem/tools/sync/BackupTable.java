package dev.tandem.tools.sync;

import dev.tandem.director.conn.ConnectionFilter;
import dev.tandem.director.conn.ConnectionListing;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.ConnectionView;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.director.service.Services;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.capture.DatagramHandler;
import java.util.List;

/**
 * The connection table to which a capture's messages lead: the director's own, fed on the capture's
 * time.
 *
 * <p>Entries go when their time is over. A kernel's timers are coarser for long times (an entry of
 * 900 s may stay listed for half a minute more, with 0 s left): how much coarser depends on when
 * the machine was started, so it is not imitated.
 */
final class BackupTable implements DatagramHandler, AutoCloseable {
    /** No moment: everything in the capture counts. */
    static final long TO_THE_END = Long.MAX_VALUE;

    /** How often, in capture time, entries are looked through for those that are over. */
    private static final long SWEEP_NS = 1_000_000_000L;

    private static final int THRESHOLD = SyncPolicy.KERNEL_DEFAULT.threshold();
    private static final int PEER_GENERATION = 1;

    private final ConnectionTable table;
    private final Connections connections;
    private final SyncedConnections synced;
    private final SyncDecoder decoder;
    private final SyncRecordHandler apply;
    private final int syncId;
    private final int maxLength;
    private final long untilNs;
    private long nowNs = Long.MIN_VALUE;
    private long sweptNs = Long.MIN_VALUE;
    private long cut;
    private long full;

    /**
     * @param limit most entries
     * @param syncId 0 for all
     * @param maxLength longer messages are cut to this and so lost
     * @param untilNs messages after this moment do not count, nanoseconds since 1970; {@link
     *     #TO_THE_END} for all
     * @param engines persistence engines that the backup has
     */
    BackupTable(int limit, int syncId, int maxLength, long untilNs, List<String> engines) {
        this.syncId = syncId;
        this.maxLength = maxLength;
        this.untilNs = untilNs;
        table = new ConnectionTable(limit);
        connections = new Connections(table, new Services(), ReplicationHook.NONE);
        synced = new SyncedConnections(connections);
        decoder = new SyncDecoder(engines.toArray(new String[0]));
        apply =
                record -> {
                    SyncedConnections.Outcome outcome =
                            synced.apply(record, THRESHOLD, PEER_GENERATION, nowNs);
                    if (outcome == SyncedConnections.Outcome.TABLE_FULL) {
                        full++;
                    }
                };
    }

    @Override
    public void onDatagram(CapturedDatagram datagram) {
        if (datagram.timeNs() > untilNs) {
            return;
        }
        advance(datagram.timeNs());
        if (datagram.payload().remaining() > maxLength) {
            cut++;
            return;
        }
        var _ = decoder.decode(datagram.payload(), syncId, apply);
    }

    /** The entries at the moment asked for, or when the last message came. */
    List<ConnectionView> list() {
        if (untilNs != TO_THE_END) {
            advance(untilNs);
        }
        sweep();
        ConnectionListing listing =
                new ConnectionListing(table, ConnectionFilter.ALL, Integer.MAX_VALUE);
        boolean _ = listing.scan(Integer.MAX_VALUE, nowNs);
        return listing.result();
    }

    /** When the last message that counts came, or the moment asked for. */
    long timeNs() {
        return nowNs;
    }

    /** Messages that were longer than the backup reads. */
    long cut() {
        return cut;
    }

    /** Records for which there was no room. */
    long full() {
        return full;
    }

    /** Clocks of captures jump; time here only goes on. */
    private void advance(long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
        if (sweptNs == Long.MIN_VALUE || nowNs - sweptNs >= SWEEP_NS) {
            sweep();
        }
    }

    private void sweep() {
        sweptNs = nowNs;
        int _ = table.sweep(nowNs, table.slotCount(), (entry, _) -> connections.remove(entry));
    }

    @Override
    public void close() {
        table.close();
    }
}
