package dev.tandem.director.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PollerTest {
    @Test
    void shouldWakeOnceForSignalsBeforeThePoll() throws IOException {
        try (Wakeup wakeup = new Wakeup();
                Poller poller = Poller.over(wakeup, List.of())) {
            assertEquals(0, poller.poll(0));
            wakeup.signal();
            wakeup.signal();
            assertEquals(1, poller.poll(-1));
            assertEquals(0, poller.poll(0));
            wakeup.signal();
            assertEquals(1, poller.poll(-1));
        }
    }

    @Test
    void shouldNotLoseWorkWhenSignalsAndClearsCross() throws Exception {
        int rounds = 100_000;
        AtomicInteger published = new AtomicInteger();
        try (Wakeup wakeup = new Wakeup();
                Poller poller = Poller.over(wakeup, List.of())) {
            Thread producer =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < rounds; i++) {
                                    published.incrementAndGet();
                                    wakeup.signal();
                                }
                            });
            while (published.get() < rounds) {
                // a lost signal would leave this here until the test's time is up
                int _ = poller.poll(-1);
            }
            producer.join();
        }
    }

    @Test
    void shouldBeHarmlessToSignalAfterClose() throws IOException {
        Wakeup wakeup = new Wakeup();
        wakeup.close();
        wakeup.signal();
        wakeup.close();
    }

    @Test
    void shouldSleepForTheTimeGiven() throws IOException {
        try (Wakeup wakeup = new Wakeup();
                Poller poller = Poller.over(wakeup, List.of())) {
            long start = System.nanoTime();
            assertEquals(0, poller.poll(20));
            assertTrue(System.nanoTime() - start >= 19_000_000);
        }
    }

    @Test
    void shouldNameCallAndErrorWhenSetUpFails() {
        NativeException e =
                assertThrows(NativeException.class, () -> Native.open("/no/such/file", 0));
        assertEquals(Errno.ENOENT, e.errno());
        assertEquals("open /no/such/file: ENOENT, no such file or entry (errno 2)", e.getMessage());
        assertThrows(NativeException.class, () -> Native.interfaceIndex("no-such-link"));
    }

    @Test
    void shouldReturnErrnoWhenCallOfTheLoopFails() {
        assertEquals(-9, Native.recv(-1, 0, 0, 0)); // EBADF
        assertEquals(-9, Native.sendmmsg(-1, 0, 1, 0));
        assertEquals(-1, Native.poll(0, -1, 0));
    }
}
