package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionEntry.CLIENT_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.PROTOCOL_AND_KIND_OFFSET;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.ReservedMemory;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * All connections and persistence templates of one worker, off the heap. Only that worker's thread
 * may touch it; other threads may call {@link #size()} and {@link #cells()}.
 *
 * <pre>
 *   {@link ConnectionIndex}: 4 * limit slots of 8 bytes     {@link CellSlab}: limit cells of 64 bytes
 *   +-----------------+--------------+       +------------------------------+
 *   | hash (32 bits)  | cell number  | ----> | one cache line, never moves  | ( -> further cells )
 *   +-----------------+--------------+       +------------------------------+
 * </pre>
 *
 * <b>Keys.</b> A connection is found by its client side (client, virtual), and, when the director
 * translates addresses, also by its server side (client, real), under two slots of the same index.
 * Templates, and connections whose client port is not known, have key spaces of their own ({@link
 * EntryKind}): no packet of an ordinary connection ever meets them by accident.
 *
 * <p><b>Cells.</b> An IPv4 entry is one cell, an IPv6 entry two; a firewall mark or sequence data
 * take another, engine data up to five more. The limit is one of cells, so the memory is bounded
 * whatever is in the table, and all of a removed entry's cells come back at once.
 *
 * <p><b>Memory.</b> One {@link ReservedMemory}: address space for the whole limit, pages only where
 * something was written. The index holds exactly four slots for each cell, so a full table of
 * translated connections loads it to one half, and an IPv4 connection costs 64 + 4 * 8 = 96 bytes
 * all included, whatever the limit. The index is written at random places and is all there after
 * some thousand connections.
 *
 * <p><b>Entries</b> stay where they are until removed, so the sweep and scans walk them by slot
 * number while the index changes.
 */
public final class ConnectionTable implements AutoCloseable {
    /** No entry. */
    public static final long NONE = 0;

    /** Largest permitted limit. */
    public static final int MAX_LIMIT = 1 << 24;

    private static final int INDEX_SLOTS_PER_CELL = 4;
    private static final long PAGE_BYTES = 4096;
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(ConnectionTable.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Told of each entry whose time is over; may remove it and others. */
    public interface ExpiryHandler {
        void expired(long entry, long nowNs);
    }

    private final int limit;
    private final ReservedMemory memory;
    private final CellSlab slab;
    private final ConnectionHash hash;
    private final EntryMaker maker;
    private final EntryLinks links;
    private final ConnectionLookup lookup;
    private final TableDigest digest = new TableDigest(this);
    private int size;
    private int sweepCursor;

    /**
     * @param limit most cells at a time, so most IPv4 connections, 1 to {@link #MAX_LIMIT}
     */
    public ConnectionTable(int limit) {
        this(limit, ConnectionHash.random());
    }

    ConnectionTable(int limit, ConnectionHash hash) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "connection limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
        this.limit = limit;
        this.hash = hash;
        long slots = (long) limit * INDEX_SLOTS_PER_CELL;
        long indexBytes = (slots * Long.BYTES + PAGE_BYTES - 1) & -PAGE_BYTES;
        long slabBytes = (limit + 1L) * CellSlab.CELL_SIZE;
        memory =
                new ReservedMemory(
                        indexBytes
                                + slabBytes
                                + (long) EntryMaker.TRANSIENT_CELLS * CellSlab.CELL_SIZE);
        ConnectionIndex index = new ConnectionIndex(memory.address(), slots);
        slab = new CellSlab(memory.address() + indexBytes, limit);
        maker = new EntryMaker(slab, memory.address() + indexBytes + slabBytes);
        links = new EntryLinks(hash, index, slab);
        lookup = new ConnectionLookup(hash, index, slab, links);
    }

    /** Most cells at a time. */
    public int limit() {
        return limit;
    }

    /** Entries now; any thread may ask. */
    public int size() {
        return (int) SIZE.getOpaque(this);
    }

    /** Cells that the entries fill now; any thread may ask. */
    public int cells() {
        return slab.used();
    }

    /** Times that an entry turned out to be damaged in memory when it was to go; any thread. */
    public long damaged() {
        return links.damaged();
    }

    /** Address space reserved, in bytes; an upper bound of the memory used. */
    public long reservedBytes() {
        return memory.lengthBytes();
    }

    /**
     * The entry of an IPv4 client's packet, or {@link #NONE}. When no connection has the client's
     * port, one that waits for its client's port may be it.
     */
    public long findIn(
            int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        return lookup.findIn(protocol, clientAddress, clientPort, virtualAddress, virtualPort);
    }

    /** The entry of an IPv6 client's packet, or {@link #NONE}; as for IPv4. */
    public long findIn(
            int protocol,
            long clientHigh,
            long clientLow,
            int clientPort,
            long virtualHigh,
            long virtualLow,
            int virtualPort) {
        return lookup.findIn(
                protocol, clientHigh, clientLow, clientPort, virtualHigh, virtualLow, virtualPort);
    }

    /**
     * The entry with this key, or {@link #NONE}. For a connection, whatever the key says of its
     * client's port, first the one that has this port, then one that waits for its client's port.
     * The key may be another afterwards.
     */
    public long find(ConnectionKey key) {
        return lookup.find(key);
    }

    /**
     * The entry of a packet from the server side, or {@link #NONE}. The source is the real server
     * for translated connections, and the virtual service itself for the others (a server that
     * answers the client directly, by way of this host).
     *
     * <p>Two connections of one client port to two virtual services on one real server look alike
     * from this side; the one that the index meets first is returned. The kernel has the same
     * ambiguity.
     */
    public long findOut(
            int protocol, int sourceAddress, int sourcePort, int clientAddress, int clientPort) {
        return lookup.findOut(protocol, sourceAddress, sourcePort, clientAddress, clientPort);
    }

    /** The entry of a packet from the server side over IPv6; as for IPv4. */
    public long findOut(
            int protocol,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long clientHigh,
            long clientLow,
            int clientPort) {
        return lookup.findOut(
                protocol, sourceHigh, sourceLow, sourcePort, clientHigh, clientLow, clientPort);
    }

    /**
     * Makes an IPv4 entry: state 0, no timer, no server, all counters zero. The caller has looked
     * for the same connection and found none.
     *
     * @param flags bits of {@link SyncFlags} with the forwarding method; they decide the {@link
     *     EntryKind}
     * @return the entry, or {@link #NONE} when the table is full
     */
    public long add(
            int protocol,
            int clientAddress,
            int clientPort,
            int virtualAddress,
            int virtualPort,
            int realAddress,
            int realPort,
            int flags) {
        int kind = EntryKind.of(flags);
        long entry =
                maker.make(
                        protocol,
                        kind,
                        clientAddress,
                        clientPort,
                        virtualAddress,
                        virtualPort,
                        realAddress,
                        realPort);
        return entry == NONE
                ? NONE
                : complete(
                        entry,
                        hash.in(
                                protocol,
                                kind,
                                clientAddress,
                                clientPort,
                                virtualAddress,
                                virtualPort),
                        flags);
    }

    /**
     * Makes an entry with this key; see the other one.
     *
     * @param realIpv6 whether the server's address is of IPv6; it need not be the key's family, but
     *     only entries that are not translated can be mixed
     * @param realLow of IPv4: the address as an unsigned number, and {@code realHigh} is 0
     * @param flags bits of {@link SyncFlags} that agree with the key's kind
     */
    public long add(
            ConnectionKey key,
            boolean realIpv6,
            long realHigh,
            long realLow,
            int realPort,
            int flags) {
        int tag = key.tag(hash);
        long entry = maker.make(key, tag, realIpv6, realHigh, realLow, realPort);
        return entry == NONE ? NONE : complete(entry, tag, flags);
    }

    /**
     * Makes the one-packet entry with this key: it is not in the table and is overwritten by the
     * next one. Needs no room.
     */
    long addTransient(
            ConnectionKey key,
            boolean realIpv6,
            long realHigh,
            long realLow,
            int realPort,
            int flags) {
        long entry = maker.makeTransient(key, realIpv6, realHigh, realLow, realPort);
        ConnectionEntry.flags(entry, flags);
        return entry;
    }

    /** Where the one-packet entry is, whether there is one or not. */
    long transientEntry() {
        return maker.transientEntry();
    }

    boolean isTransient(long entry) {
        return entry == maker.transientEntry();
    }

    private long complete(long entry, int inTag, int flags) {
        ConnectionEntry.flags(entry, flags);
        ConnectionEntry.mark(entry, CellSlab.HEAD);
        links.linkIn(entry, inTag);
        links.linkOut(entry);
        SIZE.setOpaque(this, size + 1);
        return entry;
    }

    /**
     * From now on no packet and no record finds the entry, but it stays, for as long as others
     * stand under it: what comes next under its key is another.
     */
    void retire(long entry) {
        if (!ConnectionEntry.isRetired(entry)) {
            digest.leave(entry, slot(entry));
            links.unlinkIn(entry);
            links.unlinkOut(entry);
            ConnectionEntry.mark(entry, ConnectionEntry.RETIRED_MARK);
        }
    }

    /** Retires a template that holds for nobody any more; listings show it by this port. */
    void invalidate(long template, int port) {
        retire(template);
        Memory.putShort(template + ConnectionEntry.CLIENT_PORT_OFFSET, 0);
        Memory.putShort(template + ConnectionEntry.VIRTUAL_PORT_OFFSET, port);
        Memory.putShort(template + ConnectionEntry.REAL_PORT_OFFSET, port);
    }

    /** What the entry stands under: a template, or a helper's control connection; or NONE. */
    public long parent(long entry) {
        int number = EntryDetails.parent(entry);
        return number == 0 ? NONE : slab.address(number);
    }

    /**
     * Puts an entry that has no parent under another.
     *
     * @return false when the table is full and there is no place for it
     */
    boolean adopt(long child, long parent) {
        if (!maker.makeDetails(parent) || !maker.makeDetails(child)) {
            return false;
        }
        EntryDetails.parent(child, slab.number(parent));
        EntryDetails.children(parent, EntryDetails.children(parent) + 1);
        return true;
    }

    /** Takes an entry from under its parent, which is returned; NONE when it has none. */
    long orphan(long child) {
        long parent = parent(child);
        if (parent != NONE) {
            EntryDetails.parent(child, 0);
            EntryDetails.children(parent, EntryDetails.children(parent) - 1);
        }
        return parent;
    }

    /**
     * Takes the entry out of the table; its cells will be given to others. Nothing stands under it.
     */
    public void remove(long entry) {
        digest.leave(entry, slot(entry));
        if (!ConnectionEntry.isRetired(entry)) {
            links.unlinkIn(entry);
            links.unlinkOut(entry);
        }
        slab.free(entry);
        SIZE.setOpaque(this, size - 1);
    }

    /** Changes the forwarding method, keeping the index of server sides right. */
    void forwarding(long entry, int code) {
        links.unlinkOut(entry);
        int flags = ConnectionEntry.flags(entry) & ~SyncFlags.FWD_MASK;
        ConnectionEntry.flags(entry, flags | code);
        links.linkOut(entry);
    }

    /**
     * Gives an entry without one the client's port: from now on it is a connection like others. The
     * caller has looked for one with this port and found none.
     */
    void clientPort(long entry, int port) {
        boolean counted = ConnectionEntry.isCounted(entry);
        digest.leave(entry, slot(entry));
        links.unlinkIn(entry);
        int kind = ConnectionEntry.kind(entry) & ~EntryKind.NO_CLIENT_PORT;
        Memory.putShort(
                entry + PROTOCOL_AND_KIND_OFFSET, ConnectionEntry.protocol(entry) | kind << 8);
        Memory.putShort(entry + CLIENT_PORT_OFFSET, port);
        ConnectionEntry.flags(entry, ConnectionEntry.flags(entry) & ~SyncFlags.NO_CPORT);
        if (ConnectionEntry.isIpv6(entry)) {
            EntryAddresses6.inTag(entry, links.hashIn6(entry));
        }
        links.linkIn(entry, links.inTag(entry));
        links.linkOut(entry);
        if (counted) {
            digest.enter(entry, slot(entry));
        }
    }

    /**
     * A sync message about the entry was written or applied, with this state: it is one that the
     * peers share from now on.
     */
    public void announced(long entry, int state) {
        if (ConnectionEntry.syncedState(entry) != state) {
            digest.leave(entry, slot(entry));
            ConnectionEntry.syncedState(entry, state);
        }
        digest.enter(entry, slot(entry));
    }

    /** The entry's state was not told, for no message can carry such an entry. */
    public void untold(long entry) {
        ConnectionEntry.syncedState(entry, ConnectionEntry.state(entry));
    }

    /** What the table holds of the connections that peers share. */
    public TableDigest digest() {
        return digest;
    }

    private int slot(long entry) {
        return slab.number(entry) - 1;
    }

    /**
     * Notes the firewall mark of an entry's packets.
     *
     * @return false when the table is full and there is no place for it
     */
    public boolean fwmark(long entry, int fwmark) {
        if (fwmark == EntryDetails.fwmark(entry)) {
            return true;
        }
        if (!maker.makeDetails(entry)) {
            return false;
        }
        EntryDetails.fwmark(entry, fwmark);
        return true;
    }

    /**
     * Notes the sequence data of a record.
     *
     * @return false when the table is full and there is no place for them
     */
    boolean sequence(long entry, SyncOptions options) {
        if (!maker.makeDetails(entry)) {
            return false;
        }
        EntryDetails.sequence(entry, 0, options.inInitialSequence());
        EntryDetails.sequence(entry, 1, options.inDelta());
        EntryDetails.sequence(entry, 2, options.inPreviousDelta());
        EntryDetails.sequence(entry, 3, options.outInitialSequence());
        EntryDetails.sequence(entry, 4, options.outDelta());
        EntryDetails.sequence(entry, 5, options.outPreviousDelta());
        ConnectionEntry.mark(entry, ConnectionEntry.SEQUENCE_MARK);
        return true;
    }

    /**
     * Notes what rewritten payload does to the numbers of the stream towards the client, and that
     * they are to be synced. The other stream's numbers stay.
     *
     * @param initial the server's sequence number of the last rewrite
     * @param delta by how much numbers behind it move
     * @param previousDelta by how much those up to it do
     * @return false when the table is full and there is no place for them
     */
    public boolean sequence(long entry, int initial, int delta, int previousDelta) {
        if (!maker.makeDetails(entry)) {
            return false;
        }
        EntryDetails.sequence(entry, 3, initial);
        EntryDetails.sequence(entry, 4, delta);
        EntryDetails.sequence(entry, 5, previousDelta);
        ConnectionEntry.mark(entry, ConnectionEntry.SEQUENCE_MARK);
        ConnectionEntry.flags(entry, ConnectionEntry.flags(entry) | SyncFlags.OUT_SEQ);
        return true;
    }

    /**
     * Which of several streams an entry's messages go over: one number for all entries of one key,
     * as long as they have it.
     *
     * @param streams a power of two
     * @return 0 to {@code streams} less 1
     */
    public int stream(long entry, int streams) {
        return streams == 1 ? 0 : (links.inTag(entry) >>> 16) & (streams - 1);
    }

    /** Slots that may hold an entry; grows as the table fills up, never past the limit. */
    public int slotCount() {
        return slab.slotCount();
    }

    /**
     * The entry in a slot, 0 to {@link #slotCount()} - 1, or {@link #NONE} when none starts there.
     */
    public long entryAt(int slot) {
        return slab.headAt(slot);
    }

    /**
     * Visits the next {@code budget} slots, at most each once, and hands over the entries whose
     * deadline has passed. Goes on where the last call ended, round and round.
     *
     * @return entries handed over
     */
    public int sweep(long nowNs, int budget, ExpiryHandler handler) {
        int expired = 0;
        int cursor = sweepCursor;
        int slots = slotCount();
        for (int visits = Math.min(budget, slots); visits > 0; visits--) {
            if (cursor >= slots) {
                cursor = 0;
            }
            long entry = entryAt(cursor++);
            if (entry != NONE && ConnectionEntry.deadlineNs(entry) - nowNs <= 0) {
                handler.expired(entry, nowNs);
                expired++;
            }
        }
        sweepCursor = cursor;
        return expired;
    }

    /** Gives the memory back; nothing of the table may be used afterwards. */
    @Override
    public void close() {
        memory.close();
    }
}
