package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.Lan;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two directors, a host and a stranger on one link, each in a namespace of its own: real kernels
 * ask for the IPv6 address that lives in a director.
 *
 * <pre>
 *   one a0 ──┐             ┌── host h0 2001:db8:1::9
 *            ├── bridge ───┤
 *   two b0 ──┘             └── stranger s0
 * </pre>
 */
@Tag("netns")
@Timeout(60)
class Ipv6AddressIT {
    private static final String VIP = "2001:db8:1::100";
    private static final long LEASE_NS = 60_000_000_000L;

    private final TestNamespaces namespaces = new TestNamespaces();
    private final List<Director> directors = new ArrayList<>();
    private String one = "";
    private String two = "";
    private String host = "";
    private String stranger = "";

    @BeforeEach
    void build() {
        String bridge = namespaces.add("br");
        TestNamespaces.in(bridge, "ip", "link", "add", "br0", "type", "bridge");
        TestNamespaces.in(bridge, "ip", "link", "set", "br0", "up");
        one = namespaces.addWithIpv6("a");
        two = namespaces.add("b"); // whose interface knows nothing of IPv6
        host = namespaces.addWithIpv6("h");
        stranger = namespaces.addWithIpv6("s");
        plug(bridge, one, "a0");
        plug(bridge, two, "b0");
        plug(bridge, host, "h0");
        plug(bridge, stranger, "s0");
        TestNamespaces.in(
                host, "ip", "-6", "addr", "add", "2001:db8:1::9/64", "dev", "h0", "nodad");
    }

    private void plug(String bridge, String name, String device) {
        namespaces.connect(name, device, bridge, "p" + device);
        TestNamespaces.in(bridge, "ip", "link", "set", "p" + device, "master", "br0");
    }

    @AfterEach
    void remove() {
        directors.forEach(Director::close);
        namespaces.close();
    }

    private Director open(String name, String device) throws Exception {
        DirectorConfig config =
                new DirectorConfig(
                        List.of(device),
                        AddressHolder.DIRECTOR,
                        List.of(new VirtualAddress(Lan.inet(VIP), device)),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT);
        Director director = TestNamespaces.call(name, () -> Director.open(config));
        directors.add(director);
        director.start();
        director.leaseUntil(System.nanoTime() + LEASE_NS);
        return director;
    }

    @Test
    void shouldBeResolvedByRealKernelAndMoveToAnotherMac() throws Exception {
        Director first = open(one, "a0");
        Director second = open(two, "b0");
        assertEquals("", Await.value(first.probeAddresses(100)));
        var _ = Await.value(first.takeAddresses());
        speakTo();
        Await.until("resolved", () -> neighbour().contains(hardware(one, "a0")));
        assertTrue(neighbour().contains("router"), neighbour());
        String groups = TestNamespaces.in(one, "ip", "-6", "maddr", "show", "dev", "a0");
        assertTrue(groups.contains("ff02::1:ff00:100"), groups);

        String claimed = Await.value(second.probeAddresses(300));
        assertTrue(claimed.contains(VIP + " is claimed by " + hardware(one, "a0")), claimed);
        var _ = Await.value(first.releaseAddresses(0));
        assertEquals("", Await.value(second.probeAddresses(100)));
        var _ = Await.value(second.takeAddresses());
        // nothing was asked: the announcement moved it
        Await.until("moved", () -> neighbour().contains(hardware(two, "b0")));
        speakTo();
        Await.until(
                "asked again and answered",
                () ->
                        neighbour().contains("REACHABLE")
                                && neighbour().contains(hardware(two, "b0")));
    }

    @Test
    void shouldKeepStrangerFromTakingTheAddressAndNoticeOneWhoDoesNotAsk() throws Exception {
        TestNamespaces.in(stranger, "sysctl", "-qw", "net.ipv6.conf.s0.accept_dad=1");
        TestNamespaces.in(stranger, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=1");
        Director director = open(one, "a0");
        var _ = Await.value(director.takeAddresses());
        TestNamespaces.in(stranger, "ip", "-6", "addr", "add", VIP + "/64", "dev", "s0");
        Await.until("refused", () -> addresses().contains("dadfailed"));
        assertEquals(0, director.status().addressConflicts());

        TestNamespaces.in(stranger, "ip", "-6", "addr", "flush", "dev", "s0", "scope", "global");
        TestNamespaces.in(stranger, "ip", "-6", "addr", "add", VIP + "/64", "dev", "s0", "nodad");
        speakFrom(stranger, VIP, "2001:db8:1::9");
        Await.until("noticed", () -> director.status().addressConflicts() > 0);
    }

    private String addresses() {
        return TestNamespaces.in(stranger, "ip", "-6", "addr", "show", "dev", "s0");
    }

    /** Has the host's kernel look for the address. */
    private void speakTo() throws Exception {
        speakFrom(host, "2001:db8:1::9", VIP);
    }

    private static void speakFrom(String name, String source, String destination) throws Exception {
        boolean _ =
                TestNamespaces.call(
                        name,
                        () -> {
                            try (DatagramSocket socket =
                                    new DatagramSocket(
                                            new InetSocketAddress(Lan.inet(source), 0))) {
                                socket.send(
                                        new DatagramPacket(
                                                new byte[1], 1, Lan.inet(destination), 9));
                            }
                            return true;
                        });
    }

    private String neighbour() {
        return TestNamespaces.in(host, "ip", "-6", "neigh", "show", VIP);
    }

    private static String hardware(String name, String device) {
        return TestNamespaces.hardwareAddress(name, device);
    }
}
