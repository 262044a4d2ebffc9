package dev.tandem.director.sync;

import dev.tandem.director.conn.BucketSet;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.director.conn.TableDigest;
import dev.tandem.director.io.Tally;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.table.FrameKind;
import dev.tandem.sync.table.TableExchange.Search;
import dev.tandem.sync.table.TableFrame;
import dev.tandem.sync.table.TablePipe;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A backup's side of table transfers: compares its table with the master's, bucket by bucket, again
 * and again, and takes over the buckets that differ.
 *
 * <p>A joiner takes over at once what differs, which is everything when it has nothing. Later a
 * bucket often differs because a message about it is under way, so it has to differ for {@link
 * #SETTLE_NS}, each time it is looked at, before its entries are asked for. What the master then
 * does not tell, it does not have, and it is removed. When the connection breaks in between, the
 * next one goes on at the slot of the master's table where it broke.
 *
 * <pre>
 *   COMPARING --digests, all equal--> COMPARING, again in 250 ms
 *             --digests, some differ--> COMPARING, again in 25 ms
 *             --digests, some have differed for long--> TAKING
 *   TAKING    --told everything--> REMOVING --whole table seen--> COMPARING, at once
 * </pre>
 *
 * <p>Worker thread only, but for {@link #progress} and the numbers; allocates nothing.
 */
public final class TableTaker {
    /** A bucket that differs for so long differs for no message under way. */
    static final long SETTLE_NS = 100_000_000L;

    /** A bucket that differs for so long makes the table one that is not the master's. */
    public static final long STALE_NS = 2_000_000_000L;

    private static final long CALM_NS = 250_000_000L;
    private static final long CLOSE_LOOK_NS = 25_000_000L;

    /** A master that does not answer for so long hangs. */
    private static final long ANSWER_NS = 3_000_000_000L;

    /** Between two transfers to a backup that has joined. */
    private static final long TAKE_GAP_NS = 300_000_000L;

    /** A table of more entries than these is not taken by code that has never run. */
    private static final int LARGE = 10_000;

    /** A rehearsal that takes longer is not waited for. */
    private static final long REHEARSAL_NS = 3_000_000_000L;

    private static final int MAX_SLOTS = 4096;
    private static final int MAX_FRAMES = 2;
    private static final int DIGESTS_LENGTH =
            3 * Long.BYTES + TableDigest.BUCKETS * (Long.BYTES + Integer.BYTES);

    private enum Stage {
        COMPARING,
        TAKING,
        REMOVING
    }

    private final SyncedConnections connections;
    private final TableDigest digest;
    private final SyncReceiver receiver;
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final int syncId;
    private final Progress progress = new Progress();
    private final Tally records = new Tally();
    private final Tally bytes = new Tally();
    private final Tally repaired = new Tally();
    private final Tally compared = new Tally();
    private final BucketSet wanted = new BucketSet();
    private final BucketSet unseen = new BucketSet();
    private final long[] differsNs = new long[TableDigest.BUCKETS];
    private final BucketSet differing = new BucketSet();

    private @Nullable TablePipe pipe;
    private Stage stage = Stage.COMPARING;
    private boolean asked;
    private long dueNs;
    private long epoch;
    private long incarnation;
    private long takenFrom;
    private int position;
    private boolean goesOn;
    private boolean joined;
    private long takenNs;
    private long followedNs;
    private volatile boolean rehearsed = true;

    /**
     * @param receiver applies the records
     */
    public TableTaker(SyncReceiver receiver, TableDigest digest, int syncId) {
        this.receiver = receiver;
        this.connections = receiver.connections();
        this.digest = digest;
        this.syncId = syncId;
    }

    /** This director is a backup from now on, and knows nothing of a master's table. */
    public void begin() {
        end();
        joined = false;
        goesOn = false;
        progress.phase(Progress.Phase.SEARCHING);
    }

    /** This director is a master from now on. */
    public void end() {
        TablePipe present = pipe;
        if (present != null) {
            present.close("this node follows no master any more");
            pipe = null;
        }
        progress.phase(Progress.Phase.MASTER);
    }

    /** Masters of lower epochs are not followed. */
    public void epoch(long epoch) {
        this.epoch = Math.max(this.epoch, epoch);
    }

    /** A large table is to wait for {@link #rehearsed}, for some seconds. Before it runs. */
    public void awaitRehearsal() {
        rehearsed = false;
    }

    /** What takes tables has been compiled, as far as can be; any thread. */
    public void rehearsed() {
        rehearsed = true;
    }

    /** Whether it has been, or needs not be; any thread. */
    public boolean isRehearsed() {
        return rehearsed;
    }

    /** Follows this one; its first digests wait. */
    public void follow(TablePipe master, long nowNs) {
        TablePipe present = pipe;
        if (present != null) {
            present.close("another master answers");
        }
        pipe = master;
        stage = Stage.COMPARING;
        asked = true;
        dueNs = nowNs + ANSWER_NS;
        followedNs = nowNs;
        differing.clear();
        progress.found(nowNs);
        if (progress.phase() != Progress.Phase.EQUAL) {
            unseen.fill();
        }
    }

    /** How it stands; any thread may read it. */
    public Progress progress() {
        return progress;
    }

    /** Records taken over table connections; any thread, as for the others. */
    public long records() {
        return records.get();
    }

    /** Bytes of their messages. */
    public long bytes() {
        return bytes.get();
    }

    /** Buckets taken over after the first transfer, because they differed. */
    public long repairedBuckets() {
        return repaired.get();
    }

    /** How often the whole table was compared. */
    public long comparisons() {
        return compared.get();
    }

    /**
     * Takes what has come, asks for what is due.
     *
     * @param search what came of looking for a master
     * @return above 0 when there may be more to do at once
     */
    public int doWork(Search search, long nowNs) {
        TablePipe present = pipe;
        if (present == null) {
            if (search == Search.NOBODY) {
                progress.nobody();
            }
            return 0;
        }
        if (stage == Stage.REMOVING) {
            if (connections.endRound(MAX_SLOTS, wanted)) {
                finishTaking(nowNs);
            }
            return 1;
        }
        int work = 0;
        while (work < MAX_FRAMES && stage != Stage.REMOVING) {
            TableFrame frame = present.receive();
            if (frame == null) {
                break;
            }
            take(present, frame, nowNs);
            present.release(frame);
            work++;
        }
        if (work == 0 && !present.isOpen()) {
            pipe = null;
            progress.alone(nowNs);
        } else if (nowNs - dueNs >= 0) {
            onTime(present, nowNs);
        }
        return work;
    }

    /** Whether it marks what the master tells, to remove the rest. */
    public boolean isTaking() {
        return goesOn || stage != Stage.COMPARING;
    }

    /** Nanoseconds until {@link #doWork} has something to do that no frame announces. */
    public long waitNs(long nowNs) {
        return pipe == null ? Long.MAX_VALUE : Math.max(0, dueNs - nowNs);
    }

    private void onTime(TablePipe present, long nowNs) {
        if (asked) {
            present.close("does not answer");
        } else if (ask(present, FrameKind.ASK_DIGESTS, nowNs)) {
            stage = Stage.COMPARING;
        }
    }

    private void take(TablePipe present, TableFrame frame, long nowNs) {
        switch (frame.kind()) {
            case DIGESTS -> {
                if (stage != Stage.COMPARING || frame.body().remaining() != DIGESTS_LENGTH) {
                    present.close("answered what was not asked");
                } else {
                    compare(present, frame.body(), nowNs);
                }
            }
            case ENTRIES -> {
                if (stage != Stage.TAKING) {
                    present.close("answered what was not asked");
                    return;
                }
                long before = decoder.counters().records();
                bytes.add(frame.body().remaining());
                if (receiver.takeWhole(frame.body(), decoder, syncId, nowNs)
                        != SyncVerdict.ACCEPTED) {
                    present.close("sent no sync message");
                }
                records.add(decoder.counters().records() - before);
                progress.taken(decoder.counters().records() - before);
                position = frame.position();
                dueNs = nowNs + ANSWER_NS;
            }
            case ENTRIES_END -> {
                asked = false;
                goesOn = false;
                stage = Stage.REMOVING;
            }
            case NOT_MASTER, HELLO, ASK_DIGESTS, ASK_ENTRIES ->
                    present.close("is no master any more");
        }
    }

    private boolean ask(TablePipe present, FrameKind kind, long nowNs) {
        TableFrame frame = present.claim();
        if (frame == null) {
            return false;
        }
        ByteBuffer body = frame.begin(kind).body();
        if (kind == FrameKind.ASK_ENTRIES) {
            frame.position(position);
            wanted.write(body.putLong(incarnation));
        }
        body.flip();
        present.send(frame);
        asked = true;
        dueNs = nowNs + ANSWER_NS;
        return true;
    }

    private void compare(TablePipe present, ByteBuffer body, long nowNs) {
        long theirEpoch = body.getLong();
        if (theirEpoch < epoch) {
            present.close("is a master of an earlier epoch");
            return;
        }
        incarnation = body.getLong();
        asked = false;
        compared.add(1);
        long entries = body.getLong();
        long missing = 0;
        long oldestNs = nowNs;
        boolean takes = false;
        int countsAt = body.position() + TableDigest.BUCKETS * Long.BYTES;
        for (int i = 0; i < TableDigest.BUCKETS; i++) {
            if (body.getLong() == digest.sum(i)) {
                differing.remove(i);
                unseen.remove(i);
                continue;
            }
            if (!differing.contains(i)) {
                differing.add(i);
                differsNs[i] = nowNs;
            }
            if (isToTake(i, nowNs)) {
                takes = true;
                int theirs = body.getInt(countsAt + i * Integer.BYTES);
                missing += theirs == 0 ? 0 : Math.max(1, theirs - digest.count(i));
            }
            oldestNs = Math.min(oldestNs, differsNs[i]);
        }
        progress.compared(
                entries,
                missing,
                differing.size(),
                oldestNs,
                nowNs,
                unseen.isEmpty() && (joined || differing.isEmpty()));
        if (takes && entries > LARGE && isToWait(nowNs)) {
            dueNs = nowNs + CLOSE_LOOK_NS;
        } else if (takes && (!joined || nowNs - takenNs >= TAKE_GAP_NS)) {
            beginTaking(present, nowNs);
        } else {
            joined |= !takes;
            goesOn &= takes;
            dueNs = nowNs + (differing.isEmpty() ? CALM_NS : CLOSE_LOOK_NS);
        }
    }

    private boolean isToWait(long nowNs) {
        return !rehearsed && nowNs - followedNs < REHEARSAL_NS;
    }

    /** Of a bucket that was just taken over, the time since then counts. */
    private boolean isToTake(int bucket, long nowNs) {
        long sinceNs = nowNs - differsNs[bucket];
        return !joined
                || (sinceNs >= SETTLE_NS
                        && (!wanted.contains(bucket) || nowNs - takenNs >= SETTLE_NS));
    }

    private void beginTaking(TablePipe present, long nowNs) {
        if (!goesOn || incarnation != takenFrom) {
            for (int i = 0; i < TableDigest.BUCKETS; i++) {
                if (differing.contains(i) && isToTake(i, nowNs)) {
                    wanted.add(i);
                } else {
                    wanted.remove(i);
                }
            }
            takenFrom = incarnation;
            position = 0;
            connections.beginRound();
        }
        if (ask(present, FrameKind.ASK_ENTRIES, nowNs)) {
            stage = Stage.TAKING;
            goesOn = true;
        } else {
            dueNs = nowNs + CLOSE_LOOK_NS;
        }
    }

    private void finishTaking(long nowNs) {
        if (joined) {
            repaired.add(wanted.size());
        }
        joined = true;
        takenNs = nowNs;
        stage = Stage.COMPARING;
        dueNs = nowNs;
    }
}
