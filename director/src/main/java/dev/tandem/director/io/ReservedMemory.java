package dev.tandem.director.io;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A range of address space that costs memory only where it was written: an anonymous private
 * mapping without reservation (mmap(2), MAP_NORESERVE), which the kernel backs with zeroed pages
 * one by one at their first touch.
 *
 * <p>An {@link java.lang.foreign.Arena} is not used because it zeroes what it allocates, and so
 * commits all of it at once.
 */
public final class ReservedMemory implements AutoCloseable {
    private static final int PROT_READ_WRITE = 0x1 | 0x2;

    /** MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE of asm-generic/mman.h (x86-64 and arm64). */
    private static final int MAP_FLAGS = 0x02 | 0x20 | 0x4000;

    private static final int NO_FILE = -1;

    private final long address;
    private final long lengthBytes;
    private boolean closed;

    /**
     * Reserves {@code lengthBytes}, page-aligned and reading as zero.
     *
     * @throws OutOfMemoryError when the kernel refuses
     */
    public ReservedMemory(long lengthBytes) {
        this.lengthBytes = lengthBytes;
        try {
            address = Native.mmap(lengthBytes, PROT_READ_WRITE, MAP_FLAGS, NO_FILE);
        } catch (IOException e) {
            OutOfMemoryError error =
                    new OutOfMemoryError(
                            lengthBytes + " bytes cannot be reserved: " + e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    /** The first byte's address. */
    public long address() {
        return address;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /** Gives the range back; any later access to it ends the process. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Native.munmap(address, lengthBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a mapping of our own cannot be removed", e);
        }
    }
}
