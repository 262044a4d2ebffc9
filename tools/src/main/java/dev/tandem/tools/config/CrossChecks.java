package dev.tandem.tools.config;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What must hold between keys of one cluster that are right one by one. A check that would compare
 * a key which has no right value says nothing.
 */
final class CrossChecks {
    private final Problems problems;
    private final String prefix;

    /**
     * @param prefix of the cluster's keys: empty, or {@code clusters[n].}
     */
    CrossChecks(Problems problems, String prefix) {
        this.problems = problems;
        this.prefix = prefix;
    }

    void check(ClusterConfig cluster) {
        DirectorConfig director = cluster.director();
        if (!cluster.isShadow() && !cluster.isWitness()) {
            addresses(director);
        }
        new ServiceChecks(problems, prefix)
                .check(
                        director,
                        cluster.isShadow()
                                || cluster.isWitness()
                                || director.addressHolder() == AddressHolder.HOST);
        director.sync().ifPresent(this::sync);
        if (cluster.role() instanceof Role.Pair(FailoverConfig failover, _, _)) {
            failover(failover, director.addresses());
        }
    }

    private void addresses(DirectorConfig director) {
        String own = prefix + "director.interfaces";
        String interfaces = problems.isLocated(own) ? own : "director.interfaces";
        String addresses = prefix + "addresses";
        problems.require(!director.interfaces().isEmpty(), interfaces, "names no interface");
        problems.require(
                director.addressHolder() == AddressHolder.HOST || !director.addresses().isEmpty(),
                addresses,
                "names no virtual address");
        problems.require(
                director.addressHolder() == AddressHolder.DIRECTOR
                        || director.addresses().isEmpty(),
                addresses,
                "must be empty: the host holds the addresses",
                prefix + "address-holder");
        problems.unique(director.interfaces(), interfaces, "", name -> name);
        problems.unique(director.addresses(), addresses, ".address", a -> show(a.address()));
        for (int i = 0; i < director.addresses().size(); i++) {
            String name = director.addresses().get(i).interfaceName();
            problems.require(
                    director.interfaces().contains(name),
                    addresses + "[" + i + "].interface",
                    "'" + name + "' is not one of " + interfaces,
                    interfaces);
        }
    }

    private void sync(SyncConfig sync) {
        problems.require(
                sync.policy().isSound(),
                prefix + "sync.threshold",
                sync.policy().threshold()
                        + " must be less than sync.period "
                        + sync.policy().period()
                        + " (or sync.period 0: sent once)",
                prefix + "sync.period");
        SyncLinkConfig link = sync.link();
        int lastPort = link.port() + link.ports() - 1;
        problems.require(
                lastPort <= 65_535,
                prefix + "sync.ports",
                link.ports() + " from sync.port " + link.port() + " on end behind 65535",
                prefix + "sync.port");
        problems.unique(link.peers(), prefix + "sync.peers", "", peer -> show(peer.getAddress()));
        for (int i = 1; i < link.peers().size(); i++) {
            problems.require(
                    isIpv4(link.peers().get(i)) == isIpv4(link.peers().getFirst()),
                    prefix + "sync.peers[" + i + "]",
                    "is of another address family than " + prefix + "sync.peers[0]",
                    prefix + "sync.peers[0]");
        }
        HardeningConfig hardening = sync.hardening();
        problems.unique(hardening.keys(), prefix + "sync.keys", ".id", key -> "key " + key.id());
        String mode = Syntax.word(hardening.mode());
        problems.require(
                hardening.mode() == Mode.OFF || !hardening.keys().isEmpty(),
                prefix + "sync.hardening",
                mode + " needs keys: sync.keys with at least one",
                prefix + "sync.keys");
        int minLength = HardenedLink.minLength(link.ports());
        problems.require(
                hardening.mode() == Mode.OFF || link.sendLength() >= minLength,
                prefix + "sync.maxlen",
                link.sendLength() + " must be at least " + minLength + " with hardening " + mode,
                prefix + "sync.hardening",
                prefix + "sync.ports");
        // what is left takes several right keys together: memory, the family's longest message
        String block = prefix + "sync";
        if (problems.isRead(block) && !problems.isReportedWithin(block)) {
            link.problems().forEach(problem -> problems.add(block, problem));
        }
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private void tracked(List<Check> all, Class<? extends Check> kind, String key, String below) {
        List<Check> checks = all.stream().filter(kind::isInstance).toList();
        problems.unique(checks, prefix + "failover.track." + key, below, Check::name);
    }

    private void failover(FailoverConfig failover, List<VirtualAddress> addresses) {
        problems.require(
                !owned(addresses).contains(failover.bind()),
                prefix + "failover.bind",
                show(failover.bind()) + " is a virtual address; bind to one that stays on the node",
                prefix + "addresses");
        problems.require(
                failover.heartbeatPort() != failover.groupPort(),
                prefix + "failover.group-port",
                failover.groupPort() + " is already failover.heartbeat-port",
                prefix + "failover.heartbeat-port");
        tracked(failover.track(), Check.Interface.class, "interfaces", ".interface");
        tracked(failover.track(), Check.Running.class, "processes", "");
        tracked(failover.track(), Check.Script.class, "scripts", ".name");
        int detectionMs = failover.heartbeatIntervalMs() * failover.heartbeatCount();
        problems.require(
                failover.leaseMs() <= failover.maxLeaseMs(),
                prefix + "failover.lease-ms",
                failover.leaseMs()
                        + " must be "
                        + (detectionMs - failover.maxLeaseMs())
                        + " less than heartbeat-interval-ms × heartbeat-count = "
                        + detectionMs
                        + ": a lost master stops before its peer takes over",
                prefix + "failover.heartbeat-interval-ms",
                prefix + "failover.heartbeat-count");
        gateway(failover, owned(addresses));
        problems.unique(failover.keys(), prefix + "failover.keys", ".id", key -> "key " + key.id());
        peers(failover, owned(addresses));
    }

    private void gateway(FailoverConfig failover, List<InetAddress> owned) {
        InetAddress gateway = failover.gateway();
        if (gateway == null) {
            return;
        }
        String key = prefix + "failover.gateway";
        problems.require(
                !owned.contains(gateway),
                key,
                show(gateway) + " is a virtual address, which a node would answer itself",
                prefix + "addresses");
        problems.require(
                !gateway.equals(failover.bind())
                        && failover.peers().stream().noneMatch(it -> it.address().equals(gateway)),
                key,
                show(gateway) + " is a node of the cluster; it must be a third party",
                prefix + "failover.bind",
                prefix + "failover.peers");
        problems.require(
                failover.leaseMs() >= FailoverConfig.MIN_GATEWAY_LEASE_MS,
                prefix + "failover.lease-ms",
                "%d must be %d at least with a gateway, which is asked several times in a lease"
                        .formatted(failover.leaseMs(), FailoverConfig.MIN_GATEWAY_LEASE_MS),
                key);
    }

    private void peers(FailoverConfig failover, List<InetAddress> owned) {
        List<Peer> peers = failover.peers();
        problems.require(
                !peers.isEmpty(),
                prefix + "failover.peers",
                "names no other node; a node alone has role: manual");
        problems.unique(
                peers, prefix + "failover.peers", ".node", peer -> "node '" + peer.node() + "'");
        problems.unique(peers, prefix + "failover.peers", ".address", peer -> show(peer.address()));
        for (int i = 0; i < peers.size(); i++) {
            String item = prefix + "failover.peers[" + i + "]";
            InetAddress address = peers.get(i).address();
            problems.require(
                    !peers.get(i).node().equals(failover.node()),
                    item + ".node",
                    "'" + failover.node() + "' is this node itself",
                    "node");
            problems.require(
                    !address.equals(failover.bind()),
                    item + ".address",
                    show(address) + " is this node's own failover.bind",
                    prefix + "failover.bind");
            problems.require(
                    !owned.contains(address),
                    item + ".address",
                    show(address) + " is a virtual address",
                    prefix + "addresses");
        }
    }

    private static List<InetAddress> owned(List<VirtualAddress> addresses) {
        return addresses.stream().map(VirtualAddress::address).toList();
    }

    private static String show(InetAddress address) {
        return address.getHostAddress();
    }
}
