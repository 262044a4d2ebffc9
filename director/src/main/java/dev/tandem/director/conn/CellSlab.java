package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Cells of 64 bytes, one cache line each, that never move: given out from the lowest number up,
 * returned ones first (last in, first out), so that the pages in use follow the highest number of
 * cells there ever was.
 *
 * <p>An entry is one cell, or the first of a chain. Cells know two things of themselves, at the
 * same offsets whatever they are used for:
 *
 * <pre>
 *   59  u8   {@link #HEAD} set: an entry starts here; otherwise a further cell, or a free one
 *   60  i32  how many cells on (or back, negative) the chain's next one is; 0: this is the last.
 *            In a free cell: the number of the next free one.
 * </pre>
 */
final class CellSlab {
    /** Bytes of a cell. */
    static final int CELL_SIZE = 64;

    /** Bytes at a cell's start that belong to its user. */
    static final int PAYLOAD_SIZE = 56;

    /** u8: bits, of which {@link #HEAD} is ours and the others are the user's. */
    static final int MARKS_OFFSET = 59;

    /** i32: link to the chain's next cell. */
    static final int LINK_OFFSET = 60;

    /** Mark of an entry's first cell. */
    static final int HEAD = 1;

    private static final VarHandle USED;

    static {
        try {
            USED = MethodHandles.lookup().findVarHandle(CellSlab.class, "used", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int limit;

    /** Where cell number 0 would be; there is none. */
    private final long base;

    /** Number of the first free cell below the high-water mark, 0 when there is none. */
    private int firstFree;

    /** Cell numbers 1 to this one have been in use. */
    private int highWater;

    private int used;

    /**
     * @param base address of {@code limit + 1} cells that read as zero, the first never used
     */
    CellSlab(long base, int limit) {
        this.base = base;
        this.limit = limit;
    }

    /** Cells in use; any thread may ask. */
    int used() {
        return (int) USED.getOpaque(this);
    }

    /** Whether so many more cells can be taken. */
    boolean hasRoom(int cells) {
        return limit - used >= cells;
    }

    /** A cleared cell; the caller has asked whether there is room. */
    long take() {
        int number = firstFree;
        long cell;
        if (number != 0) {
            cell = address(number);
            firstFree = Memory.getInt(cell + LINK_OFFSET);
        } else {
            cell = address(++highWater);
        }
        Memory.fill(cell, CELL_SIZE, 0);
        USED.setOpaque(this, used + 1);
        return cell;
    }

    /** Takes back a cell and all that are linked behind it. */
    void free(long chain) {
        long cell = chain;
        while (cell != 0) {
            long next = next(cell);
            Memory.putByte(cell + MARKS_OFFSET, 0);
            Memory.putInt(cell + LINK_OFFSET, firstFree);
            firstFree = number(cell);
            USED.setOpaque(this, used - 1);
            cell = next;
        }
    }

    /** The cell behind this one in its chain, or 0. */
    static long next(long cell) {
        int link = Memory.getInt(cell + LINK_OFFSET);
        return link == 0 ? 0 : cell + (long) link * CELL_SIZE;
    }

    /** Puts a taken cell, the last of its chain so far or alone, behind another. */
    static void linkBehind(long cell, long added) {
        Memory.putInt(cell + LINK_OFFSET, (int) ((added - cell) / CELL_SIZE));
    }

    /** Cells that may be in use; grows as the slab fills up, never past the limit. */
    int slotCount() {
        return highWater;
    }

    /** The entry that starts in a slot, 0 to {@link #slotCount()} - 1, or 0. */
    long headAt(int slot) {
        long cell = address(slot + 1L);
        return (Memory.getByte(cell + MARKS_OFFSET) & HEAD) != 0 ? cell : 0;
    }

    long address(long number) {
        return base + number * CELL_SIZE;
    }

    int number(long cell) {
        return (int) ((cell - base) / CELL_SIZE);
    }
}
