package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.sync.wire.SyncFlags;

/**
 * A connection entry or persistence template: named offsets and accessors over its address in a
 * {@link ConnectionTable}. Read and written by the worker thread only.
 *
 * <p>An IPv4 entry fills exactly one cache line, so that a packet's lookup, rewrite and bookkeeping
 * touch one. What few entries have stands in further cells linked from it: IPv6 addresses ({@link
 * EntryAddresses6}); firewall mark, sequence and engine data ({@link EntryDetails}). Numbers are in
 * the machine's order.
 *
 * <pre>
 *       0        2        4        6
 *    +--------+--------+--------+--------+
 *  0 | client address  | virtual address |   all three 0 when they are IPv6
 *    +--------+--------+--------+--------+
 *  8 | real address    | client | virtual|   ports
 *    +--------+--------+--------+--------+
 * 16 | real   |prot knd| address| port   |   {@link EntryKind}; checksum deltas, client to server
 *    +--------+--------+--------+--------+
 * 24 | server id       |st. syn.|peer gen|   protocol's state; state at the last sync message
 *    +--------+--------+--------+--------+
 * 32 | deadline, ns of System.nanoTime() |
 *    +--------+--------+--------+--------+
 * 40 | timeout, s      | packets in      |
 *    +--------+--------+--------+--------+
 * 48 | sync end, ms                      |
 *    +--------+--------+--------+--------+
 * 56 | flags  |rnd mrks| next cell       |   table round; marks and link of {@link CellSlab}
 *    +--------+--------+--------+--------+
 * </pre>
 */
public final class ConnectionEntry {
    /** Bytes from one entry to the next. */
    public static final int SIZE = CellSlab.CELL_SIZE;

    /** i32: IPv4 address of the client. */
    static final int CLIENT_ADDRESS_OFFSET = 0;

    /** i32: IPv4 address of the virtual service; the mark in a template of a firewall mark. */
    static final int VIRTUAL_ADDRESS_OFFSET = 4;

    /** i32: IPv4 address of the real server. */
    static final int REAL_ADDRESS_OFFSET = 8;

    /** u16: port of the client. */
    static final int CLIENT_PORT_OFFSET = 12;

    /** u16: port of the virtual service. */
    static final int VIRTUAL_PORT_OFFSET = 14;

    /** u16: port of the real server. */
    static final int REAL_PORT_OFFSET = 16;

    /** u16: IP protocol number, low byte, and {@link EntryKind}, high byte: compared as one. */
    static final int PROTOCOL_AND_KIND_OFFSET = 18;

    /** u16: {@link Checksums} delta of virtual to real address; 0 when they are IPv6. */
    static final int ADDRESS_DELTA_OFFSET = 20;

    /** u16: {@link Checksums} delta of virtual to real port. */
    static final int PORT_DELTA_OFFSET = 22;

    /** i32: id of the bound real server, 0 when none is bound. */
    static final int SERVER_OFFSET = 24;

    /** u8: state of the protocol's machine, see {@link dev.tandem.sync.wire.SyncState}. */
    static final int STATE_OFFSET = 28;

    /** u8: state when last sent or received in a sync message (the kernel's old_state). */
    static final int SYNCED_STATE_OFFSET = 29;

    /** u16: generation of the peer that is known to have this entry, 0 when none is. */
    static final int PEER_GENERATION_OFFSET = 30;

    /** i64: when the entry expires, unless a packet comes first. */
    static final int DEADLINE_OFFSET = 32;

    /** i32: full timeout of the present state in seconds. */
    static final int TIMEOUT_OFFSET = 40;

    /** i32: packets from the client, wrapping past 2147483647 to 0 (the kernel's in_pkts). */
    static final int IN_PACKETS_OFFSET = 44;

    /** i64: milliseconds, two lowest bits a retry count (the kernel's sync_endtime). */
    static final int SYNC_END_OFFSET = 48;

    /** u16: {@link SyncFlags}. */
    static final int FLAGS_OFFSET = 56;

    /** u8: low byte of the number of the table round that last met the entry. */
    static final int ROUND_OFFSET = 58;

    /** Mark beside {@link CellSlab#HEAD}: the entry has {@link EntryDetails}. */
    static final int DETAILS_MARK = 2;

    /** Mark: those details hold sequence data. */
    static final int SEQUENCE_MARK = 4;

    /** Mark: the server's address is not of the client's family; see {@link #isRealIpv6}. */
    static final int OTHER_FAMILY_MARK = 8;

    /** Mark: nothing leads to the entry any more; see {@link ConnectionTable#retire}. */
    static final int RETIRED_MARK = 16;

    /** Mark: a template for it was looked for after it had come by a sync message. */
    static final int RELINKED_MARK = 32;

    /** Mark: it counts in the table's {@link TableDigest}. */
    static final int COUNTED_MARK = 64;

    private ConnectionEntry() {}

    /** IPv4; 0 when {@link #isIpv6}, as for the other two addresses. */
    public static int clientAddress(long entry) {
        return Memory.getInt(entry + CLIENT_ADDRESS_OFFSET);
    }

    public static int virtualAddress(long entry) {
        return Memory.getInt(entry + VIRTUAL_ADDRESS_OFFSET);
    }

    public static int realAddress(long entry) {
        return Memory.getInt(entry + REAL_ADDRESS_OFFSET);
    }

    public static int clientPort(long entry) {
        return Memory.getShort(entry + CLIENT_PORT_OFFSET);
    }

    public static int virtualPort(long entry) {
        return Memory.getShort(entry + VIRTUAL_PORT_OFFSET);
    }

    public static int realPort(long entry) {
        return Memory.getShort(entry + REAL_PORT_OFFSET);
    }

    /** IP protocol number. */
    public static int protocol(long entry) {
        return Memory.getShort(entry + PROTOCOL_AND_KIND_OFFSET) & 0xFF;
    }

    /** Bits of {@link EntryKind}. */
    public static int kind(long entry) {
        return Memory.getShort(entry + PROTOCOL_AND_KIND_OFFSET) >> 8;
    }

    /** Whether the addresses are IPv6: {@link EntryAddresses6} has them. */
    public static boolean isIpv6(long entry) {
        return (kind(entry) & EntryKind.IPV6) != 0;
    }

    /** Whether the server's address is one of IPv6. */
    public static boolean isRealIpv6(long entry) {
        return isIpv6(entry) != isMarked(entry, OTHER_FAMILY_MARK);
    }

    /** Bytes 0 to 7 of the client's address; 0 for IPv4. */
    public static long clientHigh(long entry) {
        return isIpv6(entry) ? EntryAddresses6.clientHigh(entry) : 0;
    }

    /** Bytes 8 to 15, or the IPv4 address as an unsigned number. */
    public static long clientLow(long entry) {
        return isIpv6(entry)
                ? EntryAddresses6.clientLow(entry)
                : Integer.toUnsignedLong(clientAddress(entry));
    }

    /** Bytes 0 to 7 of the virtual address; 0 for IPv4. */
    public static long virtualHigh(long entry) {
        return isIpv6(entry) ? EntryAddresses6.virtualHigh(entry) : 0;
    }

    /** Bytes 8 to 15, or the IPv4 address as an unsigned number. */
    public static long virtualLow(long entry) {
        return isIpv6(entry)
                ? EntryAddresses6.virtualLow(entry)
                : Integer.toUnsignedLong(virtualAddress(entry));
    }

    /** Bytes 0 to 7 of the server's address, of either family; 0 for IPv4. */
    public static long realHigh(long entry) {
        if (isIpv6(entry)) {
            return EntryAddresses6.realHigh(entry);
        }
        return isMarked(entry, OTHER_FAMILY_MARK) ? EntryDetails.real6High(entry) : 0;
    }

    /** Bytes 8 to 15, or the IPv4 address as an unsigned number. */
    public static long realLow(long entry) {
        if (isIpv6(entry)) {
            return EntryAddresses6.realLow(entry);
        }
        return isMarked(entry, OTHER_FAMILY_MARK)
                ? EntryDetails.real6Low(entry)
                : Integer.toUnsignedLong(realAddress(entry));
    }

    /** Whether no packet finds it any more; it waits for what stands under it to end. */
    public static boolean isRetired(long entry) {
        return isMarked(entry, RETIRED_MARK);
    }

    /** Whether it is a connection of one packet, not in the table. */
    public static boolean isOnePacket(long entry) {
        return (flags(entry) & SyncFlags.ONE_PACKET) != 0;
    }

    /** Whether this is a persistence template, not a connection. */
    public static boolean isTemplate(long entry) {
        return (kind(entry) & EntryKind.TEMPLATE) != 0;
    }

    /** Whether the client's port is not known yet. */
    public static boolean hasNoClientPort(long entry) {
        return (kind(entry) & EntryKind.NO_CLIENT_PORT) != 0;
    }

    public static int state(long entry) {
        return Memory.getByte(entry + STATE_OFFSET);
    }

    static void state(long entry, int state) {
        Memory.putByte(entry + STATE_OFFSET, state);
    }

    /** Bits of {@link SyncFlags} below 0x10000: the kernel's numbers, here and on the wire. */
    public static int flags(long entry) {
        return Memory.getShort(entry + FLAGS_OFFSET);
    }

    static void flags(long entry, int flags) {
        Memory.putShort(entry + FLAGS_OFFSET, flags);
    }

    /** Whether the entry came by a sync message. */
    public static boolean isSynced(long entry) {
        return (flags(entry) & SyncFlags.SYNC) != 0;
    }

    /** Whether the entry counts among its server's inactive connections. */
    public static boolean isInactive(long entry) {
        return (flags(entry) & SyncFlags.INACTIVE) != 0;
    }

    /**
     * Forwarding method, as in {@link dev.tandem.director.config.Forwarding#code()}. An entry that
     * came by sync for a server unknown here keeps the sender's method, which may be one that this
     * director does not have (1 local, 2 tunnel, 4 bypass).
     */
    public static int forwardingCode(long entry) {
        return flags(entry) & SyncFlags.FWD_MASK;
    }

    /** Id of the bound real server in {@code Services}, 0 when none is bound. */
    public static int serverId(long entry) {
        return Memory.getInt(entry + SERVER_OFFSET);
    }

    static void serverId(long entry, int id) {
        Memory.putInt(entry + SERVER_OFFSET, id);
    }

    /** State at the last sync message about this entry, sent or received. */
    public static int syncedState(long entry) {
        return Memory.getByte(entry + SYNCED_STATE_OFFSET);
    }

    static void syncedState(long entry, int state) {
        Memory.putByte(entry + SYNCED_STATE_OFFSET, state);
    }

    /** Generation of the peer that has this entry, 1 to 65535; 0: no peer has it. */
    public static int peerGeneration(long entry) {
        return Memory.getShort(entry + PEER_GENERATION_OFFSET);
    }

    public static void peerGeneration(long entry, int generation) {
        Memory.putShort(entry + PEER_GENERATION_OFFSET, generation);
    }

    static int round(long entry) {
        return Memory.getByte(entry + ROUND_OFFSET);
    }

    static void round(long entry, int round) {
        Memory.putByte(entry + ROUND_OFFSET, round);
    }

    /** Whether it counts in {@link TableDigest}: a peer was told of it, and should have it. */
    public static boolean isCounted(long entry) {
        return isMarked(entry, COUNTED_MARK);
    }

    static boolean isMarked(long entry, int mark) {
        return (Memory.getByte(entry + CellSlab.MARKS_OFFSET) & mark) != 0;
    }

    static void mark(long entry, int mark) {
        int marks = Memory.getByte(entry + CellSlab.MARKS_OFFSET);
        Memory.putByte(entry + CellSlab.MARKS_OFFSET, marks | mark);
    }

    static void unmark(long entry, int mark) {
        int marks = Memory.getByte(entry + CellSlab.MARKS_OFFSET);
        Memory.putByte(entry + CellSlab.MARKS_OFFSET, marks & ~mark);
    }

    /** When the entry expires, in ns of {@link System#nanoTime()}. */
    public static long deadlineNs(long entry) {
        return Memory.getLong(entry + DEADLINE_OFFSET);
    }

    /** Full timeout of the present state in seconds. */
    public static int timeoutSeconds(long entry) {
        return Memory.getInt(entry + TIMEOUT_OFFSET);
    }

    /** Sets the timeout and starts its time now. */
    static void startTimer(long entry, int timeoutSeconds, long nowNs) {
        Memory.putInt(entry + TIMEOUT_OFFSET, timeoutSeconds);
        Memory.putLong(entry + DEADLINE_OFFSET, nowNs + timeoutSeconds * 1_000_000_000L);
    }

    /** Moves the end of its time, leaving the timeout as it is. */
    static void deadlineNs(long entry, long deadlineNs) {
        Memory.putLong(entry + DEADLINE_OFFSET, deadlineNs);
    }

    /** Starts the present timeout's time anew. */
    static void restartTimer(long entry, long nowNs) {
        deadlineNs(entry, nowNs + timeoutSeconds(entry) * 1_000_000_000L);
    }

    /** Packets from the client, 0 to 2147483647, then from 0 again. */
    public static int inPackets(long entry) {
        return Memory.getInt(entry + IN_PACKETS_OFFSET);
    }

    static void inPackets(long entry, int packets) {
        Memory.putInt(entry + IN_PACKETS_OFFSET, packets);
    }

    /** One packet more from the client, or one more of those under a template; the new number. */
    public static int countPacket(long entry) {
        int packets = inPackets(entry) + 1 & Integer.MAX_VALUE;
        inPackets(entry, packets);
        return packets;
    }

    /** End of the time for which the peer keeps the entry, with the retry count in bits 0 and 1. */
    public static long syncEndMs(long entry) {
        return Memory.getLong(entry + SYNC_END_OFFSET);
    }

    public static void syncEndMs(long entry, long syncEndMs) {
        Memory.putLong(entry + SYNC_END_OFFSET, syncEndMs);
    }

    /** {@link Checksums} delta of a client's packet: destination from virtual to real address. */
    public static int addressDeltaIn(long entry) {
        return Memory.getShort(entry + ADDRESS_DELTA_OFFSET);
    }

    /** {@link Checksums} delta of a server's packet: source from real to virtual address. */
    public static int addressDeltaOut(long entry) {
        return Checksums.negate(addressDeltaIn(entry));
    }

    /** {@link Checksums} delta of a client's packet: destination from virtual to real port. */
    public static int portDeltaIn(long entry) {
        return Memory.getShort(entry + PORT_DELTA_OFFSET);
    }

    /** {@link Checksums} delta of a server's packet: source from real to virtual port. */
    public static int portDeltaOut(long entry) {
        return Checksums.negate(portDeltaIn(entry));
    }
}
