package dev.tandem.failover.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node does with what it hears of its peers. */
final class Hearing {
    private Hearing() {}

    static void heartbeat(Turn turn, Event.Heartbeat heartbeat) {
        Situation before = turn.situation();
        PeerView known = before.peer(heartbeat.node());
        if (!turn.settings.peers().contains(heartbeat.node())
                || (known != null && known.isStale(heartbeat, turn.settings, turn.nowNs))) {
            return;
        }
        PeerView peer = PeerView.of(heartbeat, turn.nowNs);
        turn.update(before.withPeer(peer).knowingEpoch(peer.epoch()));
        Voting.heard(turn, peer);
        if (peer.state() == State.MASTER && peer.epoch() < before.epoch()) {
            // It slept, or was cut off, while the epoch went on: it steps down at our packet.
            turn.act(new Action.SendHeartbeat());
        }
        boolean higher = peer.epoch() > before.epoch();
        switch (turn.role()) {
            case Role.Init _ -> Following.heardInInit(turn, peer);
            case Role.Syncing syncing -> Following.heard(turn, syncing, peer);
            case Role.Backup backup -> Following.heard(turn, backup, peer);
            case Role.Candidate candidate -> Following.heard(turn, candidate, peer);
            case Role.Master master -> Owning.heard(turn, master, peer, higher, wasMaster(known));
            case Role.Handover handover -> HandingOver.heard(turn, handover, peer, higher);
            case Role.Fenced _ -> Owning.heardFenced(turn, peer, higher);
            case Role.Maintenance _, Role.Fault _, Role.Witness _, Role.Stopped _ ->
                    follow(turn, peer);
        }
    }

    private static boolean wasMaster(@Nullable PeerView known) {
        return known != null && known.state() == State.MASTER;
    }

    /** Believes a peer that says it is master, unless a better one is known; whether it does. */
    static boolean follow(Turn turn, PeerView peer) {
        Situation situation = turn.situation();
        boolean claims =
                switch (peer.state()) {
                    // A fenced master is back in a moment, or says that it is none.
                    case MASTER, HANDOVER, FENCED -> true;
                    case INIT, SYNCING, BACKUP, CANDIDATE, MAINTENANCE, FAULT, WITNESS, STOPPED ->
                            false;
                };
        if (!claims || peer.epoch() < situation.epoch()) {
            return false;
        }
        PeerView other = situation.peer(situation.master());
        if (other != null
                && !other.node().equals(peer.node())
                && other.state() == State.MASTER
                && other.epoch() == peer.epoch()
                && other.isAlive(turn.settings, turn.nowNs)) {
            return false;
        }
        turn.update(situation.withMaster(peer.node()));
        return true;
    }

    /** Of a process that another has followed meanwhile nothing is believed any more anyway. */
    static void died(Turn turn, Event.PeerDied death) {
        PeerView peer = turn.situation().peer(death.node());
        if (peer == null || peer.said().incarnation() != death.incarnation()) {
            return;
        }
        turn.update(turn.situation().withPeer(peer.diedAt(turn.nowNs)));
        Voting.died(turn);
        if (turn.role() instanceof Role.Handover handover
                && handover.target().equals(peer.node())) {
            HandingOver.fallBack(turn, handover, peer.node() + " died");
        }
    }

    /** Who was away could hear nobody: the peers get that time back. */
    static void paused(Turn turn, long awayNs) {
        List<PeerView> later = new ArrayList<>();
        for (PeerView peer : turn.situation().peers()) {
            later.add(peer.heardLaterBy(awayNs, turn.nowNs));
        }
        turn.update(turn.situation().withPeers(later));
        switch (turn.role()) {
            case Role.Init(long untilNs) -> turn.inRole(new Role.Init(untilNs + awayNs));
            case Role.Backup backup -> Following.slept(turn, backup);
            case Role.Candidate candidate ->
                    Following.standBack(turn, candidate, "slept while it stood");
            case Role.Fenced _ -> Owning.sleptFenced(turn);
            case Role.Syncing _,
                    Role.Master _,
                    Role.Handover _,
                    Role.Maintenance _,
                    Role.Fault _,
                    Role.Witness _,
                    Role.Stopped _ -> {}
        }
    }
}
