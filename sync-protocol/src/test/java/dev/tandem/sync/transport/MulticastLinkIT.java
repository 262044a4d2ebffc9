package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.transport.LinkHosts.Peer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two links by multicast, as the kernel's sync daemons exchange their messages. */
@Tag("netns")
@Timeout(120)
class MulticastLinkIT {
    private LinkHosts hosts;

    @BeforeEach
    void connectTwoHosts() throws IOException, InterruptedException {
        hosts = new LinkHosts("mcast");
    }

    @AfterEach
    void removeHosts() throws IOException, InterruptedException {
        hosts.close();
    }

    @Test
    void shouldCarryMessagesBothWaysAndNotHearItself() throws IOException {
        Peer a = hosts.open(hosts.a);
        Peer b = hosts.open(hosts.b);

        b.tell("await 1000");
        assertEquals("done", a.ask("send 1000 1472"));
        assertEquals("in order, 1472000 bytes", b.answer());
        a.tell("await 1");
        assertEquals("done", b.ask("send 1 44"));
        assertEquals("in order, 44 bytes", a.answer());

        assertEquals(1, a.counter("received"));
        assertEquals(1000, b.counter("received"));
        assertEquals(1_472_000, b.counter("receivedBytes"));
    }

    @Test
    void shouldCountErrorsAndGoOnWhenTheInterfaceComesBack()
            throws IOException, InterruptedException {
        Peer a = hosts.open(hosts.a);
        Peer b = hosts.open(hosts.b);

        LinkHosts.run("ip -n " + hosts.a + " link set sync down");
        assertEquals("done", a.ask("send 5 100"));
        assertEquals(0, a.counter("sent"));
        assertEquals(5, a.counter("sendErrors"));
        assertTrue(a.ask("counters").contains("{Network is unreachable=5}"));
        LinkHosts.run("ip -n " + hosts.a + " link set sync up");

        b.tell("await 3");
        assertEquals("done", a.ask("send 3 100"));
        assertEquals("in order, 300 bytes", b.answer());
        a.tell("await 2");
        assertEquals("done", b.ask("send 2 100"));
        assertEquals("in order, 200 bytes", a.answer());
    }

    @Test
    void shouldCountMessagesThatAreTooLong() throws IOException {
        Peer a = hosts.open(hosts.a, "maxLength=4000");
        Peer b = hosts.open(hosts.b);

        b.tell("await 2");
        assertEquals("done", a.ask("send 1 1472"));
        assertEquals("done", a.ask("send 1 1473"));
        assertEquals("done", a.ask("send 1 4000"));
        assertEquals("done", a.ask("send 1 44"));
        assertEquals("disordered, 1516 bytes", b.answer());

        assertEquals(2, b.counter("received"));
        assertEquals(2, b.counter("truncated"));
    }

    @Test
    void shouldDropAndCountWhenTheWorkerIsBehind() throws IOException {
        Peer a = hosts.open(hosts.a);
        Peer b = hosts.open(hosts.b);

        assertEquals("done", a.ask("send 300 44"));
        b.awaitCounter("receiveDrops", 44);
        assertEquals("in order, 11264 bytes", b.ask("await 256"));
        b.tell("await 1");
        assertEquals("done", a.ask("send 1 44"));
        assertEquals("in order, 44 bytes", b.answer());
    }

    @Test
    void shouldSayThatTheInterfaceHasNoAddress() throws IOException, InterruptedException {
        LinkHosts.run("ip -n " + hosts.b + " address flush dev sync");
        String line = hosts.start(hosts.b).answer();
        assertTrue(
                line.endsWith("on sync to 224.0.0.81:8848: the interface has no IPv4 address"),
                line);
    }

    /** Fragments of the longest datagrams travel as those of the kernel do. */
    @ParameterizedTest
    @CsvSource({
        "224.0.0.81, 1, 9000",
        "224.0.0.81, 4, 65507",
        "224.0.0.81, 64, 1472",
        "ff02::81, 1, 9000",
        "ff02::81, 4, 65487",
        "ff05::81, 64, 1452"
    })
    void shouldKeepTheOrderOfEachStream(String group, int ports, int length) throws IOException {
        String[] settings = {"group=" + group, "ports=" + ports, "maxLength=" + length};
        Peer a = hosts.open(hosts.a, settings);
        Peer b = hosts.open(hosts.b, settings);

        for (int round = 0; round < 10; round++) {
            b.tell("await 128");
            assertEquals("done", a.ask("send 128 " + length));
            assertEquals("in order, " + 128 * length + " bytes", b.answer());
        }
        a.tell("await 64");
        assertEquals("done", b.ask("send 64 44"));
        assertEquals("in order, " + 64 * 44 + " bytes", a.answer());
        assertEquals(0, a.counter("sendErrors"));
        assertEquals(0, b.counter("socketDrops"));
    }

    /**
     * Two clusters of one node on interfaces of their own: the same group is not the same link.
     * With an IPv6 group of a wider scope it is, see {@link SyncLinkConfig}.
     */
    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.81", "ff02::81"})
    void shouldHearItsOwnInterfaceAlone(String group) throws IOException, InterruptedException {
        LinkHosts.run(
                "ip -n " + hosts.a + " link add other type veth peer name other netns " + hosts.b);
        LinkHosts.run("ip -n " + hosts.a + " address add 10.97.0.1/24 dev other");
        LinkHosts.run("ip -n " + hosts.b + " address add 10.97.0.2/24 dev other");
        LinkHosts.run("ip -n " + hosts.a + " link set other up");
        LinkHosts.run("ip -n " + hosts.b + " link set other up");
        hosts.awaitIpv6("other");
        Peer a = hosts.open(hosts.a, "group=" + group);
        Peer b = hosts.open(hosts.b, "group=" + group);
        Peer other = hosts.open(hosts.b, "group=" + group, "interface=other");

        b.tell("await 10");
        assertEquals("done", a.ask("send 10 100"));
        assertEquals("in order, 1000 bytes", b.answer());
        Peer otherA = hosts.open(hosts.a, "group=" + group, "interface=other");
        other.tell("await 3");
        assertEquals("done", otherA.ask("send 3 100"));
        assertEquals("in order, 300 bytes", other.answer());
        assertEquals(3, other.counter("received"));
        assertEquals(10, b.counter("received"));
    }
}
