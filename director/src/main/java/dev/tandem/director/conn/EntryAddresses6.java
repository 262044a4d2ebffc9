package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;

/**
 * The cell behind an IPv6 entry: its three addresses, and the tags under which the index has it, so
 * that removal needs no hashing. Addresses have the numeric value of their big-endian bytes, high
 * half first.
 */
public final class EntryAddresses6 {
    private static final int CLIENT_OFFSET = 0;
    private static final int VIRTUAL_OFFSET = 16;
    private static final int REAL_OFFSET = 32;

    /** i32: tag of the client's side. */
    private static final int IN_TAG_OFFSET = 48;

    /** i32: tag of the server's side. */
    private static final int OUT_TAG_OFFSET = 52;

    private EntryAddresses6() {}

    /** Bytes 0 to 7. The entry must be one of IPv6, as for all that follow. */
    public static long clientHigh(long entry) {
        return Memory.getLong(cell(entry) + CLIENT_OFFSET);
    }

    /** Bytes 8 to 15. */
    public static long clientLow(long entry) {
        return Memory.getLong(cell(entry) + CLIENT_OFFSET + Long.BYTES);
    }

    /** Bytes 0 to 7; in a template of a firewall mark the mark is the high half of these. */
    public static long virtualHigh(long entry) {
        return Memory.getLong(cell(entry) + VIRTUAL_OFFSET);
    }

    /** Bytes 8 to 15. */
    public static long virtualLow(long entry) {
        return Memory.getLong(cell(entry) + VIRTUAL_OFFSET + Long.BYTES);
    }

    /** Bytes 0 to 7. */
    public static long realHigh(long entry) {
        return Memory.getLong(cell(entry) + REAL_OFFSET);
    }

    /** Bytes 8 to 15. */
    public static long realLow(long entry) {
        return Memory.getLong(cell(entry) + REAL_OFFSET + Long.BYTES);
    }

    static void client(long entry, long high, long low) {
        put(entry, CLIENT_OFFSET, high, low);
    }

    static void virtual(long entry, long high, long low) {
        put(entry, VIRTUAL_OFFSET, high, low);
    }

    static void real(long entry, long high, long low) {
        put(entry, REAL_OFFSET, high, low);
    }

    static int inTag(long entry) {
        return Memory.getInt(cell(entry) + IN_TAG_OFFSET);
    }

    static void inTag(long entry, int tag) {
        Memory.putInt(cell(entry) + IN_TAG_OFFSET, tag);
    }

    static int outTag(long entry) {
        return Memory.getInt(cell(entry) + OUT_TAG_OFFSET);
    }

    static void outTag(long entry, int tag) {
        Memory.putInt(cell(entry) + OUT_TAG_OFFSET, tag);
    }

    static long cell(long entry) {
        return CellSlab.next(entry);
    }

    private static void put(long entry, int offset, long high, long low) {
        long at = cell(entry) + offset;
        Memory.putLong(at, high);
        Memory.putLong(at + Long.BYTES, low);
    }
}
