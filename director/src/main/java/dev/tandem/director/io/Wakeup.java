package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wakes a thread that sleeps in poll(2). Any thread signals; one thread polls the descriptor and
 * clears. A signal that finds an earlier one not yet cleared costs one atomic read.
 *
 * <p>Who wakes somebody publishes the work first and signals then; who is woken clears first and
 * looks for work then. So no work is overlooked.
 */
public final class Wakeup implements AutoCloseable {
    /** EFD_NONBLOCK | EFD_CLOEXEC (sys/eventfd.h). */
    private static final int EVENTFD_FLAGS = 0x800 | 0x80000;

    private final Arena arena = Arena.ofShared();
    private final long one = arena.allocate(8, 8).address();
    private final long drained = arena.allocate(8, 8).address();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final int descriptor;
    private boolean closed;

    public Wakeup() throws IOException {
        descriptor = Native.eventfd(0, EVENTFD_FLAGS);
        Memory.putLong(one, 1);
    }

    /** The descriptor to poll for reading. */
    public int descriptor() {
        return descriptor;
    }

    /** Makes the descriptor readable. Does nothing after {@link #close}. */
    public void signal() {
        if (signalled.get() || !signalled.compareAndSet(false, true)) {
            return;
        }
        writeOne();
    }

    /** Makes the descriptor unreadable again; called by the thread that polls. */
    public void clear() {
        if (signalled.get()) {
            long _ = Native.read(descriptor, drained, 8);
            signalled.set(false);
        }
    }

    /** Locked against {@link #close}, after which the number may belong to another file. */
    private synchronized void writeOne() {
        if (!closed) {
            long _ = Native.write(descriptor, one, 8);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Native.close(descriptor);
            arena.close();
        }
    }
}
