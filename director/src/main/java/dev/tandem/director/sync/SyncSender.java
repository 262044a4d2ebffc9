package dev.tandem.director.sync;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.conn.TemplateLookup;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.transport.SyncLink;
import java.util.function.Supplier;

/**
 * The sync daemon's master role: after each client's packet it asks the kernel's rule whether the
 * peer has to hear of the entry, and writes the record straight into the datagram; after a server's
 * packet it asks whether it ended what the peer believes alive, which a kernel does not. A datagram
 * leaves when it is full, or {@code flushMs} after its first record.
 *
 * <p>A link of several streams has a datagram open for each, and what is said of a connection goes
 * over one of them always.
 *
 * <p>Worker thread only, but for the numbers, which any thread may read. Allocates nothing. When no
 * buffer is free the record is dropped and counted, and the entry stays as one that the peer does
 * not have in its present state.
 */
public final class SyncSender implements ReplicationHook {
    private static final int MAX_GENERATION = 0xFFFF;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ConnectionTable table;
    private final OutgoingStream[] streams;
    private final SyncPolicy policy;

    /** Sends every entry whose state is one that the kernel sends at all. */
    private final SyncPolicy everyPacket;

    /** Whether parents are asked whether the entry itself was sent or not: not under version 0. */
    private final boolean chained;

    private final TemplateLookup templates;
    private final long flushNs;
    private final SenderNumbers numbers = new SenderNumbers();

    private boolean master;
    private int generation = 1;
    private int flushSlot;
    private int roundSlot;

    /**
     * @param encoders makes as many as the link has streams
     * @param flushMs a partly filled datagram leaves after at most so long, 0 or more
     */
    public SyncSender(
            ConnectionTable table,
            SyncLink link,
            Supplier<SyncEncoder> encoders,
            SyncPolicy policy,
            int flushMs) {
        this.table = table;
        this.policy = policy;
        this.everyPacket = new SyncPolicy(0, 1, 0, 0, policy.persistMode());
        this.templates = new TemplateLookup(table);
        this.flushNs = flushMs * NANOS_PER_MILLI;
        RecordWriter writer = new RecordWriter();
        streams = new OutgoingStream[link.streams()];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = OutgoingStream.of(link, i, encoders.get(), writer, numbers);
        }
        chained = streams[0].isChained();
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
        if (!master) {
            return;
        }
        boolean sent = false;
        if (!ConnectionEntry.isOnePacket(entry)) {
            sent = consider(entry, ConnectionEntry.inPackets(entry), nowNs);
        }
        if (chained || sent) {
            considerParents(entry, nowNs);
        }
    }

    @Override
    public void kept(long entry, long nowNs) {
        if (master) {
            boolean _ = consider(entry, policy.threshold(), nowNs);
        }
    }

    /**
     * What the entry stands under, all the way up. A template counts how often it is come by; the
     * control connection of a helper is asked as if it had as many packets as are needed.
     */
    private void considerParents(long entry, long nowNs) {
        long parent = table.parent(entry);
        while (parent != ConnectionTable.NONE) {
            int packets = policy.threshold();
            if (ConnectionEntry.isTemplate(parent)) {
                packets = ConnectionEntry.countPacket(parent);
            }
            boolean sent = consider(parent, packets, nowNs);
            parent = chained || sent ? table.parent(parent) : ConnectionTable.NONE;
        }
    }

    /** Whether it was sent, or should have been. */
    private boolean consider(long entry, int packets, long nowNs) {
        long syncEnd = decide(policy, entry, packets, nowNs);
        if (syncEnd == SyncPolicy.SKIP) {
            return false;
        }
        if (!write(entry, syncEnd, nowNs)) {
            missed(entry);
        }
        return true;
    }

    @Override
    public void serverPacket(long entry, long nowNs) {
        if (!master) {
            return;
        }
        long syncEnd =
                policy.decideServerPacket(
                        ConnectionEntry.protocol(entry),
                        isUnderTemplate(entry),
                        ConnectionEntry.state(entry),
                        ConnectionEntry.syncedState(entry),
                        ConnectionEntry.timeoutSeconds(entry) * 1000L,
                        nowNs / NANOS_PER_MILLI);
        if (syncEnd != SyncPolicy.SKIP && !write(entry, syncEnd, nowNs)) {
            missed(entry);
        }
    }

    private void missed(long entry) {
        numbers.dropped.add(1);
        ConnectionEntry.peerGeneration(entry, 0);
    }

    /**
     * Sends the open datagrams whose time has come.
     *
     * @return datagrams handed to the link
     */
    public int doWork(long nowNs) {
        int sent = 0;
        for (OutgoingStream stream : streams) {
            if (stream.isDue(flushNs, nowNs)) {
                stream.send();
                sent++;
            }
        }
        return sent;
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

    /** Starts over the walk of {@link #flush}. */
    public void startFlush() {
        flushSlot = 0;
    }

    /**
     * Goes on with the walk: visits the next {@code slots} slots of the table and sends each entry
     * which the peer does not have in its present state, if it is in a state that is sent at all.
     * Needs no master role. Stops short when no buffer is free, to go on there next time.
     *
     * <p>Entries that change behind the walk's back are not looked at again: stop the traffic, or
     * make a second walk, which is short.
     *
     * @return true when the walk is over and its last datagram was handed to the link
     */
    public boolean flush(int slots, long nowNs) {
        int end = (int) Math.min((long) flushSlot + slots, table.slotCount());
        for (; flushSlot < end; flushSlot++) {
            long entry = table.entryAt(flushSlot);
            if (entry != ConnectionTable.NONE
                    && isNewsToPeer(entry)
                    && !offer(everyPacket, entry, nowNs)) {
                return false;
            }
        }
        return isOver(flushSlot);
    }

    /** Starts over the walk of {@link #round}. */
    public void startRound() {
        roundSlot = 0;
    }

    /**
     * Goes on with a round over the whole table, for a peer that removes what the round does not
     * tell it: as {@link #flush}, but sends every entry, also one that the peer has, and one that
     * it may have though its present state is never sent.
     *
     * @return true when the round is over and its last datagram was handed to the link
     */
    public boolean round(int slots, long nowNs) {
        int end = (int) Math.min((long) roundSlot + slots, table.slotCount());
        for (; roundSlot < end; roundSlot++) {
            long entry = table.entryAt(roundSlot);
            if (entry != ConnectionTable.NONE && !tell(entry, nowNs)) {
                return false;
            }
        }
        return isOver(roundSlot);
    }

    private boolean tell(long entry, long nowNs) {
        return tell(streams[table.stream(entry, streams.length)], entry, nowNs);
    }

    /**
     * Writes an entry that a peer may have, or that is in a state that is sent at all, for one that
     * is to be told everything.
     *
     * @return false when it had to be written and no buffer was free
     */
    boolean tell(OutgoingStream stream, long entry, long nowNs) {
        if (ConnectionEntry.peerGeneration(entry) != 0 || ConnectionEntry.isCounted(entry)) {
            return write(stream, entry, ConnectionEntry.syncEndMs(entry), nowNs);
        }
        long syncEnd = decide(everyPacket, entry, ConnectionEntry.inPackets(entry), nowNs);
        return syncEnd == SyncPolicy.SKIP || write(stream, entry, syncEnd, nowNs);
    }

    private boolean isOver(int slot) {
        if (slot < table.slotCount()) {
            return false;
        }
        send();
        return true;
    }

    /** Records written and not yet handed to the link. */
    public int lagRecords() {
        return (int) numbers.waiting.get();
    }

    /** Records handed to the link. */
    public long sentRecords() {
        return numbers.sent.get();
    }

    /** Records that should have been sent when no buffer was free. */
    public long droppedRecords() {
        return numbers.dropped.get();
    }

    /** Records that should have been sent and are none under version 0: those of IPv6. */
    public long notCarriedRecords() {
        return numbers.notCarried.get();
    }

    private boolean isNewsToPeer(long entry) {
        return ConnectionEntry.peerGeneration(entry) != generation
                || ConnectionEntry.syncedState(entry) != ConnectionEntry.state(entry);
    }

    /** Writes the entry if the rule says so; false when it had to and could not. */
    private boolean offer(SyncPolicy rule, long entry, long nowNs) {
        long syncEnd = decide(rule, entry, ConnectionEntry.inPackets(entry), nowNs);
        return syncEnd == SyncPolicy.SKIP || write(entry, syncEnd, nowNs);
    }

    private long decide(SyncPolicy rule, long entry, int packets, long nowNs) {
        return ConnectionEntry.isRetired(entry)
                ? SyncPolicy.SKIP
                : rule.decide(
                        ConnectionEntry.protocol(entry),
                        ConnectionEntry.isTemplate(entry),
                        isUnderTemplate(entry),
                        ConnectionEntry.state(entry),
                        ConnectionEntry.syncedState(entry),
                        packets,
                        ConnectionEntry.syncEndMs(entry),
                        ConnectionEntry.timeoutSeconds(entry) * 1000L,
                        nowNs / NANOS_PER_MILLI);
    }

    /** Only asked when it matters. */
    private boolean isUnderTemplate(long entry) {
        return policy.persistMode()
                && !ConnectionEntry.isTemplate(entry)
                && templates.isUnderTemplate(entry, null);
    }

    private boolean write(long entry, long syncEnd, long nowNs) {
        return write(streams[table.stream(entry, streams.length)], entry, syncEnd, nowNs);
    }

    /** False when it could not: no buffer was free. */
    private boolean write(OutgoingStream stream, long entry, long syncEnd, long nowNs) {
        if (!stream.carries(entry)) {
            numbers.notCarried.add(1);
            table.untold(entry);
        } else if (stream.append(entry, nowNs)) {
            table.announced(entry, ConnectionEntry.state(entry));
        } else {
            return false;
        }
        ConnectionEntry.syncEndMs(entry, syncEnd);
        ConnectionEntry.peerGeneration(entry, generation);
        return true;
    }

    private void send() {
        for (OutgoingStream stream : streams) {
            stream.send();
        }
    }
}
