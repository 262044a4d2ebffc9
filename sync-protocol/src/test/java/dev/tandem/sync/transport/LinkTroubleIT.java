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

/** What a link lives through without being opened again, and what it counts of it. */
@Tag("netns")
@Timeout(120)
class LinkTroubleIT {
    private LinkHosts hosts;

    @BeforeEach
    void connectTwoHosts() throws IOException, InterruptedException {
        hosts = new LinkHosts("trouble");
    }

    @AfterEach
    void removeHosts() throws IOException, InterruptedException {
        hosts.close();
    }

    @ParameterizedTest
    @CsvSource({
        "group=224.0.0.81, group=224.0.0.81",
        "group=ff05::81, group=ff05::81",
        "peers=10.99.0.2, peers=10.99.0.1",
        "peers=fd99::2, peers=fd99::1"
    })
    void shouldFindAnInterfaceThatWasMadeAgain(String settingA, String settingB)
            throws IOException, InterruptedException {
        Peer a = hosts.open(hosts.a, settingA, "ports=4");
        Peer b = hosts.open(hosts.b, settingB, "ports=4");
        b.tell("await 4");
        assertEquals("done", a.ask("send 4 100"));
        assertEquals("in order, 400 bytes", b.answer());

        LinkHosts.run("ip -n " + hosts.a + " link del sync");
        assertEquals("done", a.ask("send 4 100"));
        assertEquals(4, a.counter("sendErrors"));
        hosts.connect();
        a.awaitCounter("reopened", 1);
        b.awaitCounter("reopened", 1);

        b.tell("await 4");
        assertEquals("done", a.ask("send 4 100"));
        assertEquals("in order, 400 bytes", b.answer());
        a.tell("await 4");
        assertEquals("done", b.ask("send 4 100"));
        assertEquals("in order, 400 bytes", a.answer());
    }

    /** The link came up a moment ago, and the kernel still asks whose its address is. */
    @ParameterizedTest
    @CsvSource({"group=ff05::81, group=ff05::81", "peers=fd99::2, peers=fd99::1"})
    void shouldWaitForAnAddressThatIsTentative(String settingA, String settingB)
            throws IOException, InterruptedException {
        LinkHosts.in(hosts.a, "sysctl -q net.ipv6.conf.sync.accept_dad=1");
        LinkHosts.in(hosts.a, "sysctl -q net.ipv6.conf.sync.dad_transmits=2");
        LinkHosts.run("ip -n %s address del fd99::1/64 dev sync".formatted(hosts.a));
        LinkHosts.run("ip -n %s address add fd99::1/64 dev sync".formatted(hosts.a));
        Peer a = hosts.open(hosts.a, settingA);
        Peer b = hosts.open(hosts.b, settingB);

        b.tell("await 1");
        assertEquals("done", a.ask("send 1 100"));
        assertEquals("in order, 100 bytes", b.answer());
    }

    /** A receiver that stands still while its socket fills: the kernel drops, and we know. */
    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.81", "ff05::81"})
    void shouldCountWhatTheKernelDropped(String group) throws IOException, InterruptedException {
        Peer a = hosts.open(hosts.a, "group=" + group, "ports=4");
        Peer b = hosts.open(hosts.b, "group=" + group, "ports=4", "socketBufferBytes=16384");

        b.signal("STOP");
        assertEquals("done", a.ask("send 200 1000"));
        b.signal("CONT");
        long startNs = System.nanoTime();
        while (b.counter("received") + b.counter("socketDrops") < 200) {
            assertTrue(System.nanoTime() - startNs < 20_000_000_000L, "lost without a count");
        }
        assertTrue(b.counter("socketDrops") > 50, "the buffers were not full");
        assertEquals(200, b.counter("received") + b.counter("socketDrops"));
    }
}
