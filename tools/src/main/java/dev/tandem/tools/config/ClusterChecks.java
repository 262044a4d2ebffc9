package dev.tandem.tools.config;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.sync.table.TableConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold between the clusters of one node. */
final class ClusterChecks {
    private final Problems problems;

    ClusterChecks(Problems problems) {
        this.problems = problems;
    }

    void check(List<ClusterConfig> clusters) {
        if (clusters.isEmpty() && problems.isRead("clusters")) {
            problems.add("clusters", "names no cluster");
        }
        Map<String, String> names = new HashMap<>();
        Map<String, String> addresses = new HashMap<>();
        Map<String, String> ports = new HashMap<>();
        for (int i = 0; i < clusters.size(); i++) {
            ClusterConfig cluster = clusters.get(i);
            String path = path(i);
            only(names, path + "cluster", "cluster '" + cluster.name() + "'", cluster.name());
            if (!cluster.isShadow()) {
                addresses(cluster, path, addresses);
            }
            if (cluster.role() instanceof Role.Pair(FailoverConfig failover, _, _)) {
                ports(failover, path + "failover.", ports);
            }
            cluster.director()
                    .sync()
                    .flatMap(SyncConfig::tables)
                    .ifPresent(tables -> tablePort(tables, path, ports));
            for (int k = 0; k < i; k++) {
                syncIds(clusters.get(k), path(k), cluster, path);
            }
        }
    }

    /** An address moves with one cluster; a shadow's are not this node's. */
    private void addresses(ClusterConfig cluster, String path, Map<String, String> seen) {
        List<VirtualAddress> addresses = cluster.director().addresses();
        for (int i = 0; i < addresses.size(); i++) {
            String address = addresses.get(i).address().getHostAddress();
            only(seen, path + "addresses[" + i + "].address", address, address);
        }
    }

    private void ports(FailoverConfig failover, String path, Map<String, String> seen) {
        String bind = failover.bind().getHostAddress();
        for (String key : List.of("heartbeat-port", "group-port")) {
            int port = key.equals("group-port") ? failover.groupPort() : failover.heartbeatPort();
            String what = "UDP port " + port + " of " + bind;
            // both keys have defaults: what is not in the file is reported at its block
            only(seen, path + key, what, bind + " " + port);
        }
        tcp(seen, path + "heartbeat-port", bind, failover.heartbeatPort());
    }

    private void tablePort(TableConfig tables, String path, Map<String, String> seen) {
        String bind = tables.bind().map(InetAddress::getHostAddress).orElse("the sync interface");
        tcp(seen, path + "sync.table-port", bind, tables.port());
    }

    private void tcp(Map<String, String> seen, String path, String bind, int port) {
        only(seen, path, "TCP port " + port + " of " + bind, "tcp " + bind + " " + port);
    }

    private void only(Map<String, String> seen, String path, String what, String identity) {
        if (problems.isRead(path)) {
            String first = seen.putIfAbsent(identity, path);
            boolean sameBlock = first != null && clusterOf(first).equals(clusterOf(path));
            if (first != null && !sameBlock && !problems.isReported(path)) {
                problems.add(path, what + " is already " + first);
            }
        }
    }

    /**
     * Two clusters that hear each other's messages must tell them apart by the sync id; 0 hears
     * all. Refused rather than warned of: the connections of one would appear in the other's table.
     */
    private void syncIds(ClusterConfig a, String pathA, ClusterConfig b, String pathB) {
        String keyA = pathA + "sync";
        String keyB = pathB + "sync";
        if (a.director().sync().isEmpty()
                || b.director().sync().isEmpty()
                || !problems.isRead(keyA)
                || !problems.isRead(keyB)
                || problems.isReported(keyB + ".syncid")) {
            return;
        }
        SyncConfig syncA = a.director().sync().get();
        SyncConfig syncB = b.director().sync().get();
        boolean together = syncA.syncId() == syncB.syncId();
        if (hearEachOther(syncA.link(), syncB.link())
                && (together || syncA.syncId() == 0 || syncB.syncId() == 0)) {
            problems.add(
                    keyB + ".syncid",
                    syncB.syncId()
                            + (together
                                    ? " is already "
                                    : " does not tell its messages from those of ")
                            + keyA
                            + ".syncid"
                            + (together ? "" : " " + syncA.syncId() + ", as 0 hears all")
                            + ", and both are on "
                            + interfaces(syncA.link(), syncB.link())
                            + " with the same group and port; give each a sync id from 1 to 255"
                            + " of its own");
        }
    }

    private static String interfaces(SyncLinkConfig a, SyncLinkConfig b) {
        return a.interfaceName().equals(b.interfaceName())
                ? b.interfaceName()
                : a.interfaceName() + " and " + b.interfaceName() + ", which hear each other,";
    }

    private static boolean hearEachOther(SyncLinkConfig a, SyncLinkConfig b) {
        boolean samePorts = a.port() < b.port() + b.ports() && b.port() < a.port() + a.ports();
        boolean sameGroup =
                a.peers().isEmpty() == b.peers().isEmpty() && a.group().equals(b.group());
        boolean sameInterface =
                a.interfaceName().equals(b.interfaceName()) || a.hearsEveryInterface();
        return sameInterface && samePorts && sameGroup;
    }

    private static String path(int index) {
        return "clusters[" + index + "].";
    }

    private static String clusterOf(String path) {
        return path.substring(0, path.indexOf('.'));
    }
}
