package dev.tandem.director.guard;

import dev.tandem.director.io.TestNamespaces;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A host that is the gateway between a client's network, 10.9.1.0/24, and a server's, 10.9.2.0/24.
 */
abstract class GatewayHost {
    static final String VIP = "10.9.1.100";
    static final long LEASE_NS = 120_000_000_000L;

    final TestNamespaces namespaces = new TestNamespaces();

    /** What is closed at the end, the last first. */
    final List<AutoCloseable> open = new ArrayList<>();

    String client = "";
    String host = "";
    String server = "";

    @BeforeEach
    void build() {
        client = namespaces.add("c");
        host = namespaces.add("d");
        server = namespaces.add("s");
        network(client, "c0", "d0", 1);
        network(server, "s0", "d1", 2);
        TestNamespaces.in(host, "sysctl", "-qw", "net.ipv4.ip_forward=1");
    }

    void network(String name, String device, String hostDevice, int number) {
        namespaces.connect(name, device, host, hostDevice);
        String net = "10.9." + number + ".";
        TestNamespaces.in(host, "ip", "addr", "add", net + "1/24", "dev", hostDevice);
        TestNamespaces.in(name, "ip", "addr", "add", net + "2/24", "dev", device);
        TestNamespaces.in(name, "ip", "route", "add", "default", "via", net + "1");
    }

    @AfterEach
    void remove() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        namespaces.close();
    }
}
