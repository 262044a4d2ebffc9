package dev.tandem.director.conn;

import dev.tandem.director.io.Tally;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import org.jspecify.annotations.Nullable;

/**
 * Applies received sync records to the connection table, as the kernel's backup does
 * (net/netfilter/ipvs/ip_vs_sync.c, ip_vs_proc_conn). Worker thread only; allocates nothing.
 *
 * <p>Every record that the decoder finds good becomes an entry: connections of any protocol and
 * family, persistence templates, connections whose client port is not known yet. A record for a
 * server that is configured here binds to that server, and then this director's own forwarding
 * method holds, whatever the sender uses. A record for an unknown service or server makes an entry
 * all the same, with the sender's method and no statistics; it binds when the server is configured
 * ({@link SyncedBinding}).
 *
 * <p>It differs from the kernel in this: a connection under client port 0 is found again whether
 * its records say {@link SyncFlags#NO_CPORT} or not, and that flag is void beside a port, so that
 * repeated records never make repeated entries; sequence data must be plausible ({@link
 * SequenceData}).
 */
public final class SyncedConnections {
    /** What became of a record. */
    public enum Outcome {
        /** A new entry was made. */
        CREATED,
        /** The entry was there and took over the record's state and timeout. */
        UPDATED,
        /** The entry was there with another server; a new one took its place. */
        REPLACED,
        /** The late close of a connection that was replaced already. */
        LATE_CLOSE,
        /** The table is full: no entry was made, or one without all that belongs to it. */
        TABLE_FULL
    }

    private final Connections connections;
    private final ConnectionTable table;
    private final Services services;
    private final ConnectionKey key = new ConnectionKey();
    private final Tally implausibleSequences = new Tally();
    private final Tally removedByRounds = new Tally();
    private int round;
    private int roundSlot;
    private boolean whole;

    public SyncedConnections(Connections connections) {
        this.connections = connections;
        this.table = connections.table();
        this.services = connections.services();
    }

    /**
     * Applies one record that the decoder found good.
     *
     * @param inPackets what the entry's packet count becomes: the sync threshold of this host
     * @param peerGeneration see {@link ConnectionEntry#peerGeneration}: the sender has the entry
     */
    public Outcome apply(SyncRecord record, int inPackets, int peerGeneration, long nowNs) {
        long entry = find(record);
        Outcome outcome = Outcome.UPDATED;
        if (entry == ConnectionTable.NONE) {
            outcome = Outcome.CREATED;
        } else if ((whole || !record.isTemplate()) && hasOtherServer(entry, record)) {
            if (!whole && (record.flags() & SyncFlags.INACTIVE) != 0) {
                return Outcome.LATE_CLOSE;
            }
            connections.remove(entry);
            outcome = Outcome.REPLACED;
        } else {
            update(entry, record);
        }
        if (outcome != Outcome.UPDATED) {
            entry = create(record, nowNs);
            if (entry == ConnectionTable.NONE) {
                return Outcome.TABLE_FULL;
            }
        }
        ConnectionEntry.state(entry, record.state());
        table.announced(entry, record.state());
        ConnectionEntry.inPackets(entry, inPackets);
        ConnectionEntry.peerGeneration(entry, peerGeneration);
        ConnectionEntry.round(entry, round);
        ConnectionEntry.startTimer(entry, timeoutSeconds(record), nowNs);
        return takeSequence(entry, record) ? outcome : Outcome.TABLE_FULL;
    }

    /**
     * Applies one record of a table that is read as it stands: where it and this table differ, it
     * is right, and no late message.
     */
    public Outcome applyWhole(SyncRecord record, int inPackets, int peerGeneration, long nowNs) {
        whole = true;
        try {
            return apply(record, inPackets, peerGeneration, nowNs);
        } finally {
            whole = false;
        }
    }

    /** Sequence data that were not believed; see {@link SequenceData}. */
    public long implausibleSequences() {
        return implausibleSequences.get();
    }

    /**
     * Begins a round over the sender's table: from here on every entry counts as one that the
     * sender does not have, until a record comes for it. Starts over when a round is under way.
     */
    public void beginRound() {
        round = (round + 1) & 0xFF;
        roundSlot = 0;
    }

    /**
     * Ends the round: looks at the next {@code slots} slots and removes the entries that a peer is
     * known to have had ({@link ConnectionEntry#isSynced}, or with a peer generation) and has no
     * more, for no record came for them since the round began. What this director never told or
     * heard of stays. To be called until it returns true; records may be applied in between.
     *
     * @param buckets the round was over these alone
     * @return whether the whole table was seen
     */
    public boolean endRound(int slots, BucketSet buckets) {
        int end = (int) Math.min((long) roundSlot + slots, table.slotCount());
        for (; roundSlot < end; roundSlot++) {
            long entry = table.entryAt(roundSlot);
            if (entry != ConnectionTable.NONE
                    && ConnectionEntry.round(entry) != round
                    && (ConnectionEntry.isSynced(entry)
                            || ConnectionEntry.peerGeneration(entry) != 0)
                    && buckets.contains(TableDigest.bucket(entry))) {
                connections.remove(entry);
                removedByRounds.add(1);
            }
        }
        return roundSlot >= table.slotCount();
    }

    /** Entries removed at the ends of rounds. */
    public long removedByRounds() {
        return removedByRounds.get();
    }

    private long find(SyncRecord record) {
        return record.isIpv6() || record.isTemplate()
                ? table.find(key.set(record))
                : table.findIn(
                        record.protocol(),
                        record.clientAddress(),
                        record.clientPort(),
                        record.virtualAddress(),
                        record.virtualPort());
    }

    private static boolean hasOtherServer(long entry, SyncRecord record) {
        if (ConnectionEntry.realPort(entry) != record.realPort()) {
            return true;
        }
        return record.isIpv6()
                ? EntryAddresses6.realLow(entry) != record.realAddressLow()
                        || EntryAddresses6.realHigh(entry) != record.realAddressHigh()
                : ConnectionEntry.realAddress(entry) != record.realAddress();
    }

    private long create(SyncRecord record, long nowNs) {
        int flags = (record.flags() & SyncFlags.CREATE_MASK) | SyncFlags.SYNC;
        if (record.clientPort() != 0) {
            flags &= ~SyncFlags.NO_CPORT;
        }
        key.set(record);
        long entry =
                record.isIpv6()
                        ? table.add(
                                key,
                                true,
                                record.realAddressHigh(),
                                record.realAddressLow(),
                                record.realPort(),
                                flags)
                        : table.add(
                                key,
                                false,
                                0,
                                Integer.toUnsignedLong(record.realAddress()),
                                record.realPort(),
                                flags);
        if (entry == ConnectionTable.NONE) {
            return ConnectionTable.NONE;
        }
        if (!table.fwmark(entry, record.fwmark())) {
            table.remove(entry);
            return ConnectionTable.NONE;
        }
        ConnectionEntry.syncEndMs(entry, SyncPolicy.initialSyncEnd(nowNs / 1_000_000));
        connections.binding().bind(entry, configuredServer(record));
        return entry;
    }

    private void update(long entry, SyncRecord record) {
        if (whole && ConnectionEntry.hasNoClientPort(entry) && record.clientPort() != 0) {
            table.clientPort(entry, record.clientPort());
        }
        boolean inactive = (record.flags() & SyncFlags.INACTIVE) != 0;
        RealServer server = connections.server(entry);
        if (server != null
                && inactive != ConnectionEntry.isInactive(entry)
                && !ConnectionEntry.isTemplate(entry)) {
            server.shift(inactive);
        }
        ConnectionEntry.flags(
                entry,
                (record.flags() & SyncFlags.UPDATE_MASK)
                        | (ConnectionEntry.flags(entry) & ~SyncFlags.UPDATE_MASK));
        if (server == null) {
            connections.binding().bind(entry, configuredServer(record));
        }
    }

    private @Nullable RealServer configuredServer(SyncRecord record) {
        int method = record.flags() & SyncFlags.FWD_MASK;
        return record.isIpv6()
                ? services.findSynced(
                        true,
                        record.fwmark(),
                        record.protocol(),
                        record.virtualAddressHigh(),
                        record.virtualAddressLow(),
                        record.virtualPort(),
                        true,
                        record.realAddressHigh(),
                        record.realAddressLow(),
                        record.realPort(),
                        method)
                : services.findSynced(
                        false,
                        record.fwmark(),
                        record.protocol(),
                        0,
                        Integer.toUnsignedLong(record.virtualAddress()),
                        record.virtualPort(),
                        false,
                        0,
                        Integer.toUnsignedLong(record.realAddress()),
                        record.realPort(),
                        method);
    }

    /** False when there was no room for them. */
    private boolean takeSequence(long entry, SyncRecord record) {
        if (!record.options().hasSequence()) {
            return true;
        }
        if (!SequenceData.isPlausible(record)) {
            implausibleSequences.add(1);
            return true;
        }
        return table.sequence(entry, record.options());
    }

    /** Saturates at 68 years; the kernel's timers do so before the numbers on the wire end. */
    private int timeoutSeconds(SyncRecord record) {
        long seconds = record.timeoutSeconds();
        return seconds == 0
                ? EntryStates.timeoutSeconds(
                        connections.settings().now(),
                        record.protocol(),
                        record.isTemplate(),
                        record.state())
                : (int) Math.min(seconds, Integer.MAX_VALUE);
    }
}
