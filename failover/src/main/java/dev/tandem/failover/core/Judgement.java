package dev.tandem.failover.core;

import org.jspecify.annotations.Nullable;

/** Judgements about peers: who is lost, who is ready, who is fitter. */
final class Judgement {
    private Judgement() {}

    /** Why the master counts as lost; null while it does not. */
    static @Nullable Loss lossOf(Turn turn, String master) {
        PeerView peer = turn.situation().peer(master);
        if (peer == null) {
            return Loss.noneHeard(master + " is unknown", turn.situation().sinceNs(), turn.nowNs);
        }
        return switch (peer.state()) {
            case STOPPED -> said(turn, peer, master + " left", "said goodbye");
            case FAULT -> said(turn, peer, "fault of " + master, "said that it cannot work");
            case INIT -> said(turn, peer, "restart of " + master, "said that it has just started");
            case SYNCING, BACKUP, CANDIDATE, MAINTENANCE, WITNESS ->
                    said(turn, peer, master + " stepped down", "said that it is master no more");
            case MASTER, HANDOVER, FENCED -> silenceOf(turn, peer);
        };
    }

    private static Loss said(Turn turn, PeerView peer, String cause, String what) {
        return new Loss(
                cause, peer.node(), peer.node() + " " + what, peer.heardNs(), turn.nowNs, false);
    }

    private static @Nullable Loss silenceOf(Turn turn, PeerView peer) {
        long silenceNs = turn.nowNs - peer.heardNs();
        if (peer.died()) {
            String evidence =
                    "the kernel of %s has closed the connection of its process and refuses another"
                            .formatted(peer.node());
            return new Loss(
                    "process of " + peer.node() + " died",
                    peer.node(),
                    evidence,
                    peer.heardNs(),
                    turn.nowNs,
                    false);
        }
        if (silenceNs >= turn.settings.detectionNs()) {
            String evidence =
                    "no heartbeat of %s for %d ms (limit %d ms)"
                            .formatted(
                                    peer.node(),
                                    Turn.ms(silenceNs),
                                    Turn.ms(turn.settings.detectionNs()));
            return new Loss(
                    peer.node() + " hangs or is cut off",
                    peer.node(),
                    evidence,
                    peer.heardNs(),
                    turn.nowNs,
                    true);
        }
        return null;
    }

    /**
     * A peer that should stand instead of this node; null when there is none. It is waited for
     * twice the detection time at most, unless it stands already: it may have reasons of its own
     * not to. The master that was lost has some.
     */
    static @Nullable PeerView fitter(Settings settings, Situation situation, long nowNs) {
        if (!(situation.role() instanceof Role.Backup(Loss loss, long _, long _)) || loss == null) {
            return null;
        }
        PeerView holder = holderOfTable(settings, situation, loss, nowNs);
        if (holder != null) {
            return holder;
        }
        boolean patient = nowNs - loss.lostNs() < 2 * settings.detectionNs();
        for (PeerView peer : situation.peers()) {
            boolean mayStand =
                    peer.state() == State.CANDIDATE
                            || (patient
                                    && !peer.node().equals(loss.master())
                                    && (peer.state() == State.BACKUP
                                            || peer.state() == State.INIT));
            if (mayStand
                    && (!settings.hasGateway() || peer.said().seesGateway())
                    && peer.isAlive(settings, nowNs)
                    && peer.outranks(settings, situation.condition())) {
                return peer;
            }
        }
        return null;
    }

    /**
     * A peer that has the connections while this node has not, and that may come back with them:
     * one that is not known to have ended. Null when there is none, or it was waited for long
     * enough.
     */
    static @Nullable PeerView holderOfTable(
            Settings settings, Situation situation, Loss loss, long nowNs) {
        if (situation.condition().holdsTable()
                || nowNs - loss.lostNs() >= settings.promoteStaleNs()) {
            return null;
        }
        for (PeerView peer : situation.peers()) {
            boolean mayOwn =
                    switch (peer.state()) {
                        case MAINTENANCE, WITNESS, STOPPED -> false;
                        case INIT, SYNCING, BACKUP, CANDIDATE, MASTER, HANDOVER, FENCED, FAULT ->
                                true;
                    };
            if (mayOwn && !peer.died() && peer.said().holdsTable()) {
                return peer;
            }
        }
        return null;
    }

    /** Why the addresses should not be handed over to this node; empty when they may be. */
    static String whyNotReady(Turn turn, String node) {
        String whyNot = whyNotABackup(turn, node);
        PeerView peer = turn.situation().peer(node);
        if (!whyNot.isEmpty() || peer == null) {
            return whyNot;
        }
        if (!peer.said().holdsTable()) {
            return node + " has never had all the connections";
        }
        if (peer.said().syncLag() > 0) {
            return "%s is %d records behind".formatted(node, peer.said().syncLag());
        }
        return "";
    }

    /** Why the addresses cannot be handed over to this node, whoever forces it. */
    static String whyNotABackup(Turn turn, String node) {
        if (node.equals(turn.settings.node())) {
            return node + " is already master";
        }
        if (!turn.settings.peers().contains(node)) {
            return "there is no node " + node;
        }
        PeerView peer = turn.situation().peer(node);
        if (peer == null) {
            return node + " was never heard";
        }
        if (!peer.isAlive(turn.settings, turn.nowNs)) {
            return "%s was last heard %d ms ago"
                    .formatted(node, Turn.ms(turn.nowNs - peer.heardNs()));
        }
        if (peer.state() != State.BACKUP) {
            return node + " is " + peer.state() + ", not BACKUP";
        }
        return turn.settings.hasGateway() && !peer.said().seesGateway()
                ? Gateway.silence(turn.settings) + " " + node
                : "";
    }

    /** The ready backup that goes first; null when none is ready. */
    static @Nullable PeerView readiest(Turn turn) {
        PeerView best = null;
        for (PeerView peer : turn.situation().peers()) {
            if (whyNotReady(turn, peer.node()).isEmpty()
                    && (best == null || peer.said().priority() > best.said().priority())) {
                best = peer;
            }
        }
        return best;
    }
}
