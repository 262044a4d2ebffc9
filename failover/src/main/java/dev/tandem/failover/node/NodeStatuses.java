package dev.tandem.failover.node;

import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import dev.tandem.failover.core.Forecast;
import dev.tandem.failover.core.PeerView;
import dev.tandem.failover.core.Settings;
import dev.tandem.failover.core.Situation;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Vote;
import dev.tandem.failover.detect.HeartbeatCodec.Verdict;
import dev.tandem.failover.detect.HeartbeatCounters;
import dev.tandem.failover.detect.HeartbeatSocket;
import dev.tandem.failover.detect.Liveness;
import dev.tandem.failover.group.Group;
import dev.tandem.failover.node.NodeStatus.Counters;
import dev.tandem.failover.node.NodeStatus.GatewayStatus;
import dev.tandem.failover.node.NodeStatus.PeerStatus;
import dev.tandem.failover.node.NodeStatus.VoteStatus;
import dev.tandem.failover.track.Tracking;
import dev.tandem.sync.hardening.SyncKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes a {@link NodeStatus} from what the failover thread last published. */
final class NodeStatuses {
    private NodeStatuses() {}

    static NodeStatus of(
            FailoverConfig config,
            @Nullable FailoverLoop loop,
            @Nullable HeartbeatSocket socket,
            @Nullable Liveness liveness,
            Group group,
            Tracking tracking,
            List<SyncKey> keys) {
        long nowNs = System.nanoTime();
        if (loop == null || socket == null || liveness == null) {
            return new NodeStatus(
                    config.node(),
                    config.cluster(),
                    State.STOPPED,
                    0,
                    "",
                    "not started",
                    "is not started",
                    "is not started",
                    new Forecast("", "is not started"),
                    0,
                    config.priority(),
                    VoteStatus.NONE,
                    tracking.checks(),
                    peers(config, null, group.present(), nowNs),
                    new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    keyIds(keys),
                    gateway(NodeSettings.of(config), null, nowNs),
                    List.of());
        }
        Settings settings = NodeSettings.of(config);
        Situation situation = loop.situation();
        Long leaseUntilNs = situation.leaseUntilNs();
        return new NodeStatus(
                config.node(),
                config.cluster(),
                situation.state(),
                situation.epoch(),
                situation.master(),
                situation.reason(),
                whyNotMaster(loop.machine().whyNotMaster(situation, nowNs), socket.refusals()),
                loop.machine().whyNotReady(situation, nowNs),
                loop.machine().ifMasterDied(situation, nowNs),
                leaseUntilNs == null ? 0 : Math.max(0, ms(leaseUntilNs - nowNs)),
                tracking.sum().priority(),
                vote(settings, situation.vote(settings)),
                tracking.checks(),
                peers(config, situation, group.present(), nowNs),
                counters(socket.counters(), liveness.refusedCount(), group, loop.guard().pauses()),
                keyIds(keys),
                gateway(settings, situation, nowNs),
                socket.refusals());
    }

    private static Optional<GatewayStatus> gateway(
            Settings settings, @Nullable Situation situation, long nowNs) {
        if (!settings.hasGateway()) {
            return Optional.empty();
        }
        Long answeredNs = situation == null ? null : situation.gatewayNs();
        return Optional.of(
                new GatewayStatus(
                        settings.gateway(),
                        situation != null && situation.seesGateway(settings, nowNs),
                        answeredNs == null ? -1 : Math.max(0, ms(nowNs - answeredNs))));
    }

    /** Whom a node does not believe it does not count with, which may be why it is not master. */
    private static String whyNotMaster(String why, List<String> refusals) {
        return why.isEmpty() || refusals.isEmpty() ? why : why + "; " + String.join("; ", refusals);
    }

    private static List<Integer> keyIds(List<SyncKey> keys) {
        return keys.stream().map(SyncKey::id).toList();
    }

    private static List<PeerStatus> peers(
            FailoverConfig config, @Nullable Situation situation, Set<String> group, long nowNs) {
        Settings settings = NodeSettings.of(config);
        return config.peers().stream()
                .map(peer -> peer(settings, peer, situation, group.contains(peer.node()), nowNs))
                .toList();
    }

    private static PeerStatus peer(
            Settings settings,
            Peer peer,
            @Nullable Situation situation,
            boolean inGroup,
            long nowNs) {
        PeerView view = situation == null ? null : situation.peer(peer.node());
        return view == null
                ? new PeerStatus(
                        peer.node(),
                        "UNKNOWN",
                        false,
                        inGroup,
                        0,
                        0,
                        0,
                        0,
                        VoteStatus.NONE,
                        false,
                        -1)
                : new PeerStatus(
                        peer.node(),
                        view.state().name(),
                        view.isAlive(settings, nowNs),
                        inGroup,
                        view.epoch(),
                        view.said().priority(),
                        view.said().connections(),
                        view.said().syncLag(),
                        vote(settings, view.said().vote()),
                        view.said().seesGateway(),
                        ms(nowNs - view.heardNs()));
    }

    private static VoteStatus vote(Settings settings, Vote vote) {
        return settings.hasArbiter()
                ? new VoteStatus(vote.holder(), vote.epoch())
                : VoteStatus.NONE;
    }

    private static Counters counters(
            HeartbeatCounters heartbeats, long strangers, Group group, long pauses) {
        return new Counters(
                heartbeats.sent(),
                heartbeats.sendErrors(),
                heartbeats.received(Verdict.ACCEPTED),
                heartbeats.received(
                        Verdict.WRONG_LENGTH,
                        Verdict.WRONG_MAGIC,
                        Verdict.WRONG_VERSION,
                        Verdict.WRONG_NUMBER),
                heartbeats.received(
                        Verdict.OTHER_CLUSTER,
                        Verdict.UNKNOWN_NODE,
                        Verdict.OWN_NAME,
                        Verdict.WRONG_SENDER),
                heartbeats.received(
                        Verdict.NOT_SIGNED,
                        Verdict.SIGNED,
                        Verdict.UNKNOWN_KEY,
                        Verdict.WRONG_SIGNATURE),
                strangers,
                group.malformedCount(),
                group.refusedCount(),
                pauses);
    }

    private static long ms(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }
}
