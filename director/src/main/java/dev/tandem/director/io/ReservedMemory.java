package dev.tandem.director.io;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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

    private static final MethodHandle MMAP =
            downcall(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            downcall("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

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
            address =
                    (long)
                            MMAP.invokeExact(
                                    MemorySegment.NULL,
                                    lengthBytes,
                                    PROT_READ_WRITE,
                                    MAP_FLAGS,
                                    -1,
                                    0L);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap cannot be called", e);
        }
        if (address == -1) {
            throw new OutOfMemoryError("mmap of " + lengthBytes + " bytes failed");
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
            int ignored = (int) MUNMAP.invokeExact(address, lengthBytes);
            assert ignored == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("munmap cannot be called", e);
        }
    }

    private static MethodHandle downcall(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
