package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.transport.LinkHosts.Peer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links by unicast: to each peer, and from nobody else. */
@Tag("netns")
@Timeout(120)
class UnicastLinkIT {
    /** A receiver that gets no processor meanwhile must not lose what is sent at once. */
    private static final int HALF_A_BUFFER = 2 << 20;

    private LinkHosts hosts;

    @BeforeEach
    void connectTwoHosts() throws IOException, InterruptedException {
        hosts = new LinkHosts("ucast");
    }

    @AfterEach
    void removeHosts() throws IOException, InterruptedException {
        hosts.close();
    }

    @ParameterizedTest
    @CsvSource({
        "10.99.0.1, 10.99.0.2, 1, 1472",
        "10.99.0.1, 10.99.0.2, 4, 65507",
        "fd99::1, fd99::2, 1, 65487",
        "fd99::1, fd99::2, 64, 9000"
    })
    void shouldCarryMessagesBothWays(String addressA, String addressB, int ports, int length)
            throws IOException {
        Peer a = hosts.open(hosts.a, "peers=" + addressB, "ports=" + ports, "maxLength=" + length);
        Peer b = hosts.open(hosts.b, "peers=" + addressA, "ports=" + ports, "maxLength=" + length);

        // until the neighbour is known the kernel keeps a few packets only
        b.tell("await " + ports);
        assertEquals("done", a.ask("send " + ports + " 44"));
        assertEquals("in order, " + 44 * ports + " bytes", b.answer());
        int burst = Math.min(128, HALF_A_BUFFER / length);
        b.tell("await " + burst);
        assertEquals("done", a.ask("send " + burst + " " + length));
        assertEquals("in order, " + burst * length + " bytes", b.answer());
        a.tell("await 128");
        assertEquals("done", b.ask("send 128 44"));
        assertEquals("in order, " + 128 * 44 + " bytes", a.answer());
        assertEquals(0, a.counter("strangers"));
        assertEquals(0, a.counter("sendErrors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.99.0.", "fd99::"})
    void shouldRefuseAndCountStrangers(String network) throws IOException {
        Peer stranger = hosts.open(hosts.a, "peers=" + network + "2");
        Peer b = hosts.open(hosts.b, "peers=" + network + "77");

        assertEquals("done", stranger.ask("send 5 100"));
        b.awaitCounter("strangers", 5);
        assertEquals(0, b.counter("received"));
    }

    /** A peer that is down costs the others nothing; one that is not there at all is an error. */
    @ParameterizedTest
    @CsvSource({"10.99.0.2, 192.0.2.1", "fd99::2, 2001:db8::1"})
    void shouldSendToEachPeer(String there, String unreachable) throws IOException {
        String source = there.replace("2", "1");
        Peer a = hosts.open(hosts.a, "peers=" + unreachable + "," + there);
        Peer b = hosts.open(hosts.b, "peers=" + source);

        b.tell("await 5");
        a.tell("send 5 100");
        assertEquals("in order, 500 bytes", b.answer());
        assertEquals("done", a.answer());
        a.awaitCounter("sendErrors", 5);
        assertEquals(5, a.counter("sent"));
        assertTrue(a.ask("counters").contains("{Network is unreachable=5}"));
    }
}
