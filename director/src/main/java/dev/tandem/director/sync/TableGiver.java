package dev.tandem.director.sync;

import dev.tandem.director.conn.BucketSet;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.TableDigest;
import dev.tandem.director.io.Tally;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.table.FrameKind;
import dev.tandem.sync.table.TableFrame;
import dev.tandem.sync.table.TablePipe;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A master's side of table transfers: answers the questions of the backups that are connected, each
 * with a little of the table a turn, so that packets do not wait. Worker thread only, but for the
 * numbers; allocates nothing but for a new connection.
 */
public final class TableGiver {
    /** Slots looked at in a turn for each asker: some 10 µs. */
    private static final int MAX_SLOTS = 1024;

    /** Entries told in a turn to each asker: some 15 µs. */
    private static final int MAX_ENTRIES = 128;

    /** A long message has 255 records of IPv4 in 9188 bytes, and few of any kind do not fit. */
    private static final int MESSAGE_LENGTH = 16_384;

    private final ConnectionTable table;
    private final SyncSender sender;
    private final int syncId;
    private final RecordWriter writer = new RecordWriter();
    private final SenderNumbers numbers = new SenderNumbers();
    private final Tally sentBytes = new Tally();
    private final Tally digestsSent = new Tally();
    private final List<Asker> askers = new ArrayList<>();
    private long epoch;
    private long incarnation;

    public TableGiver(ConnectionTable table, SyncSender sender, int syncId) {
        this.table = table;
        this.sender = sender;
        this.syncId = syncId;
    }

    /** This director has become master: slots of an earlier time mean nothing now. */
    public void begin() {
        incarnation = new SecureRandom().nextLong();
    }

    /** The ownership epoch that askers are told. */
    public void epoch(long epoch) {
        this.epoch = epoch;
    }

    /** Answers this one, too, from now on. */
    public void add(TablePipe pipe) {
        askers.add(new Asker(pipe));
    }

    /** Ends all connections. */
    public void close() {
        for (Asker asker : askers) {
            asker.pipe.close("this node is no master any more");
        }
        askers.clear();
    }

    /** Records told over table connections; any thread. */
    public long sentRecords() {
        return numbers.sent.get();
    }

    /** Bytes of the messages that told them; any thread. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** Answers given to backups that compare; any thread. */
    public long digestsSent() {
        return digestsSent.get();
    }

    /** Goes on with every asker; above 0 when there is more to do at once. */
    public int doWork(long nowNs) {
        int work = 0;
        for (int i = askers.size() - 1; i >= 0; i--) {
            Asker asker = askers.get(i);
            if (asker.pipe.isOpen()) {
                work += asker.doWork(nowNs);
            } else {
                askers.remove(i);
            }
        }
        return work;
    }

    private final class Asker implements Outlet {
        private final TablePipe pipe;
        private final BucketSet buckets = new BucketSet();
        private final OutgoingStream stream;
        private @Nullable TableFrame open;
        private boolean telling;
        private int slot;

        Asker(TablePipe pipe) {
            this.pipe = pipe;
            stream =
                    new OutgoingStream(
                            this, new SyncEncoder(syncId, MESSAGE_LENGTH), writer, numbers);
        }

        int doWork(long nowNs) {
            if (telling) {
                return tell(nowNs);
            }
            TableFrame answer = pipe.claim();
            if (answer == null) {
                return 0;
            }
            TableFrame question = pipe.receive();
            if (question == null) {
                pipe.unclaim(answer);
                return 0;
            }
            if (question.kind() == FrameKind.ASK_DIGESTS) {
                pipe.send(digests(answer));
            } else {
                pipe.unclaim(answer);
                beginTelling(question);
            }
            pipe.release(question);
            return 1;
        }

        private TableFrame digests(TableFrame answer) {
            ByteBuffer body = answer.begin(FrameKind.DIGESTS).body();
            TableDigest digest = table.digest();
            body.putLong(epoch).putLong(incarnation).putLong(digest.entries());
            for (int i = 0; i < TableDigest.BUCKETS; i++) {
                body.putLong(digest.sum(i));
            }
            for (int i = 0; i < TableDigest.BUCKETS; i++) {
                body.putInt(digest.count(i));
            }
            body.flip();
            digestsSent.add(1);
            return answer;
        }

        private void beginTelling(TableFrame question) {
            ByteBuffer body = question.body();
            if (question.kind() != FrameKind.ASK_ENTRIES
                    || body.remaining() != Long.BYTES + BucketSet.LENGTH
                    || question.position() < 0) {
                pipe.close("asked no question");
                return;
            }
            boolean goesOn = body.getLong() == incarnation;
            buckets.read(body);
            slot = goesOn ? question.position() : 0;
            telling = true;
        }

        private int tell(long nowNs) {
            int end = (int) Math.min((long) slot + MAX_SLOTS, table.slotCount());
            long before = numbers.sent.get() + numbers.waiting.get();
            while (slot < end) {
                long entry = table.entryAt(slot);
                if (entry != ConnectionTable.NONE
                        && !ConnectionEntry.isRetired(entry)
                        && buckets.contains(TableDigest.bucket(entry))) {
                    if (!sender.tell(stream, entry, nowNs)) {
                        return 0;
                    }
                    if (numbers.sent.get() + numbers.waiting.get() - before >= MAX_ENTRIES) {
                        slot++;
                        return 1;
                    }
                }
                slot++;
            }
            return slot < table.slotCount() || finish() ? 1 : 0;
        }

        private boolean finish() {
            stream.send();
            TableFrame frame = pipe.claim();
            if (frame == null) {
                return false;
            }
            frame.begin(FrameKind.ENTRIES_END).body().flip();
            pipe.send(frame);
            telling = false;
            return true;
        }

        @Override
        public @Nullable ByteBuffer claim() {
            open = pipe.claim();
            return open == null ? null : open.begin(FrameKind.ENTRIES).body();
        }

        @Override
        public void send(ByteBuffer message) {
            TableFrame full = open;
            if (full != null) {
                open = null;
                full.position(slot);
                sentBytes.add(message.remaining());
                pipe.send(full);
            }
        }
    }
}
