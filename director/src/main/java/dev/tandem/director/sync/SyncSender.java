package dev.tandem.director.sync;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.wire.SyncRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sync daemon's master role: after each client's packet it asks the kernel's rule whether the
 * peer has to hear of the entry, and writes the record straight into the datagram. A datagram
 * leaves when it is full, or {@code flushMs} after its first record.
 *
 * <p>Worker thread only, but for the numbers, which any thread may read. Allocates nothing. When no
 * buffer is free the record is dropped and counted, and the entry stays as one that the peer does
 * not have in its present state.
 */
public final class SyncSender implements ReplicationHook {
    /** Sends every entry whose state is one that the kernel sends at all. */
    private static final SyncPolicy EVERY_PACKET = new SyncPolicy(0, 1, 0, 0);

    private static final int MAX_GENERATION = 0xFFFF;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final VarHandle NUMBERS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SENT = 0;
    private static final int DROPPED = 1;
    private static final int WAITING = 2;

    private final ConnectionTable table;
    private final SyncLink link;
    private final SyncEncoder encoder;
    private final SyncPolicy policy;
    private final long flushNs;
    private final SyncRecord record = new SyncRecord();
    private final long[] numbers = new long[3];

    private boolean master;
    private int generation = 1;
    private @Nullable ByteBuffer datagram;
    private long firstRecordNs;
    private int flushSlot;

    /**
     * @param flushMs a partly filled datagram leaves after at most so long, 0 or more
     */
    public SyncSender(
            ConnectionTable table,
            SyncLink link,
            SyncEncoder encoder,
            SyncPolicy policy,
            int flushMs) {
        this.table = table;
        this.link = link;
        this.encoder = encoder;
        this.policy = policy;
        this.flushNs = flushMs * NANOS_PER_MILLI;
    }

    /** Takes the master role or leaves it; what was written so far is sent in either case. */
    public void master(boolean on) {
        send();
        master = on;
    }

    public boolean isMaster() {
        return master;
    }

    @Override
    public void clientPacket(long entry, long nowNs) {
        if (master && !offer(policy, entry, nowNs)) {
            add(DROPPED, 1);
            ConnectionEntry.peerGeneration(entry, 0);
        }
    }

    /**
     * Sends the open datagram when its time has come.
     *
     * @return datagrams handed to the link
     */
    public int doWork(long nowNs) {
        if (datagram == null || nowNs - firstRecordNs < flushNs) {
            return 0;
        }
        send();
        return 1;
    }

    /**
     * The peer is a new one, or has lost its table: from now on it has no entry. To be called
     * before a {@link #startFlush} that is to be complete for it.
     */
    public void forgetPeer() {
        generation = generation == MAX_GENERATION ? 1 : generation + 1;
    }

    /** The generation of the peer that entries are marked with, 1 to 65535. */
    int generation() {
        return generation;
    }

    /** Starts over the round of {@link #flush}. */
    public void startFlush() {
        flushSlot = 0;
    }

    /**
     * Goes on with the round: visits the next {@code slots} slots of the table and sends each entry
     * which the peer does not have in its present state, if it is in a state that is sent at all.
     * Needs no master role. Stops short when no buffer is free, to go on there next time.
     *
     * <p>Entries that change behind the round's back are not looked at again: stop the traffic, or
     * make a second round, which is short.
     *
     * @return true when the round is over and its last datagram was handed to the link
     */
    public boolean flush(int slots, long nowNs) {
        int end = (int) Math.min((long) flushSlot + slots, table.slotCount());
        while (flushSlot < end) {
            long entry = table.entryAt(flushSlot);
            if (entry != ConnectionTable.NONE && isNewsToPeer(entry)) {
                if (!offer(EVERY_PACKET, entry, nowNs)) {
                    return false;
                }
            }
            flushSlot++;
        }
        if (flushSlot < table.slotCount()) {
            return false;
        }
        send();
        return true;
    }

    /** Records written and not yet handed to the link. */
    public int lagRecords() {
        return (int) number(WAITING);
    }

    /** Records handed to the link. */
    public long sentRecords() {
        return number(SENT);
    }

    /** Records that should have been sent when no buffer was free. */
    public long droppedRecords() {
        return number(DROPPED);
    }

    private boolean isNewsToPeer(long entry) {
        return ConnectionEntry.peerGeneration(entry) != generation
                || ConnectionEntry.syncedState(entry) != ConnectionEntry.state(entry);
    }

    /** Writes the entry if the rule says so; false when it had to and could not. */
    private boolean offer(SyncPolicy rule, long entry, long nowNs) {
        long syncEnd =
                rule.decide(
                        ConnectionEntry.protocol(entry),
                        false,
                        false,
                        ConnectionEntry.state(entry),
                        ConnectionEntry.syncedState(entry),
                        ConnectionEntry.inPackets(entry),
                        ConnectionEntry.syncEndMs(entry),
                        ConnectionEntry.timeoutSeconds(entry) * 1000L,
                        nowNs / NANOS_PER_MILLI);
        if (syncEnd == SyncPolicy.SKIP) {
            return true;
        }
        if (!claimRecord(nowNs)) {
            return false;
        }
        write(entry);
        ConnectionEntry.syncEndMs(entry, syncEnd);
        ConnectionEntry.syncedState(entry, ConnectionEntry.state(entry));
        ConnectionEntry.peerGeneration(entry, generation);
        return true;
    }

    private boolean claimRecord(long nowNs) {
        if (datagram != null) {
            if (encoder.claim(record, false)) {
                return true;
            }
            send();
        }
        ByteBuffer free = link.claim();
        if (free == null) {
            return false;
        }
        datagram = free;
        firstRecordNs = nowNs;
        encoder.wrap(free);
        return encoder.claim(record, false);
    }

    private void write(long entry) {
        record.protocol(ConnectionEntry.protocol(entry))
                .flags(ConnectionEntry.flags(entry))
                .state(ConnectionEntry.state(entry))
                .clientPort(ConnectionEntry.clientPort(entry))
                .virtualPort(ConnectionEntry.virtualPort(entry))
                .realPort(ConnectionEntry.realPort(entry))
                .timeoutSeconds(ConnectionEntry.timeoutSeconds(entry))
                .clientAddress(ConnectionEntry.clientAddress(entry))
                .virtualAddress(ConnectionEntry.virtualAddress(entry))
                .realAddress(ConnectionEntry.realAddress(entry));
        add(WAITING, 1);
    }

    private void send() {
        ByteBuffer full = datagram;
        if (full != null) {
            datagram = null;
            encoder.finish();
            link.send(full);
            add(SENT, encoder.count());
            add(WAITING, -encoder.count());
        }
    }

    private long number(int which) {
        return (long) NUMBERS.getOpaque(numbers, which);
    }

    private void add(int which, long amount) {
        NUMBERS.setOpaque(numbers, which, numbers[which] + amount);
    }
}
