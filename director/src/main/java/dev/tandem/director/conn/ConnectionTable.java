package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionEntry.CLIENT_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.CLIENT_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.PROTOCOL_AND_KIND_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_PORT_OFFSET;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.ReservedMemory;
import dev.tandem.director.packet.Checksums;
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

    /** Told of each entry whose time is over; may remove that entry, and no other. */
    public interface ExpiryHandler {
        void expired(long entry);
    }

    private final int limit;
    private final ReservedMemory memory;
    private final CellSlab slab;
    private final ConnectionHash hash;
    private final EntryLinks links;
    private final ConnectionLookup lookup;
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
        memory = new ReservedMemory(indexBytes + (limit + 1L) * CellSlab.CELL_SIZE);
        ConnectionIndex index = new ConnectionIndex(memory.address(), slots);
        slab = new CellSlab(memory.address() + indexBytes, limit);
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
        if (!slab.hasRoom(1)) {
            return NONE;
        }
        long entry = slab.take();
        int kind = EntryKind.of(flags);
        Memory.putInt(entry + CLIENT_ADDRESS_OFFSET, clientAddress);
        Memory.putInt(entry + VIRTUAL_ADDRESS_OFFSET, virtualAddress);
        Memory.putShort(entry + CLIENT_PORT_OFFSET, clientPort);
        Memory.putShort(entry + VIRTUAL_PORT_OFFSET, virtualPort);
        Memory.putShort(entry + PROTOCOL_AND_KIND_OFFSET, protocol | kind << 8);
        real(entry, realAddress);
        int tag = hash.in(protocol, kind, clientAddress, clientPort, virtualAddress, virtualPort);
        return complete(entry, tag, realPort, flags);
    }

    /**
     * Makes an entry with this key to an IPv4 server; see the other one.
     *
     * @param flags bits of {@link SyncFlags} that agree with the key's kind
     */
    public long add(ConnectionKey key, int realAddress, int realPort, int flags) {
        return add(key, 0, realAddress, realPort, flags);
    }

    /** Makes an entry with this key; an IPv6 key's server is an IPv6 one. */
    public long add(ConnectionKey key, long realHigh, long realLow, int realPort, int flags) {
        EngineData engine = key.engine();
        boolean withEngine = (key.kind() & EntryKind.ENGINE) != 0;
        int engineCells = withEngine ? 1 + EntryDetails.engineCells(engine) : 0;
        if (!slab.hasRoom(1 + (key.isIpv6() ? 1 : 0) + engineCells)) {
            return NONE;
        }
        long entry = slab.take();
        long last = entry;
        if (key.isIpv6()) {
            last = append(last);
        }
        for (int i = 0; i < engineCells; i++) {
            last = append(last);
        }
        int tag = key.tag(hash);
        key.write(entry);
        if (key.isIpv6()) {
            EntryAddresses6.real(entry, realHigh, realLow);
            EntryAddresses6.inTag(entry, tag);
        } else {
            real(entry, (int) realLow);
        }
        if (withEngine) {
            ConnectionEntry.mark(entry, ConnectionEntry.DETAILS_MARK);
            EntryDetails.engine(entry, engine, tag);
        }
        return complete(entry, tag, realPort, flags);
    }

    private long append(long last) {
        long cell = slab.take();
        CellSlab.linkBehind(last, cell);
        return cell;
    }

    private static void real(long entry, int realAddress) {
        Memory.putInt(entry + REAL_ADDRESS_OFFSET, realAddress);
        Memory.putShort(
                entry + ConnectionEntry.ADDRESS_DELTA_OFFSET,
                Checksums.delta32(ConnectionEntry.virtualAddress(entry), realAddress));
    }

    private long complete(long entry, int inTag, int realPort, int flags) {
        Memory.putShort(entry + REAL_PORT_OFFSET, realPort);
        Memory.putShort(
                entry + ConnectionEntry.PORT_DELTA_OFFSET,
                Checksums.delta16(ConnectionEntry.virtualPort(entry), realPort));
        ConnectionEntry.flags(entry, flags);
        ConnectionEntry.mark(entry, CellSlab.HEAD);
        links.linkIn(entry, inTag);
        links.linkOut(entry);
        SIZE.setOpaque(this, size + 1);
        return entry;
    }

    /** Takes the entry out of the table; its cells will be given to others. */
    public void remove(long entry) {
        links.unlinkIn(entry);
        links.unlinkOut(entry);
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
        if (!makeDetails(entry)) {
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
        if (!makeDetails(entry)) {
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

    private boolean makeDetails(long entry) {
        if (EntryDetails.has(entry)) {
            return true;
        }
        if (!slab.hasRoom(1)) {
            return false;
        }
        append(ConnectionEntry.isIpv6(entry) ? EntryAddresses6.cell(entry) : entry);
        ConnectionEntry.mark(entry, ConnectionEntry.DETAILS_MARK);
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
                handler.expired(entry);
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
