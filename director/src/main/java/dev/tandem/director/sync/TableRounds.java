package dev.tandem.director.sync;

import dev.tandem.director.conn.BucketSet;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.TableRepair;

/**
 * Table rounds over a hardened link: a master sends its whole table, a piece a turn, when a
 * receiver asks for it or when messages were lost for want of buffers; a receiver then removes what
 * the round did not touch. Worker thread only.
 *
 * <pre>
 *   IDLE --asked--> BEGIN --marked--> SEND --whole table--> END --marked--> IDLE
 *   any  --master no more--> IDLE; what was begun is begun again by the next request
 * </pre>
 */
public final class TableRounds implements TableRepair {
    private enum Stage {
        IDLE,
        BEGIN,
        SEND,
        END
    }

    /** 64 thousand slots in 64 ms: some 25 datagrams a millisecond at most. */
    private static final int SLOTS_PER_MILLI = 1000;

    private static final int MAX_SLOTS = 4096;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final BucketSet everything = BucketSet.all();
    private final HardenedLink link;
    private final SyncSender sender;
    private final SyncedConnections connections;
    private final ConnectionTable table;
    private Stage stage = Stage.IDLE;
    private boolean removing;
    private boolean taking;
    private boolean spoilt;
    private long droppedBefore;
    private long walkedNs;

    public TableRounds(
            HardenedLink link,
            SyncSender sender,
            SyncedConnections connections,
            ConnectionTable table) {
        this.link = link;
        this.sender = sender;
        this.connections = connections;
        this.table = table;
        link.repair(this);
    }

    @Override
    public void roundBegan() {
        removing = false;
        spoilt = taking;
        if (!taking) {
            connections.beginRound();
        }
    }

    /**
     * Entries are marked for another purpose: a round that runs meanwhile brings entries and
     * removes none.
     */
    public void spoil(boolean on) {
        taking = on;
        spoilt |= on;
        removing &= !on;
    }

    @Override
    public void roundEnded() {
        removing = !spoilt;
    }

    /** The role changes: nothing of the old one is gone on with. */
    public void reset() {
        stage = Stage.IDLE;
        removing = false;
        droppedBefore = sender.droppedRecords();
    }

    /**
     * Goes on with what is under way.
     *
     * @return above 0 when there is more to do
     */
    public int doWork(boolean master, long nowNs) {
        return master ? send(nowNs) : remove();
    }

    private int remove() {
        if (!removing) {
            return 0;
        }
        removing = !connections.endRound(MAX_SLOTS, everything);
        return 1;
    }

    private int send(long nowNs) {
        link.tableSize(table.size());
        switch (stage) {
            case IDLE -> {
                if (!isWanted()) {
                    return 0;
                }
                droppedBefore = sender.droppedRecords();
                stage = Stage.BEGIN;
            }
            case BEGIN -> {
                if (link.beginRound()) {
                    sender.startRound();
                    walkedNs = nowNs;
                    stage = Stage.SEND;
                }
            }
            case SEND -> walk(nowNs);
            case END -> {
                if (link.endRound()) {
                    stage = Stage.IDLE;
                }
            }
        }
        return 1;
    }

    /** What was to be sent when no buffer was free, no sequence tells the receivers of. */
    private boolean isWanted() {
        return link.takeTableRequest() || sender.droppedRecords() != droppedBefore;
    }

    private void walk(long nowNs) {
        long due = (nowNs - walkedNs) * SLOTS_PER_MILLI / NANOS_PER_MILLI;
        if (due == 0) {
            return;
        }
        walkedNs = nowNs;
        if (sender.round((int) Math.min(due, MAX_SLOTS), nowNs)) {
            stage = Stage.END;
        }
    }
}
