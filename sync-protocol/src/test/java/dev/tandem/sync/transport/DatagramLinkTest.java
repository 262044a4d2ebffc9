package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a link says when it cannot be opened, and what it does with its buffers; the wire itself is
 * in {@code MulticastLinkIT}.
 */
class DatagramLinkTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nosuch0|224.0.0.81|8848|no such interface",
                "nosuch0|ff02::81|8848|no such interface",
                "lo|10.0.0.1|0|10.0.0.1 is not a multicast group; port 0 is not in 1..65535"
            })
    void shouldSayWhyItCannotBeOpened(String interfaceName, String group, int port, String reason)
            throws UnknownHostException {
        SyncLinkConfig config =
                SyncLinkConfig.of(interfaceName, InetAddress.getByName(group), port);

        IOException thrown = assertThrows(IOException.class, () -> DatagramLink.open(config));

        assertEquals(
                "cannot open sync link on %s to %s:%d: %s"
                        .formatted(interfaceName, config.group().getHostAddress(), port, reason),
                thrown.getMessage());
    }

    /** Nothing is sent meanwhile: the buffers are with the worker, and then there are no more. */
    @Test
    void shouldCountWhenAllBuffersAreUnderWay() throws IOException {
        try (DatagramLink link = openOnLoopback()) {
            List<ByteBuffer> claimed = new ArrayList<>();
            for (ByteBuffer next = link.claim(); next != null; next = link.claim()) {
                claimed.add(next);
            }
            assertEquals(SyncLinkConfig.DEFAULT_QUEUE_LENGTH + link.streams(), claimed.size());
            assertEquals(1, link.counters().sendDrops());
        }
    }

    private static DatagramLink openOnLoopback() throws IOException {
        return DatagramLink.open(
                SyncLinkConfig.of(
                        "lo",
                        InetAddress.getByName(SyncLinkConfig.DEFAULT_GROUP),
                        SyncLinkConfig.DEFAULT_PORT));
    }

    /** Whether the messages arrive anywhere is no matter here: the worker's side is measured. */
    @Test
    void shouldNotAllocateOnTheWorkersThread() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (DatagramLink link = openOnLoopback()) {
            work(link, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            work(link, 20_000);
            assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
        }
    }

    private static void work(DatagramLink link, int turns) {
        for (int i = 0; i < turns; i++) {
            ByteBuffer toSend = link.claim();
            if (toSend != null) {
                link.send(toSend.putInt(0, i).limit(44));
            }
            ByteBuffer received = link.receive();
            if (received != null) {
                link.release(received);
            }
        }
    }

    @Test
    void shouldCloseTwice() throws IOException {
        DatagramLink link = openOnLoopback();
        link.close();
        link.close();
        assertEquals(SyncLinkCounters.of(0, 0, 0), link.counters());
    }
}
