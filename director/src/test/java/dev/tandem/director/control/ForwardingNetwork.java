package dev.tandem.director.control;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.Decapsulator;
import dev.tandem.director.testing.Lan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A client, a director, a server that is reached by translation, and one that holds the virtual
 * address itself, behind direct routing or a tunnel.
 *
 * <pre>
 *   client c0 .1.9 ───┐             ┌── n0 .2.11 back by way of the director
 *                     ├── bridge ───┤
 *   director a0 ──────┘             └── d0 .2.12, virtual address on lo, back straight
 *     10.88.1.100 virtual, 10.88.2.100 gateway; the same in 2001:db8:1:: and 2001:db8:2::
 * </pre>
 */
final class ForwardingNetwork {
    private static final String VIP = "10.88.1.100";
    private static final String VIP6 = "2001:db8:1::100";
    private static final String NAT_SERVER = "10.88.2.11";
    private static final String NAT_SERVER6 = "2001:db8:2::11";
    private static final String SERVER = "10.88.2.12";
    private static final String SERVER6 = "2001:db8:2::12";
    private static final int NAT_PORT_SHIFT = 1000;

    /** A way of forwarding, and the family of either side. */
    record Way(boolean ipv6, Forwarding forwarding, Tunnel tunnel, boolean serverIpv6) {
        /** The server as the director knows it. */
        String server() {
            return serverIpv6 ? nat() ? NAT_SERVER6 : SERVER6 : nat() ? NAT_SERVER : SERVER;
        }

        String virtual() {
            return ipv6 ? VIP6 : VIP;
        }

        /** What the server binds to. */
        String bound() {
            return nat() ? server() : virtual();
        }

        /** The server's port for one of the virtual address: another when it is translated. */
        int serverPort(int port) {
            return port + (nat() ? NAT_PORT_SHIFT : 0);
        }

        boolean nat() {
            return forwarding == Forwarding.NAT;
        }

        VirtualServiceConfig service(Transport protocol, int port) {
            return new VirtualServiceConfig(
                    protocol,
                    Lan.inet(virtual()),
                    port,
                    "rr",
                    List.of(
                            new RealServerConfig(
                                    Lan.inet(server()),
                                    serverPort(port),
                                    forwarding,
                                    1,
                                    0,
                                    0,
                                    tunnel)));
        }

        @Override
        public String toString() {
            return "%s %s%s to %s"
                    .formatted(
                            ipv6 ? "IPv6" : "IPv4",
                            forwarding,
                            forwarding == Forwarding.TUNNEL
                                    ? " " + tunnel.type() + " " + tunnel.checksum()
                                    : "",
                            serverIpv6 ? "IPv6" : "IPv4");
        }
    }

    private final TestNamespaces namespaces = new TestNamespaces();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final String client;
    private final String director;
    private final String natServer;
    private final String server;

    ForwardingNetwork() throws Exception {
        String bridge = namespaces.add("br");
        TestNamespaces.in(bridge, "ip", "link", "add", "br0", "type", "bridge");
        TestNamespaces.in(bridge, "ip", "link", "set", "br0", "up");
        client = plug(bridge, "c", "c0", "10.88.1.9", "2001:db8:1::9");
        TestNamespaces.in(client, "ip", "route", "add", "10.88.2.0/24", "dev", "c0");
        TestNamespaces.in(client, "ip", "-6", "route", "add", "2001:db8:2::/64", "dev", "c0");
        director = plug(bridge, "a", "a0", "10.88.1.1", "2001:db8:1::1");
        address(director, "a0", "10.88.2.1", "2001:db8:2::1");
        natServer = plug(bridge, "n", "n0", NAT_SERVER, NAT_SERVER6);
        TestNamespaces.in(natServer, "ip", "route", "add", "10.88.1.0/24", "via", "10.88.2.100");
        TestNamespaces.in(
                natServer, "ip", "-6", "route", "add", "2001:db8:1::/64", "via", "2001:db8:2::100");
        server = plug(bridge, "d", "d0", SERVER, SERVER6);
        holdVirtualAddresses(server);
    }

    /** Opens the tunnels' end in front of the server. */
    ForwardingNetwork withTunnels() throws Exception {
        keep(Decapsulator.open(server, "d0"));
        return this;
    }

    private String plug(String bridge, String name, String device, String ipv4, String ipv6) {
        String namespace = namespaces.addWithIpv6(name);
        namespaces.connect(namespace, device, bridge, "p" + device);
        TestNamespaces.in(bridge, "ip", "link", "set", "p" + device, "master", "br0");
        TestNamespaces.in(namespace, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
        TestNamespaces.in(namespace, "sysctl", "-qw", "net.ipv4.conf." + device + ".rp_filter=0");
        address(namespace, device, ipv4, ipv6);
        return namespace;
    }

    private static void address(String name, String device, String ipv4, String ipv6) {
        TestNamespaces.in(name, "ip", "addr", "add", ipv4 + "/24", "dev", device);
        TestNamespaces.in(name, "ip", "-6", "addr", "add", ipv6 + "/64", "dev", device, "nodad");
    }

    private static void holdVirtualAddresses(String server) {
        TestNamespaces.in(server, "sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1");
        TestNamespaces.in(server, "sysctl", "-qw", "net.ipv4.conf.all.arp_announce=2");
        TestNamespaces.in(server, "ip", "addr", "add", VIP + "/32", "dev", "lo");
        TestNamespaces.in(server, "ip", "-6", "addr", "add", VIP6 + "/128", "dev", "lo", "nodad");
        TestNamespaces.in(server, "ip", "route", "add", "10.88.1.0/24", "dev", "d0");
        TestNamespaces.in(server, "ip", "-6", "route", "add", "2001:db8:1::/64", "dev", "d0");
    }

    /**
     * Starts a director that owns the addresses.
     *
     * @param connections that it can hold
     */
    Director start(List<VirtualServiceConfig> services, int connections, DirectorSettings settings)
            throws Exception {
        DirectorConfig config =
                new DirectorConfig(
                        List.of("a0"),
                        AddressHolder.DIRECTOR,
                        Stream.of(VIP, VIP6, "10.88.2.100", "2001:db8:2::100")
                                .map(text -> new VirtualAddress(Lan.inet(text), "a0"))
                                .toList(),
                        services,
                        List.of(),
                        Optional.empty(),
                        connections,
                        0,
                        settings);
        Director started = TestNamespaces.call(director, () -> Director.open(config));
        keep(started);
        started.start();
        started.leaseUntil(System.nanoTime() + 600_000_000_000L);
        var _ = Await.value(started.takeAddresses());
        return started;
    }

    /** Leads what servers say to others of a network through the director to the client's host. */
    void routeToClient(String ipv4Network) {
        TestNamespaces.in(natServer, "ip", "route", "add", ipv4Network, "via", "10.88.2.100");
        TestNamespaces.in(director, "ip", "route", "add", ipv4Network, "via", "10.88.1.9");
    }

    /** Of the director's interface. */
    long directorHardware() {
        return TestNamespaces.parse(TestNamespaces.hardwareAddress(director, "a0"));
    }

    /** The client's namespace. */
    String client() {
        return client;
    }

    /** The namespace of a way's server. */
    String host(Way way) {
        return way.nat() ? natServer : server;
    }

    /** Closed with the network, the latest first. */
    <T extends AutoCloseable> T keep(T resource) {
        opened.addFirst(resource);
        return resource;
    }

    /** Ends everything. */
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        namespaces.close();
    }
}
