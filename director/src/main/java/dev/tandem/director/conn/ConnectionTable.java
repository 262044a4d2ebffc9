package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionEntry.CLIENT_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.CLIENT_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.DEADLINE_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.FLAGS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.PROTOCOL_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_PORT_OFFSET;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.ReservedMemory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.sync.wire.SyncFlags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * All connections of one worker, off the heap. Only that worker's thread may touch it; other
 * threads may call {@link #size()}.
 *
 * <h2>How it works</h2>
 *
 * <pre>
 *   index: 4 * limit slots of 8 bytes        entries: limit slots of 64 bytes
 *   +-----------------+--------------+       +------------------------------+
 *   | hash (32 bits)  | entry number | ----> | one cache line, never moves  |
 *   +-----------------+--------------+       +------------------------------+
 * </pre>
 *
 * <b>Index.</b> Open addressing with linear probing. A connection is found by its client side
 * (client, virtual), and, when the director translates addresses, also by its server side (client,
 * real), under two slots of the same index. A slot's home is {@code hash * slots / 2^32}, which
 * needs no power of two: the index holds exactly four slots for each entry, so a full table of
 * translated connections loads it to one half, and a connection costs 64 + 4 * 8 = 96 bytes all
 * included, whatever the limit. The hash in the slot spares nearly every look at a wrong entry.
 *
 * <p><b>Removal.</b> Later slots of the probe run move back over the gap. Tombstones would be
 * simpler, but connections come and go for months: tombstones fill the gaps until misses walk the
 * whole run, and the cure is a rebuild that stops the data plane. Moving back costs a few slots and
 * reads no entry, for the home follows from the hash in the slot.
 *
 * <p><b>Hash.</b> Two rounds of a 64 by 64 bit multiplication whose halves are folded together,
 * keyed with 256 bits drawn anew by every table. Clients choose their addresses and ports; without
 * the key they cannot choose colliding ones.
 *
 * <p><b>Memory.</b> One {@link ReservedMemory}: address space for the whole limit, pages only where
 * something was written. Entry numbers are given out from the lowest up and returned ones first
 * (last in, first out), so the entries' pages follow the highest number of connections there ever
 * was. The index is written at random places and is all there after some thousand connections: 32
 * bytes for each entry of the limit.
 *
 * <p><b>Entries</b> stay where they are until removed, so the sweep and scans walk them by slot
 * number while the index changes.
 */
public final class ConnectionTable implements AutoCloseable {
    /** No entry. */
    public static final long NONE = 0;

    /** Largest permitted limit. */
    public static final int MAX_LIMIT = 1 << 24;

    private static final int INDEX_SLOTS_PER_ENTRY = 4;
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
    private final long indexSlots;
    private final ReservedMemory memory;
    private final long index;
    private final long entries;
    private final ConnectionHash hash;

    /** Number of the first free slot below the high-water mark, 0 when there is none. */
    private int firstFree;

    /** Entry numbers 1 to this one have been in use. */
    private int highWater;

    private int size;
    private int sweepCursor;

    /**
     * @param limit most entries at a time, 1 to {@link #MAX_LIMIT}
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
        indexSlots = (long) limit * INDEX_SLOTS_PER_ENTRY;
        long indexBytes = (indexSlots * Long.BYTES + PAGE_BYTES - 1) & -PAGE_BYTES;
        memory = new ReservedMemory(indexBytes + (limit + 1L) * ConnectionEntry.SIZE);
        index = memory.address();
        entries = index + indexBytes;
    }

    /** Most entries at a time. */
    public int limit() {
        return limit;
    }

    /** Entries now; any thread may ask. */
    public int size() {
        return (int) SIZE.getOpaque(this);
    }

    /** Address space reserved, in bytes; an upper bound of the memory used. */
    public long reservedBytes() {
        return memory.lengthBytes();
    }

    /** The entry of a client's packet, or {@link #NONE}. */
    public long findIn(
            int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        int tag = hash.in(protocol, clientAddress, clientPort, virtualAddress, virtualPort);
        for (long slot = home(tag); ; slot = next(slot)) {
            long word = Memory.getLong(index + slot * Long.BYTES);
            if (word == 0) {
                return NONE;
            }
            if (tag(word) == tag) {
                long entry = entry(number(word));
                if (Memory.getInt(entry + CLIENT_ADDRESS_OFFSET) == clientAddress
                        && Memory.getInt(entry + VIRTUAL_ADDRESS_OFFSET) == virtualAddress
                        && Memory.getShort(entry + CLIENT_PORT_OFFSET) == clientPort
                        && Memory.getShort(entry + VIRTUAL_PORT_OFFSET) == virtualPort
                        && Memory.getByte(entry + PROTOCOL_OFFSET) == protocol) {
                    return entry;
                }
            }
        }
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
        int tag = hash.out(protocol, clientAddress, clientPort, sourceAddress, sourcePort);
        for (long slot = home(tag); ; slot = next(slot)) {
            long word = Memory.getLong(index + slot * Long.BYTES);
            if (word == 0) {
                return findDirectOut(
                        protocol, sourceAddress, sourcePort, clientAddress, clientPort);
            }
            if (tag(word) == tag) {
                long entry = entry(number(word));
                if (Memory.getInt(entry + CLIENT_ADDRESS_OFFSET) == clientAddress
                        && Memory.getInt(entry + REAL_ADDRESS_OFFSET) == sourceAddress
                        && Memory.getShort(entry + CLIENT_PORT_OFFSET) == clientPort
                        && Memory.getShort(entry + REAL_PORT_OFFSET) == sourcePort
                        && Memory.getByte(entry + PROTOCOL_OFFSET) == protocol
                        && isTranslated(entry)) {
                    return entry;
                }
            }
        }
    }

    private long findDirectOut(
            int protocol, int sourceAddress, int sourcePort, int clientAddress, int clientPort) {
        long entry = findIn(protocol, clientAddress, clientPort, sourceAddress, sourcePort);
        return entry != NONE && isTranslated(entry) ? NONE : entry;
    }

    /**
     * Makes an entry: state 0, no timer, no server, all counters zero. The caller has looked for
     * the same connection and found none.
     *
     * @param flags bits of {@link SyncFlags} with the forwarding method
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
        int number = takeNumber();
        if (number == 0) {
            return NONE;
        }
        long entry = entry(number);
        Memory.fill(entry, ConnectionEntry.SIZE, 0);
        Memory.putInt(entry + CLIENT_ADDRESS_OFFSET, clientAddress);
        Memory.putInt(entry + VIRTUAL_ADDRESS_OFFSET, virtualAddress);
        Memory.putInt(entry + REAL_ADDRESS_OFFSET, realAddress);
        Memory.putShort(entry + CLIENT_PORT_OFFSET, clientPort);
        Memory.putShort(entry + VIRTUAL_PORT_OFFSET, virtualPort);
        Memory.putShort(entry + REAL_PORT_OFFSET, realPort);
        Memory.putByte(entry + PROTOCOL_OFFSET, protocol);
        Memory.putInt(entry + FLAGS_OFFSET, flags | ConnectionEntry.IN_USE);
        Memory.putShort(
                entry + ConnectionEntry.ADDRESS_DELTA_OFFSET,
                Checksums.delta32(virtualAddress, realAddress));
        Memory.putShort(
                entry + ConnectionEntry.PORT_DELTA_OFFSET,
                Checksums.delta16(virtualPort, realPort));
        link(inTag(entry), number);
        if (isTranslated(entry)) {
            link(outTag(entry), number);
        }
        SIZE.setOpaque(this, size + 1);
        return entry;
    }

    /** Takes the entry out of the table; its slot will be given to another connection. */
    public void remove(long entry) {
        int number = number(entry, entries);
        unlink(inTag(entry), number);
        if (isTranslated(entry)) {
            unlink(outTag(entry), number);
        }
        Memory.putInt(entry + FLAGS_OFFSET, 0);
        Memory.putLong(entry + DEADLINE_OFFSET, firstFree);
        firstFree = number;
        SIZE.setOpaque(this, size - 1);
    }

    /** Changes the forwarding method, keeping the index of server sides right. */
    void forwarding(long entry, int code) {
        boolean before = isTranslated(entry);
        int flags = ConnectionEntry.flags(entry) & ~SyncFlags.FWD_MASK;
        ConnectionEntry.flags(entry, flags | code);
        boolean after = isTranslated(entry);
        if (before && !after) {
            unlink(outTag(entry), number(entry, entries));
        } else if (after && !before) {
            link(outTag(entry), number(entry, entries));
        }
    }

    /** Slots that may hold an entry; grows as the table fills up, never past the limit. */
    public int slotCount() {
        return highWater;
    }

    /** The entry in a slot, 0 to {@link #slotCount()} - 1, or {@link #NONE} when it is free. */
    public long entryAt(int slot) {
        long entry = entry(slot + 1L);
        return ConnectionEntry.isInUse(entry) ? entry : NONE;
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
        for (int visits = Math.min(budget, highWater); visits > 0; visits--) {
            if (cursor >= highWater) {
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

    private int takeNumber() {
        int number = firstFree;
        if (number != 0) {
            firstFree = (int) Memory.getLong(entry(number) + DEADLINE_OFFSET);
            return number;
        }
        return highWater < limit ? ++highWater : 0;
    }

    private void link(int tag, int number) {
        long slot = home(tag);
        while (Memory.getLong(index + slot * Long.BYTES) != 0) {
            slot = next(slot);
        }
        Memory.putLong(index + slot * Long.BYTES, (long) tag << 32 | number);
    }

    private void unlink(int tag, int number) {
        long gap = home(tag);
        while (Memory.getLong(index + gap * Long.BYTES) != ((long) tag << 32 | number)) {
            gap = next(gap);
        }
        for (long slot = next(gap); ; slot = next(slot)) {
            long word = Memory.getLong(index + slot * Long.BYTES);
            if (word == 0) {
                break;
            }
            // A word may move back to the gap when its home is not after the gap.
            if (distance(home(tag(word)), slot) >= distance(gap, slot)) {
                Memory.putLong(index + gap * Long.BYTES, word);
                gap = slot;
            }
        }
        Memory.putLong(index + gap * Long.BYTES, 0);
    }

    private int inTag(long entry) {
        return hash.in(
                ConnectionEntry.protocol(entry),
                ConnectionEntry.clientAddress(entry),
                ConnectionEntry.clientPort(entry),
                ConnectionEntry.virtualAddress(entry),
                ConnectionEntry.virtualPort(entry));
    }

    private int outTag(long entry) {
        return hash.out(
                ConnectionEntry.protocol(entry),
                ConnectionEntry.clientAddress(entry),
                ConnectionEntry.clientPort(entry),
                ConnectionEntry.realAddress(entry),
                ConnectionEntry.realPort(entry));
    }

    private static boolean isTranslated(long entry) {
        return ConnectionEntry.forwardingCode(entry) == Forwarding.NAT.code();
    }

    private long home(int tag) {
        return (Integer.toUnsignedLong(tag) * indexSlots) >>> 32;
    }

    private long next(long slot) {
        long next = slot + 1;
        return next == indexSlots ? 0 : next;
    }

    /** Steps from one slot forward to another. */
    private long distance(long from, long to) {
        long steps = to - from;
        return steps < 0 ? steps + indexSlots : steps;
    }

    private static int tag(long word) {
        return (int) (word >>> 32);
    }

    private static int number(long word) {
        return (int) word;
    }

    private static int number(long entry, long entries) {
        return (int) ((entry - entries) / ConnectionEntry.SIZE);
    }

    private long entry(long number) {
        return entries + number * ConnectionEntry.SIZE;
    }
}
