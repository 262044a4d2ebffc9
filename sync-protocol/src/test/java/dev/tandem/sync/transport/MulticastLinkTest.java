package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What opening a link says when it cannot; the wire itself is in {@code MulticastLinkIT}. */
class MulticastLinkTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nosuch0|224.0.0.81|8848|1|1472|no such interface",
                "lo|10.0.0.1|8848|1|1472|10.0.0.1 is not an IPv4 multicast group",
                "lo|ff02::81|8848|1|1472|ff02:0:0:0:0:0:0:81 is not an IPv4 multicast group",
                "lo|224.0.0.81|0|1|1472|port 0 is not in 1..65535",
                "lo|224.0.0.81|65536|1|1472|port 65536 is not in 1..65535",
                "lo|224.0.0.81|8848|0|1472|TTL 0 is not in 1..255",
                "lo|224.0.0.81|8848|256|1472|TTL 256 is not in 1..255",
                "lo|224.0.0.81|8848|1|43|message length 43 is not in 44..65507",
                "lo|224.0.0.81|8848|1|65508|message length 65508 is not in 44..65507"
            })
    void shouldSayWhyItCannotBeOpened(
            String interfaceName, String group, int port, int ttl, int maxLength, String reason)
            throws UnknownHostException {
        SyncLinkConfig config =
                new SyncLinkConfig(
                        interfaceName,
                        InetAddress.getByName(group),
                        List.of(),
                        port,
                        1,
                        ttl,
                        maxLength,
                        SyncLinkConfig.DEFAULT_QUEUE_LENGTH,
                        0);

        IOException thrown = assertThrows(IOException.class, () -> MulticastLink.open(config));

        assertEquals(
                "cannot open sync link on %s to %s:%d: %s"
                        .formatted(interfaceName, config.group().getHostAddress(), port, reason),
                thrown.getMessage());
    }

    private static MulticastLink openOnLoopback() throws IOException {
        return MulticastLink.open(
                SyncLinkConfig.of(
                        "lo",
                        InetAddress.getByName(SyncLinkConfig.DEFAULT_GROUP),
                        SyncLinkConfig.DEFAULT_PORT));
    }

    /** Whether the messages arrive anywhere is no matter here: the worker's side is measured. */
    @Test
    void shouldNotAllocateOnTheWorkersThread() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (MulticastLink link = openOnLoopback()) {
            work(link, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            work(link, 20_000);
            assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
        }
    }

    private static void work(MulticastLink link, int turns) {
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
        MulticastLink link = openOnLoopback();
        link.close();
        link.close();
        assertEquals(SyncLinkCounters.of(0, 0, 0), link.counters());
    }
}
