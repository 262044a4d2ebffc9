package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be wrong with a link's settings, and what follows from right ones. */
class SyncLinkConfigTest {
    private static SyncLinkConfig config(
            String group, int port, int ports, int ttl, int maxLength, int queue, int buffer)
            throws UnknownHostException {
        return new SyncLinkConfig(
                "eth0",
                InetAddress.getByName(group),
                List.of(),
                port,
                ports,
                ttl,
                maxLength,
                queue,
                buffer);
    }

    private static SyncLinkConfig unicast(int port, String... peers) throws UnknownHostException {
        InetAddress group = InetAddress.getByName(SyncLinkConfig.DEFAULT_GROUP);
        InetSocketAddress[] addresses = new InetSocketAddress[peers.length];
        for (int i = 0; i < peers.length; i++) {
            addresses[i] = new InetSocketAddress(InetAddress.getByName(peers[i]), port);
        }
        return new SyncLinkConfig("eth0", group, List.of(addresses), 8848, 1, 1, 0, 256, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "224.0.0.81|1|1|1|44|8|1024",
                "239.255.0.1|65472|64|255|65507|2048|1073741824",
                "ff02::81|8848|2|1|65487|8|0",
                "ff0e::81|8848|32|64|0|65536|0"
            })
    void shouldFindNothingWrong(
            String group, int port, int ports, int ttl, int maxLength, int queue, int buffer)
            throws UnknownHostException {
        assertEquals(
                List.of(), config(group, port, ports, ttl, maxLength, queue, buffer).problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1|8848|1|1|0|256|0|10.0.0.1 is not a multicast group",
                "224.0.0.81|0|1|1|0|256|0|port 0 is not in 1..65535",
                "224.0.0.81|65473|64|1|0|256|0|port 65473 is not in 1..65472",
                "224.0.0.81|8848|0|1|0|256|0|0 ports are not 1, 2, 4, 8, 16, 32 or 64",
                "224.0.0.81|8848|3|1|0|256|0|3 ports are not 1, 2, 4, 8, 16, 32 or 64",
                "224.0.0.81|8848|128|1|0|256|0|128 ports are not 1, 2, 4, 8, 16, 32 or 64",
                "224.0.0.81|8848|1|0|0|256|0|TTL 0 is not in 1..255",
                "224.0.0.81|8848|1|256|0|256|0|TTL 256 is not in 1..255",
                "224.0.0.81|8848|1|1|43|256|0|message length 43 is not in 44..65507",
                "224.0.0.81|8848|1|1|65508|256|0|message length 65508 is not in 44..65507",
                "ff02::81|8848|1|1|65488|256|0|message length 65488 is not in 44..65487",
                "224.0.0.81|8848|1|1|0|7|0|queue length 7 is not in 8..65536",
                "224.0.0.81|8848|1|1|0|65537|0|queue length 65537 is not in 8..65536",
                "224.0.0.81|8848|1|1|65507|2049|0"
                        + "|2049 messages of 65507 bytes may wait, allowed are 134217728 bytes together",
                "224.0.0.81|8848|1|1|0|256|1023|socket buffer 1023 is not in 1024..1073741824",
                "224.0.0.81|8848|1|1|0|256|-1|socket buffer -1 is not in 1024..1073741824"
            })
    void shouldSayWhatIsWrong(
            String group,
            int port,
            int ports,
            int ttl,
            int maxLength,
            int queue,
            int buffer,
            String problem)
            throws UnknownHostException {
        assertEquals(
                List.of(problem),
                config(group, port, ports, ttl, maxLength, queue, buffer).problems());
    }

    @Test
    void shouldSayAllThatIsWrong() throws UnknownHostException {
        assertEquals(
                List.of(
                        "10.0.0.1 is not a multicast group",
                        "5 ports are not 1, 2, 4, 8, 16, 32 or 64",
                        "port 70000 is not in 1..65535",
                        "TTL 0 is not in 1..255",
                        "message length 1 is not in 44..65507",
                        "queue length 0 is not in 8..65536",
                        "socket buffer 5 is not in 1024..1073741824"),
                config("10.0.0.1", 70_000, 5, 0, 1, 0, 5).problems());
    }

    @Test
    void shouldJudgePeers() throws UnknownHostException {
        assertEquals(List.of(), unicast(8848, "10.0.0.1", "10.0.0.2").problems());
        assertEquals(List.of(), unicast(8848, "fe80::1").problems());
        assertEquals(
                List.of("peers are of IPv4 and of IPv6, allowed is one family"),
                unicast(8848, "10.0.0.1", "fd00::1").problems());
        assertEquals(
                List.of("peer 224.0.0.1 is not a unicast address"),
                unicast(8848, "224.0.0.1").problems());
        assertEquals(
                List.of("peer 0.0.0.0 is not a unicast address"),
                unicast(8848, "0.0.0.0").problems());
        assertEquals(
                List.of("port of a peer 0 is not in 1..65535"), unicast(0, "10.0.0.1").problems());
    }

    /** Lengths as the kernel's: 1500 less the headers, and to receive the MTU's if that is more. */
    @Test
    void shouldKnowTheFamilysLengths() throws UnknownHostException {
        SyncLinkConfig four = config("224.0.0.81", 8848, 1, 1, 0, 256, 0);
        SyncLinkConfig six = config("ff02::81", 8848, 1, 1, 0, 256, 0);
        assertEquals(1472, four.sendLength());
        assertEquals(1452, six.sendLength());
        assertEquals(1452, unicast(8848, "fd00::1").sendLength());
        assertEquals(1472, four.receiveLength(1280));
        assertEquals(8972, four.receiveLength(9000));
        assertEquals(65_507, four.receiveLength(65_536));
        assertEquals(8952, six.receiveLength(9000));
        assertEquals(9000, config("224.0.0.81", 8848, 1, 1, 9000, 256, 0).receiveLength(1500));
    }

    @Test
    void shouldKeepTheMemoryOfAQueueWithinBounds() throws UnknownHostException {
        SyncLinkConfig longest = config("224.0.0.81", 8848, 1, 1, 0, 65_536, 0);
        assertEquals(65_536, longest.receiveQueueLength(1500));
        assertEquals(SyncLinkConfig.MAX_QUEUE_BYTES / 8972, longest.receiveQueueLength(9000));
    }

    @Test
    void shouldKnowWhatItHears() throws UnknownHostException {
        assertFalse(config("239.0.0.1", 8848, 1, 1, 0, 256, 0).hearsEveryInterface());
        assertFalse(config("ff02::81", 8848, 1, 1, 0, 256, 0).hearsEveryInterface());
        assertTrue(config("ff05::81", 8848, 1, 1, 0, 256, 0).hearsEveryInterface());
        assertFalse(unicast(8848, "fd00::1").hearsEveryInterface());
    }
}
