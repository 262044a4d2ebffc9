package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionEntry.CLIENT_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.CLIENT_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.PROTOCOL_AND_KIND_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionTable.NONE;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;

/**
 * Takes cells and fills them: entries that nothing leads to yet. One entry needs no cell of the
 * slab: the one-packet connection, which is never found, listed or swept, and lives in a place of
 * its own until the next one needs it.
 */
final class EntryMaker {
    /** Cells of the one-packet entry: itself, its IPv6 addresses, its details. */
    static final int TRANSIENT_CELLS = 3;

    private final CellSlab slab;
    private final long transientEntry;

    /**
     * @param transientEntry address of {@link #TRANSIENT_CELLS} cells behind the slab's
     */
    EntryMaker(CellSlab slab, long transientEntry) {
        this.slab = slab;
        this.transientEntry = transientEntry;
    }

    /** An IPv4 entry to an IPv4 server, or NONE. */
    long make(
            int protocol,
            int kind,
            int clientAddress,
            int clientPort,
            int virtualAddress,
            int virtualPort,
            int realAddress,
            int realPort) {
        if (!slab.hasRoom(1)) {
            return NONE;
        }
        long entry = slab.take();
        Memory.putInt(entry + CLIENT_ADDRESS_OFFSET, clientAddress);
        Memory.putInt(entry + VIRTUAL_ADDRESS_OFFSET, virtualAddress);
        Memory.putShort(entry + CLIENT_PORT_OFFSET, clientPort);
        Memory.putShort(entry + VIRTUAL_PORT_OFFSET, virtualPort);
        Memory.putShort(entry + PROTOCOL_AND_KIND_OFFSET, protocol | kind << 8);
        real(entry, realAddress);
        realPort(entry, realPort);
        return entry;
    }

    /** An entry of any kind, or NONE. */
    long make(
            ConnectionKey key,
            int tag,
            boolean realIpv6,
            long realHigh,
            long realLow,
            int realPort) {
        EngineData engine = key.engine();
        boolean withEngine = (key.kind() & EntryKind.ENGINE) != 0;
        boolean otherFamily = realIpv6 != key.isIpv6();
        boolean details = withEngine || (otherFamily && realIpv6);
        int cells =
                1
                        + (key.isIpv6() ? 1 : 0)
                        + (details ? 1 : 0)
                        + (withEngine ? EntryDetails.engineCells(engine) : 0);
        if (!slab.hasRoom(cells)) {
            return NONE;
        }
        long entry = slab.take();
        long last = entry;
        for (int i = 1; i < cells; i++) {
            last = append(last);
        }
        if (details) {
            ConnectionEntry.mark(entry, ConnectionEntry.DETAILS_MARK);
        }
        fill(entry, key, realIpv6, realHigh, realLow, realPort);
        if (key.isIpv6()) {
            EntryAddresses6.inTag(entry, tag);
        }
        if (withEngine) {
            EntryDetails.engine(entry, engine, tag);
        }
        return entry;
    }

    /** The one-packet entry, whatever it was before. */
    long makeTransient(
            ConnectionKey key, boolean realIpv6, long realHigh, long realLow, int realPort) {
        long entry = transientEntry;
        Memory.fill(entry, (long) TRANSIENT_CELLS * CellSlab.CELL_SIZE, 0);
        long last = entry;
        int cells = key.isIpv6() ? TRANSIENT_CELLS : TRANSIENT_CELLS - 1;
        for (int i = 1; i < cells; i++) {
            CellSlab.linkBehind(last, last + CellSlab.CELL_SIZE);
            last += CellSlab.CELL_SIZE;
        }
        ConnectionEntry.mark(entry, ConnectionEntry.DETAILS_MARK);
        fill(entry, key, realIpv6, realHigh, realLow, realPort);
        return entry;
    }

    long transientEntry() {
        return transientEntry;
    }

    /** Gives an entry its {@link EntryDetails}; false when there is no room. */
    boolean makeDetails(long entry) {
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

    private static void fill(
            long entry,
            ConnectionKey key,
            boolean realIpv6,
            long realHigh,
            long realLow,
            int realPort) {
        key.write(entry);
        if (realIpv6 != key.isIpv6()) {
            ConnectionEntry.mark(entry, ConnectionEntry.OTHER_FAMILY_MARK);
        }
        if (key.isIpv6()) {
            EntryAddresses6.real(entry, realHigh, realLow);
        } else if (realIpv6) {
            EntryDetails.real6(entry, realHigh, realLow);
        } else {
            real(entry, (int) realLow);
        }
        realPort(entry, realPort);
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

    private static void realPort(long entry, int realPort) {
        Memory.putShort(entry + REAL_PORT_OFFSET, realPort);
        Memory.putShort(
                entry + ConnectionEntry.PORT_DELTA_OFFSET,
                Checksums.delta16(ConnectionEntry.virtualPort(entry), realPort));
    }
}
