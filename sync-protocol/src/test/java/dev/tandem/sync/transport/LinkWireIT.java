package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.transport.LinkHosts.Peer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a link looks to tcpdump, beside what the kernel's master looks like. */
@Tag("netns")
@Timeout(120)
class LinkWireIT {
    private LinkHosts hosts;

    @BeforeEach
    void connectTwoHosts() throws IOException, InterruptedException {
        hosts = new LinkHosts("wire");
    }

    @AfterEach
    void removeHosts() throws IOException, InterruptedException {
        hosts.close();
    }

    /** What tcpdump prints of so many packets that b sees while a sends. */
    private List<String> watch(int packets, String filter, String command, String... settings)
            throws IOException, InterruptedException {
        String line =
                "ip netns exec %s tcpdump --immediate-mode -l -n -v -c %d -i sync %s"
                        .formatted(hosts.b, packets, filter);
        Process tcpdump = new ProcessBuilder(line.split(" ", -1)).start();
        try {
            // it says on standard error when it listens
            assertTrue(tcpdump.errorReader().readLine().contains("listening on sync"));
            Peer a = hosts.open(hosts.a, settings);
            assertEquals("done", a.ask(command));
            assertEquals(0, a.counter("sendErrors"));
            return tcpdump.inputReader().lines().toList();
        } finally {
            tcpdump.destroy();
            assertTrue(tcpdump.waitFor(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldLookLikeTheKernelsMaster() throws IOException, InterruptedException {
        String packet = String.join(" ", watch(1, "udp", "send 1 44"));
        assertTrue(packet.contains("ttl 1,"), packet);
        assertTrue(
                packet.matches(".* 10\\.99\\.0\\.1\\.\\d+ > 224\\.0\\.0\\.81\\.8848: .*"), packet);
        assertTrue(packet.contains("length 44"), packet);
    }

    @Test
    void shouldLookLikeTheKernelsMasterOverIpv6() throws IOException, InterruptedException {
        String packet =
                String.join(" ", watch(1, "ip6 and udp", "send 1 44", "group=ff05::81", "ttl=7"));
        assertTrue(packet.contains("hlim 7,"), packet);
        assertTrue(packet.matches(".* fd99::1\\.\\d+ > ff05::81\\.8848: .*"), packet);
    }

    /** Thread n of the kernel sends from a port of its own to the first port plus n. */
    @Test
    void shouldSendEachStreamFromItsOwnPort() throws IOException, InterruptedException {
        String text =
                String.join(" ", watch(8, "udp", "send 8 44", "port=9000", "ports=4", "ttl=33"));
        Matcher ports =
                Pattern.compile("10\\.99\\.0\\.1\\.(\\d+) > 224\\.0\\.0\\.81\\.(\\d+): ")
                        .matcher(text);
        Set<String> pairs = new HashSet<>();
        Set<String> sources = new HashSet<>();
        Set<String> destinations = new HashSet<>();
        while (ports.find()) {
            pairs.add(ports.group());
            sources.add(ports.group(1));
            destinations.add(ports.group(2));
        }
        assertEquals(4, pairs.size(), text);
        assertEquals(4, sources.size(), text);
        assertEquals(Set.of("9000", "9001", "9002", "9003"), destinations);
        assertEquals(8, text.split("ttl 33,", -1).length - 1, text);
    }

    /** Path-MTU discovery is off: no DF flag, and 9000 bytes go out as seven fragments. */
    @Test
    void shouldSendFragments() throws IOException, InterruptedException {
        String text = String.join(" ", watch(7, "dst 224.0.0.81", "send 1 9000", "maxLength=9000"));
        assertTrue(text.contains("flags [+]"), text);
        assertTrue(!text.contains("DF"), text);
        assertEquals(7, text.split(" > 224\\.0\\.0\\.81", -1).length - 1, text);
    }
}
