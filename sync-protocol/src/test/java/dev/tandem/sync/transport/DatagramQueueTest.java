package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DatagramQueueTest {
    private static final int COUNT = 8;

    private final DatagramQueue queue = new DatagramQueue(COUNT, 101);

    private ByteBuffer claimed() {
        return assertNotNullBuffer(queue.claim(0));
    }

    private static ByteBuffer assertNotNullBuffer(@Nullable ByteBuffer buffer) {
        assertNotNull(buffer);
        return buffer;
    }

    @Test
    void shouldHandOutEveryBufferOnceAndThenNone() {
        List<ByteBuffer> claimed = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            ByteBuffer buffer = claimed();
            assertTrue(buffer.isDirect());
            assertEquals(101, buffer.remaining());
            claimed.add(buffer);
        }
        assertNull(queue.claim(0));

        claimed.forEach(queue::put);
        queue.release(assertNotNullBuffer(queue.take()));
        assertSame(claimed.getFirst(), queue.claim(0));
    }

    @Test
    void shouldNotLetBuffersOverlap() {
        List<ByteBuffer> claimed = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            ByteBuffer buffer = claimed();
            while (buffer.hasRemaining()) {
                buffer.put((byte) i);
            }
            claimed.add(buffer);
        }
        for (int i = 0; i < COUNT; i++) {
            assertEquals(i, claimed.get(i).get(0));
            assertEquals(i, claimed.get(i).get(100));
        }
    }

    @Test
    void shouldHandBuffersOutCleared() {
        ByteBuffer buffer = claimed();
        queue.put(buffer.position(3).limit(10));
        queue.release(assertNotNullBuffer(queue.take()).position(10));
        for (int i = 0; i < COUNT; i++) {
            assertEquals(101, claimed().remaining());
        }
    }

    @Test
    void shouldRememberTheStreamOfEachBuffer() {
        ByteBuffer third = assertNotNullBuffer(queue.claim(3));
        ByteBuffer fifth = assertNotNullBuffer(queue.claim(5));
        queue.put(fifth);
        queue.put(third);
        assertEquals(5, queue.stream(assertNotNullBuffer(queue.take())));
        assertEquals(3, queue.stream(assertNotNullBuffer(queue.take())));
        assertTrue(queue.owns(third));
        assertFalse(queue.owns(ByteBuffer.allocate(1)));
    }

    @Test
    void shouldHaveRoomForOneRecordWhateverTheLength() {
        ByteBuffer buffer = assertNotNullBuffer(new DatagramQueue(2, 44).claim(0));
        assertEquals(44, buffer.limit());
        assertEquals(512, buffer.capacity());
    }

    @Test
    void shouldRefuseAForeignBuffer() {
        assertThrows(IllegalStateException.class, () -> queue.release(ByteBuffer.allocate(1)));
    }

    @Test
    @Timeout(30)
    void shouldKeepOrderAndContentBetweenThreads() throws InterruptedException {
        int messages = 200_000;
        AtomicReference<String> fault = new AtomicReference<>("");
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            int expected = 0;
                            while (expected < messages) {
                                ByteBuffer buffer = queue.take();
                                if (buffer == null) {
                                    Thread.onSpinWait();
                                    continue;
                                }
                                if (buffer.getInt(0) != expected) {
                                    fault.set("expected " + expected);
                                }
                                queue.release(buffer);
                                expected++;
                            }
                        });
        for (int i = 0; i < messages; ) {
            ByteBuffer buffer = queue.claim(0);
            if (buffer == null) {
                Thread.onSpinWait();
            } else {
                queue.put(buffer.putInt(0, i));
                i++;
            }
        }
        reader.join();
        assertEquals("", fault.get());
    }
}
