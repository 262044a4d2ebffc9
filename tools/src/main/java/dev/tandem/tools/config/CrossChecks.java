package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What must hold between keys that are right one by one. A check that would compare a key which has
 * no right value says nothing.
 */
final class CrossChecks {
    private final Problems problems;

    CrossChecks(Problems problems) {
        this.problems = problems;
    }

    void check(NodeConfig config) {
        addresses(config.director());
        services(config.director());
        config.director().sync().ifPresent(this::sync);
        failover(config.failover(), config.director().addresses());
    }

    private void addresses(DirectorConfig director) {
        require(!director.interfaces().isEmpty(), "director.interfaces", "names no interface");
        require(!director.addresses().isEmpty(), "addresses", "names no virtual address");
        unique(director.interfaces(), "director.interfaces", "", name -> name);
        unique(director.addresses(), "addresses", ".address", a -> show(a.address()));
        for (int i = 0; i < director.addresses().size(); i++) {
            String name = director.addresses().get(i).interfaceName();
            require(
                    director.interfaces().contains(name),
                    "addresses[" + i + "].interface",
                    "'" + name + "' is not one of director.interfaces",
                    "director.interfaces");
        }
    }

    private void services(DirectorConfig director) {
        List<VirtualServiceConfig> services = director.services();
        List<InetAddress> owned = owned(director.addresses());
        unique(services, "services", "", CrossChecks::show);
        for (int i = 0; i < services.size(); i++) {
            String path = "services[" + i + "]";
            VirtualServiceConfig service = services.get(i);
            require(
                    owned.contains(service.address()),
                    path + ".address",
                    show(service.address()) + " is not one of the virtual addresses",
                    "addresses");
            unique(
                    service.servers(),
                    path + ".servers",
                    "",
                    server -> "server " + show(server.address()) + ":" + server.port());
            servers(service, path + ".servers", owned);
        }
    }

    private void servers(VirtualServiceConfig service, String path, List<InetAddress> owned) {
        for (int i = 0; i < service.servers().size(); i++) {
            RealServerConfig server = service.servers().get(i);
            String item = path + "[" + i + "]";
            require(
                    server.forwarding() != Forwarding.DR || server.port() == service.port(),
                    item + ".port",
                    server.port()
                            + " must equal the service's port "
                            + service.port()
                            + ": direct routing does not rewrite ports",
                    path.substring(0, path.lastIndexOf('.')) + ".port",
                    item + ".forwarding");
            require(
                    !owned.contains(server.address()),
                    item + ".address",
                    show(server.address()) + " is a virtual address: packets would go in a circle",
                    "addresses");
        }
    }

    private void sync(SyncConfig sync) {
        require(
                sync.policy().isSound(),
                "sync.threshold",
                sync.policy().threshold()
                        + " must be less than sync.period "
                        + sync.policy().period()
                        + " (or sync.period 0: sent once)",
                "sync.period");
    }

    private void failover(FailoverConfig failover, List<VirtualAddress> addresses) {
        require(
                !owned(addresses).contains(failover.bind()),
                "failover.bind",
                show(failover.bind()) + " is a virtual address; bind to one that stays on the node",
                "addresses");
        require(
                failover.heartbeatPort() != failover.groupPort(),
                "failover.group-port",
                failover.groupPort() + " is already failover.heartbeat-port",
                "failover.heartbeat-port");
        int detectionMs = failover.heartbeatIntervalMs() * failover.heartbeatCount();
        require(
                failover.leaseMs() < detectionMs,
                "failover.lease-ms",
                failover.leaseMs()
                        + " must be less than heartbeat-interval-ms × heartbeat-count = "
                        + detectionMs
                        + ": a lost master stops before its peer takes over",
                "failover.heartbeat-interval-ms",
                "failover.heartbeat-count");
        peers(failover, owned(addresses));
    }

    private void peers(FailoverConfig failover, List<InetAddress> owned) {
        List<Peer> peers = failover.peers();
        unique(peers, "failover.peers", ".node", peer -> "node '" + peer.node() + "'");
        unique(peers, "failover.peers", ".address", peer -> show(peer.address()));
        for (int i = 0; i < peers.size(); i++) {
            String item = "failover.peers[" + i + "]";
            InetAddress address = peers.get(i).address();
            require(
                    !peers.get(i).node().equals(failover.node()),
                    item + ".node",
                    "'" + failover.node() + "' is this node itself",
                    "node");
            require(
                    !address.equals(failover.bind()),
                    item + ".address",
                    show(address) + " is this node's own failover.bind",
                    "failover.bind");
            require(
                    !owned.contains(address),
                    item + ".address",
                    show(address) + " is a virtual address",
                    "addresses");
        }
    }

    private <T> void unique(
            List<T> items, String path, String below, Function<T, String> identity) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String it = identity.apply(items.get(i));
            String item = path + "[" + i + "]" + below;
            if (problems.isRead(item)) {
                Integer first = seen.putIfAbsent(it, i);
                require(
                        first == null,
                        item,
                        it + " is there twice, first as " + path + "[" + first + "]");
            }
        }
    }

    private void require(boolean holds, String path, String message, String... comparedWith) {
        boolean comparable =
                problems.isRead(path) && Stream.of(comparedWith).allMatch(problems::isRead);
        if (!holds && comparable && !problems.isReported(path)) {
            problems.add(path, message);
        }
    }

    private static List<InetAddress> owned(List<VirtualAddress> addresses) {
        return addresses.stream().map(VirtualAddress::address).toList();
    }

    private static String show(VirtualServiceConfig service) {
        return service.protocol() + " " + show(service.address()) + ":" + service.port();
    }

    private static String show(InetAddress address) {
        return address.getHostAddress();
    }
}
