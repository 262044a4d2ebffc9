package dev.tandem.tools.daemon;

import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.control.DirectorStatus;
import dev.tandem.director.control.DirectorStatus.PathStatus;
import dev.tandem.director.control.DirectorStatus.ServerStatus;
import dev.tandem.director.control.DirectorStatus.ServiceStatus;
import dev.tandem.director.control.DirectorStatus.SyncStatus;
import dev.tandem.director.control.DirectorStatus.Traffic;
import dev.tandem.director.io.PortCounters;
import dev.tandem.director.sched.Schedulers;
import dev.tandem.failover.node.ClusterNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.ManualNode;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.failover.track.CheckStatus;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Status;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the other modules say of themselves into the API's records, which stay the same when
 * those change.
 */
final class Views {
    /** ISO 8601, always of the same length, so that texts sort as times do. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Views() {}

    static Report report(String cluster, FailoverReport report) {
        return new Report(
                report.id(),
                TIME.format(report.at()),
                report.cause(),
                report.from(),
                report.to(),
                report.epoch(),
                report.phasesMs(),
                report.connections(),
                report.evidence(),
                cluster,
                null);
    }

    static Status status(String nodeName, Cluster cluster, long uptimeMs) {
        ClusterNode node = cluster.node();
        DirectorStatus director = cluster.director().status();
        if (node == null) {
            return status(
                    new Standing(
                            nodeName,
                            "shadow",
                            "SHADOW",
                            0,
                            "",
                            "it only listens",
                            "it only listens",
                            0),
                    cluster,
                    List.of(),
                    List.of(),
                    director,
                    Map.of(),
                    null,
                    uptimeMs);
        }
        NodeStatus now = node.status();
        String role =
                node instanceof ManualNode
                        ? "manual"
                        : cluster.config().isWitness() ? "witness" : "pair";
        return status(
                new Standing(
                        nodeName,
                        role,
                        now.state().name(),
                        now.epoch(),
                        now.master(),
                        now.reason(),
                        now.whyNotMaster(),
                        now.priority()),
                cluster,
                now.checks(),
                now.peers(),
                director,
                heartbeat(now.counters()),
                node instanceof ManualNode ? null : group(now),
                uptimeMs);
    }

    private static Status.Group group(NodeStatus now) {
        return new Status.Group(
                now.keys(),
                now.refusals(),
                now.gateway()
                        .map(it ->
                                new Status.Gateway(it.address(), it.answers(), it.answeredMsAgo()))
                        .orElse(null));
    }

    /** What this node is in a cluster, and why. */
    private record Standing(
            String node,
            String role,
            String state,
            long epoch,
            String master,
            String reason,
            String whyNotMaster,
            int priority) {}

    private static Status status(
            Standing standing,
            Cluster cluster,
            List<CheckStatus> checks,
            List<NodeStatus.PeerStatus> peers,
            DirectorStatus director,
            Map<String, Long> heartbeat,
            Status.@Nullable Group group,
            long uptimeMs) {
        return new Status(
                standing.node(),
                cluster.name(),
                standing.role(),
                standing.state(),
                standing.epoch(),
                standing.master(),
                standing.reason(),
                standing.whyNotMaster(),
                uptimeMs,
                director.fault(),
                director.connections(),
                cluster.config().director().connectionLimit(),
                director.addresses().stream()
                        .map(a ->
                                new Status.Address(
                                        a.address().getHostAddress(), a.interfaceName(), a.owned()))
                        .toList(),
                standing.priority(),
                checks.stream().map(Views::tracked).toList(),
                peers.stream().map(Views::peer).toList(),
                director.services().stream().map(Views::service).toList(),
                cluster.replicated() == null ? null : cluster.replicated().status(),
                sync(cluster, director, uptimeMs),
                director.ports().stream().map(p -> port(p.name(), p.counters())).toList(),
                packets(director),
                director.dropped(),
                DefenceViews.defence(director.defence(), cluster.director().settings().now()),
                director.helpers(),
                director.schedulerFailures(),
                DefenceViews.guard(director),
                heartbeat,
                group,
                cluster.notified());
    }

    static Status.Tracked tracked(CheckStatus check) {
        return new Status.Tracked(
                check.name(),
                check.state(),
                check.weight(),
                check.points(),
                check.reason(),
                check.sinceMs(),
                check.failures());
    }

    static Status.Peer peer(NodeStatus.PeerStatus peer) {
        return new Status.Peer(
                peer.node(),
                peer.state(),
                peer.alive(),
                peer.epoch(),
                peer.priority(),
                peer.connections(),
                peer.syncLag(),
                peer.vote().holder(),
                peer.vote().epoch(),
                peer.seesGateway(),
                peer.lastHeardMs());
    }

    private static Status.Service service(ServiceStatus service) {
        Traffic traffic = service.traffic();
        return new Status.Service(
                switch (service.id()) {
                    case AddressService(Transport protocol, _, _) -> word(protocol);
                    case MarkService(_, boolean ipv6) -> ipv6 ? "mark6" : "mark";
                },
                switch (service.id()) {
                    case AddressService(_, InetAddress address, _) -> address.getHostAddress();
                    case MarkService(int fwmark, _) -> Integer.toUnsignedString(fwmark);
                },
                service.id() instanceof AddressService(_, _, int port) ? port : 0,
                service.options().scheduler(),
                Schedulers.flagNames(
                        service.options().scheduler(), service.options().schedulerFlags()),
                service.options().persistenceSeconds(),
                service.options().engine(),
                service.options().onePacket(),
                traffic.connections(),
                traffic.inPackets(),
                traffic.outPackets(),
                traffic.inBytes(),
                traffic.outBytes(),
                rates(traffic),
                service.servers().stream().map(Views::server).toList());
    }

    private static Status.Server server(ServerStatus server) {
        Traffic traffic = server.traffic();
        return new Status.Server(
                server.config().address().getHostAddress(),
                server.config().port(),
                word(server.config().forwarding()),
                server.config().weight(),
                server.active(),
                server.inactive(),
                server.persistent(),
                server.config().upperThreshold(),
                server.config().lowerThreshold(),
                server.overloaded(),
                traffic.connections(),
                traffic.inPackets(),
                traffic.outPackets(),
                traffic.inBytes(),
                traffic.outBytes(),
                rates(traffic));
    }

    private static Status.Rates rates(Traffic traffic) {
        return new Status.Rates(
                traffic.rates().connections(),
                traffic.rates().inPackets(),
                traffic.rates().outPackets(),
                traffic.rates().inBytes(),
                traffic.rates().outBytes());
    }

    private static Status.@Nullable Sync sync(
            Cluster cluster, DirectorStatus director, long uptimeMs) {
        Optional<SyncConfig> config = cluster.config().director().sync();
        if (config.isEmpty() || director.sync().isEmpty()) {
            return null;
        }
        SyncStatus sync = director.sync().get();
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("recordsSent", sync.sentRecords());
        counters.put("recordsDropped", sync.droppedRecords());
        counters.put("recordsNotCarried", sync.notCarriedRecords());
        counters.put("datagramsSent", sync.link().sent());
        counters.put("sendErrors", sync.link().sendErrors());
        counters.put("datagramsReceived", sync.receivedDatagrams());
        counters.put("recordsReceived", sync.receivedRecords());
        counters.put("datagramsDiscarded", sync.discardedDatagrams());
        counters.put("version0Datagrams", sync.version0Datagrams());
        counters.put("unknownOptions", sync.unknownOptions());
        counters.put("sequencesNotBelieved", sync.implausibleSequences());
        counters.put("removedByRounds", sync.removedByRounds());
        sync.outcomes().forEach((outcome, count) -> counters.put(outcome, count));
        return new Status.Sync(
                config.get().link().interfaceName(),
                config.get().link().group().getHostAddress(),
                config.get().link().port(),
                config.get().syncId(),
                sync.master(),
                sync.lagRecords(),
                counters,
                sync.refused(),
                SyncViews.settings(config.get(), cluster.hardening()),
                SyncViews.link(sync.link()),
                SyncViews.hardening(sync, director.connections()),
                SyncViews.tables(sync),
                cluster.node() == null ? SyncViews.listening(sync, uptimeMs) : null);
    }

    private static Status.Port port(String name, PortCounters counters) {
        return new Status.Port(
                name,
                counters.received(),
                counters.receiveDropped(),
                counters.receiveTruncated(),
                counters.receiveTagged(),
                counters.receiveNotForUs(),
                counters.sent(),
                counters.sendFailed(),
                counters.lastSendErrno(),
                counters.linkErrors());
    }

    private static Map<String, Long> packets(DirectorStatus director) {
        PathStatus path = director.path();
        Map<String, Long> packets = new LinkedHashMap<>();
        packets.put("toServer", path.toServer());
        packets.put("toClient", path.toClient());
        packets.put("icmpTranslated", path.icmpTranslated());
        packets.put("echoReplies", path.echoReplies());
        packets.put("icmpErrors", path.icmpErrors());
        packets.put("resets", path.resets());
        packets.put("answersSuppressed", path.answersSuppressed());
        packets.put("pending", path.pending());
        packets.put("fragments", path.fragments());
        packets.put("reassembled", path.reassembled());
        packets.put("fragmented", path.fragmented());
        packets.put("neighbourMessages", path.neighbourMessages());
        packets.put("addressConflicts", director.addressConflicts());
        packets.put("failedTurns", director.failedTurns());
        return packets;
    }

    private static Map<String, Long> heartbeat(NodeStatus.Counters counters) {
        Map<String, Long> heartbeat = new LinkedHashMap<>();
        heartbeat.put("sent", counters.heartbeatsSent());
        heartbeat.put("sendErrors", counters.heartbeatSendErrors());
        heartbeat.put("received", counters.heartbeatsReceived());
        heartbeat.put("malformed", counters.heartbeatsMalformed());
        heartbeat.put("foreign", counters.heartbeatsForeign());
        heartbeat.put("unproven", counters.heartbeatsUnproven());
        heartbeat.put("strangers", counters.strangers());
        heartbeat.put("groupMalformed", counters.groupMalformed());
        heartbeat.put("groupRefused", counters.groupRefused());
        heartbeat.put("ownPauses", counters.ownPauses());
        return heartbeat;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
