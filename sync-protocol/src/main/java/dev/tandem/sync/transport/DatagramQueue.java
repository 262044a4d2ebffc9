package dev.tandem.sync.transport;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of direct buffers that go round between two threads: the writer claims an empty one
 * for a stream and puts it in filled, the reader takes it and releases it. One writer, one reader;
 * no method blocks or allocates.
 */
public final class DatagramQueue {
    private static final int ALIGNMENT = 8;

    /** A record with all its options, a header and a trailer: whatever the length, one must fit. */
    private static final int MIN_CAPACITY = 512;

    private final int length;
    private final SpscAtomicArrayQueue<ByteBuffer> empty;
    private final SpscAtomicArrayQueue<ByteBuffer> filled;
    private final IdentityHashMap<ByteBuffer, Integer> indexes;

    /** Which stream each buffer is for; written before it is put, read after it was taken. */
    private final int[] streams;

    /**
     * @param count buffers in all, 2 or more
     * @param length bytes of each that are offered
     */
    public DatagramQueue(int count, int length) {
        this.length = length;
        empty = new SpscAtomicArrayQueue<>(count);
        filled = new SpscAtomicArrayQueue<>(count);
        indexes = new IdentityHashMap<>(count);
        streams = new int[count];
        int capacity = Math.max(length, MIN_CAPACITY);
        int stride = (capacity + ALIGNMENT - 1) & -ALIGNMENT;
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.multiplyExact(count, stride));
        for (int i = 0; i < count; i++) {
            ByteBuffer buffer = memory.slice(i * stride, capacity);
            indexes.put(buffer, i);
            empty.offer(buffer);
        }
    }

    /** Bytes of a claimed buffer. */
    public int length() {
        return length;
    }

    /**
     * Writer: an empty buffer, or null when all are under way. Its limit may be raised up to its
     * capacity.
     */
    public @Nullable ByteBuffer claim(int stream) {
        ByteBuffer buffer = empty.poll();
        if (buffer == null) {
            return null;
        }
        streams[index(buffer)] = stream;
        return buffer.clear().limit(length);
    }

    /** Whoever holds the buffer: the stream it was claimed for. */
    public int stream(ByteBuffer buffer) {
        return streams[index(buffer)];
    }

    /** Whether the buffer is one of these. */
    public boolean owns(ByteBuffer buffer) {
        return indexes.containsKey(buffer);
    }

    /** Writer: hands a claimed buffer to the reader. */
    public void put(ByteBuffer buffer) {
        offer(filled, buffer);
    }

    /** Reader: the oldest filled buffer, or null. */
    public @Nullable ByteBuffer take() {
        return filled.poll();
    }

    /** Reader: gives a taken buffer back. */
    public void release(ByteBuffer buffer) {
        offer(empty, buffer);
    }

    /** Filled buffers that were not taken yet; any thread, roughly. */
    public int waiting() {
        return filled.size();
    }

    private int index(ByteBuffer buffer) {
        Integer index = indexes.get(buffer);
        if (index == null) {
            throw new IllegalStateException("a buffer that is not of this queue");
        }
        return index;
    }

    private void offer(SpscAtomicArrayQueue<ByteBuffer> queue, ByteBuffer buffer) {
        int _ = index(buffer);
        if (!queue.offer(buffer)) {
            throw new IllegalStateException("a buffer was given back twice");
        }
    }
}
