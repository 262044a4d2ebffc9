package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;

/**
 * The cell with what few entries have, behind the entry and its IPv6 addresses; a persistence
 * engine's data fill as many cells behind it as they need.
 *
 * <pre>
 *     0        4        8        12       16       20       24       28
 *    +--------+--------+--------+--------+--------+--------+--------+--+--+-----+
 *    | in     | in     | in     | out    | out    | out    | fwmark |PE lens|   |  of a connection
 *    | init   | delta  | prev.  | init   | delta  | prev.  |        |dat|nam|   |
 *    | engine name, 16 bytes             | tag    |        |        |   |   |   |  of a template
 *    +--------+--------+--------+--------+--------+--------+--------+---+---+---+
 * 32 |children| parent | IPv6 address of an IPv4 client's server   |
 *    +--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 */
public final class EntryDetails {
    private static final int SEQUENCE_OFFSET = 0;

    /** i32: firewall mark. */
    private static final int FWMARK_OFFSET = 24;

    /** u8: bytes of engine data. */
    private static final int DATA_LENGTH_OFFSET = 28;

    /** u8: bytes of the engine's name. */
    private static final int NAME_LENGTH_OFFSET = 29;

    /** The engine's name, 16 bytes; only templates have one, only connections sequence data. */
    private static final int NAME_OFFSET = 0;

    /** i32: tag of an engine's template in the index. */
    private static final int TAG_OFFSET = 16;

    /** i32: how many entries stand under this one (the kernel's n_control). */
    private static final int CHILDREN_OFFSET = 32;

    /** i32: number of the cell of the entry under which this one stands, 0 for none. */
    private static final int PARENT_OFFSET = 36;

    /** 16 bytes: address of the server when it is of IPv6 and the client is not. */
    private static final int REAL6_OFFSET = 40;

    private EntryDetails() {}

    /** Firewall mark of the connection's packets, u32; 0 for none. */
    public static int fwmark(long entry) {
        return has(entry) ? Memory.getInt(cell(entry) + FWMARK_OFFSET) : 0;
    }

    static void fwmark(long entry, int fwmark) {
        Memory.putInt(cell(entry) + FWMARK_OFFSET, fwmark);
    }

    /**
     * Entries that stand under this one: connections of a template, data of a control connection.
     */
    public static int children(long entry) {
        return has(entry) ? Memory.getInt(cell(entry) + CHILDREN_OFFSET) : 0;
    }

    static void children(long entry, int count) {
        Memory.putInt(cell(entry) + CHILDREN_OFFSET, count);
    }

    static int parent(long entry) {
        return has(entry) ? Memory.getInt(cell(entry) + PARENT_OFFSET) : 0;
    }

    static void parent(long entry, int number) {
        Memory.putInt(cell(entry) + PARENT_OFFSET, number);
    }

    static long real6High(long entry) {
        return Memory.getLong(cell(entry) + REAL6_OFFSET);
    }

    static long real6Low(long entry) {
        return Memory.getLong(cell(entry) + REAL6_OFFSET + Long.BYTES);
    }

    static void real6(long entry, long high, long low) {
        Memory.putLong(cell(entry) + REAL6_OFFSET, high);
        Memory.putLong(cell(entry) + REAL6_OFFSET + Long.BYTES, low);
    }

    /** Whether there are six {@link #sequence} numbers. */
    public static boolean hasSequence(long entry) {
        return ConnectionEntry.isMarked(entry, ConnectionEntry.SEQUENCE_MARK);
    }

    /**
     * A number of the sequence data, 0 when there are none.
     *
     * @param i 0 to 5: initial sequence number, delta and previous delta towards the server, then
     *     the same towards the client
     */
    public static int sequence(long entry, int i) {
        return hasSequence(entry)
                ? Memory.getInt(cell(entry) + SEQUENCE_OFFSET + (long) i * Integer.BYTES)
                : 0;
    }

    static void sequence(long entry, int i, int value) {
        Memory.putInt(cell(entry) + SEQUENCE_OFFSET + (long) i * Integer.BYTES, value);
    }

    /** Whether the entry is a template with a persistence engine's data. */
    public static boolean hasEngine(long entry) {
        return (ConnectionEntry.kind(entry) & EntryKind.ENGINE) != 0;
    }

    /** Copies the engine's name and data, nothing when there are none. */
    public static void engine(long entry, EngineData target) {
        target.clear();
        if (!hasEngine(entry)) {
            return;
        }
        long cell = cell(entry);
        int nameLength = Memory.getByte(cell + NAME_LENGTH_OFFSET);
        for (int i = 0; i < nameLength; i++) {
            target.addName((byte) Memory.getByte(cell + NAME_OFFSET + i));
        }
        int dataLength = Memory.getByte(cell + DATA_LENGTH_OFFSET);
        long from = cell;
        for (int i = 0; i < dataLength; i++) {
            int at = i % CellSlab.PAYLOAD_SIZE;
            if (at == 0) {
                from = CellSlab.next(from);
            }
            target.addData((byte) Memory.getByte(from + at));
        }
    }

    /** Cells that engine data need besides the details' own. */
    static int engineCells(EngineData engine) {
        return (engine.dataLength() + CellSlab.PAYLOAD_SIZE - 1) / CellSlab.PAYLOAD_SIZE;
    }

    /** Fills the details and the cells behind them, which are there. */
    static void engine(long entry, EngineData source, int tag) {
        long cell = cell(entry);
        Memory.putByte(cell + NAME_LENGTH_OFFSET, source.nameLength());
        Memory.putByte(cell + DATA_LENGTH_OFFSET, source.dataLength());
        Memory.putInt(cell + TAG_OFFSET, tag);
        for (int i = 0; i < source.nameLength(); i++) {
            Memory.putByte(cell + NAME_OFFSET + i, source.name(i));
        }
        long to = cell;
        for (int i = 0; i < source.dataLength(); i++) {
            int at = i % CellSlab.PAYLOAD_SIZE;
            if (at == 0) {
                to = CellSlab.next(to);
            }
            Memory.putByte(to + at, source.data(i));
        }
    }

    static int tag(long entry) {
        return Memory.getInt(cell(entry) + TAG_OFFSET);
    }

    /** Whether an entry with an engine has this engine's name and data. */
    static boolean matches(long entry, EngineData engine) {
        long cell = cell(entry);
        if (Memory.getByte(cell + DATA_LENGTH_OFFSET) != engine.dataLength()
                || Memory.getByte(cell + NAME_LENGTH_OFFSET) != engine.nameLength()) {
            return false;
        }
        for (int i = 0; i < engine.nameLength(); i++) {
            if ((byte) Memory.getByte(cell + NAME_OFFSET + i) != engine.name(i)) {
                return false;
            }
        }
        long at = cell;
        for (int i = 0; i < engine.dataLength(); i++) {
            if (i % CellSlab.PAYLOAD_SIZE == 0) {
                at = CellSlab.next(at);
            }
            if ((byte) Memory.getByte(at + i % CellSlab.PAYLOAD_SIZE) != engine.data(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean has(long entry) {
        return ConnectionEntry.isMarked(entry, ConnectionEntry.DETAILS_MARK);
    }

    private static long cell(long entry) {
        long next = CellSlab.next(entry);
        return ConnectionEntry.isIpv6(entry) ? CellSlab.next(next) : next;
    }
}
