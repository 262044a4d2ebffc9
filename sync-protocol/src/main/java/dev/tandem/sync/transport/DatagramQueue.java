package dev.tandem.sync.transport;

import java.nio.ByteBuffer;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of direct buffers that go round between two threads: the writer claims an empty one
 * and puts it in filled, the reader takes it and releases it. One writer, one reader; no method
 * blocks or allocates.
 */
final class DatagramQueue {
    private static final int ALIGNMENT = 8;

    private final int capacity;
    private final SpscAtomicArrayQueue<ByteBuffer> empty;
    private final SpscAtomicArrayQueue<ByteBuffer> filled;

    /**
     * @param count buffers in all, a power of two
     * @param capacity bytes of each
     */
    DatagramQueue(int count, int capacity) {
        this.capacity = capacity;
        empty = new SpscAtomicArrayQueue<>(count);
        filled = new SpscAtomicArrayQueue<>(count);
        int stride = (capacity + ALIGNMENT - 1) & -ALIGNMENT;
        ByteBuffer memory = ByteBuffer.allocateDirect(count * stride);
        for (int i = 0; i < count; i++) {
            empty.offer(memory.slice(i * stride, capacity));
        }
    }

    /** Bytes that a buffer holds. */
    int capacity() {
        return capacity;
    }

    /** Writer: an empty buffer, or null when all are under way. */
    @Nullable ByteBuffer claim() {
        ByteBuffer buffer = empty.poll();
        return buffer == null ? null : buffer.clear();
    }

    /** Writer: hands a claimed buffer to the reader. */
    void put(ByteBuffer buffer) {
        offer(filled, buffer);
    }

    /** Reader: the oldest filled buffer, or null. */
    @Nullable ByteBuffer take() {
        return filled.poll();
    }

    /** Reader: gives a taken buffer back. */
    void release(ByteBuffer buffer) {
        offer(empty, buffer);
    }

    private static void offer(SpscAtomicArrayQueue<ByteBuffer> queue, ByteBuffer buffer) {
        if (!queue.offer(buffer)) {
            throw new IllegalStateException("a buffer was given back that is not of this queue");
        }
    }
}
