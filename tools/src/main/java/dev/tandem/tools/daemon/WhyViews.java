package dev.tandem.tools.daemon;

import dev.tandem.failover.node.ClusterNode;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.failover.node.NodeStatus.GatewayStatus;
import dev.tandem.failover.node.NodeStatus.PeerStatus;
import dev.tandem.tools.api.Why;
import java.util.ArrayList;
import java.util.List;

/** What a node has to say of why it is what it is. */
final class WhyViews {
    private WhyViews() {}

    static Why why(String nodeName, Cluster cluster) {
        ClusterNode node = cluster.node();
        if (node == null) {
            String why = "it only listens";
            return new Why(
                    nodeName,
                    cluster.name(),
                    "SHADOW",
                    0,
                    "",
                    why,
                    why,
                    why,
                    0,
                    List.of(),
                    "",
                    "",
                    why,
                    List.of());
        }
        NodeStatus status = node.status();
        return new Why(
                nodeName,
                cluster.name(),
                status.state().name(),
                status.epoch(),
                status.master(),
                status.reason(),
                status.whyNotMaster(),
                status.whyNotReady(),
                status.priority(),
                cluster.config().hasWitness() ? votes(status) : List.of(),
                status.gateway().map(gateway -> gateway(gateway, status)).orElse(""),
                status.ifMasterDied().heir(),
                status.ifMasterDied().inWords(),
                status.checks().stream().map(Views::tracked).toList());
    }

    private static String gateway(GatewayStatus gateway, NodeStatus status) {
        List<String> answered = new ArrayList<>();
        if (gateway.answers()) {
            answered.add(status.node());
        }
        status.peers().stream()
                .filter(peer -> peer.alive() && peer.seesGateway())
                .forEach(peer -> answered.add(peer.node()));
        return gateway.address()
                + " answers "
                + (answered.isEmpty() ? "nobody" : String.join(", ", answered));
    }

    private static List<Why.Vote> votes(NodeStatus status) {
        List<Why.Vote> votes = new ArrayList<>();
        votes.add(new Why.Vote(status.node(), status.vote().holder(), status.vote().epoch(), 0));
        for (PeerStatus peer : status.peers()) {
            votes.add(
                    new Why.Vote(
                            peer.node(),
                            peer.vote().holder(),
                            peer.vote().epoch(),
                            peer.lastHeardMs()));
        }
        return votes;
    }
}
