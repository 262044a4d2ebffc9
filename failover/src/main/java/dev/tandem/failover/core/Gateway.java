package dev.tandem.failover.core;

import org.jspecify.annotations.Nullable;

/**
 * Ownership by a gateway's answers, where that is the arbiter: on which side of a cut the gateway
 * is, there the addresses are.
 *
 * <pre>
 *   candidate   owns when the gateway has answered it a moment ago
 *   master      its lease counts from the newest of its heartbeats after which the gateway has
 *               answered, or that all its peers have heard; with neither it falls silent, looks
 *               round, and is a FAULT
 *   master      is heard by its peers, but the gateway does not answer: hands over to a ready
 *               backup that it answers
 * </pre>
 *
 * <p>Who is cut off together with its part of the peers has lost its lease before anybody on the
 * other side can take its place: the lease is shorter than the detection time by an interval at
 * least. The gateway is asked all the time, several times in a lease, so nobody waits for it.
 *
 * <p>It takes all the peers to stand in for the gateway: among three nodes the one that is not
 * heard may be the one that the gateway answers.
 */
final class Gateway {
    private Gateway() {}

    /** Until when a master may own; null: nothing speaks for it. */
    static @Nullable Long leaseUntilNs(Turn turn) {
        Long answeredNs = turn.situation().gatewayNs();
        Long heardNs = allHaveHeardNs(turn);
        Long newestNs = answeredNs == null ? heardNs : answeredNs;
        if (newestNs != null && heardNs != null && heardNs - newestNs > 0) {
            newestNs = heardNs;
        }
        return newestNs == null ? null : newestNs + turn.settings.leaseNs();
    }

    /** Whether what speaks for this master speaks for it still, since it began to look round. */
    static boolean speaksSince(Turn turn, long sinceNs) {
        Long leaseUntilNs = leaseUntilNs(turn);
        return leaseUntilNs != null && leaseUntilNs - turn.settings.leaseNs() - sinceNs >= 0;
    }

    /** When the newest heartbeat was sent that every peer has heard; null: there is none. */
    private static @Nullable Long allHaveHeardNs(Turn turn) {
        Long oldestNs = null;
        for (String node : turn.settings.peers()) {
            PeerView peer = turn.situation().peer(node);
            if (peer == null || !peer.vote().holder().equals(turn.settings.node())) {
                return null;
            }
            if (oldestNs == null || peer.vote().echoNs() - oldestNs < 0) {
                oldestNs = peer.vote().echoNs();
            }
        }
        return oldestNs;
    }

    /** What a node says of whom it follows: when that one sent what was last heard of it. */
    static Vote echo(Situation situation) {
        PeerView master = situation.peer(situation.master());
        return master == null ? Vote.NONE : new Vote(0, master.node(), master.said().sentNs());
    }

    /** Whether a candidate may own. What it waited for before was longer ago than this is. */
    static boolean answersNow(Settings settings, Situation situation, long nowNs) {
        long freshNs = Math.min(settings.detectionNs() / 2, settings.leaseNs() * 3 / 4);
        return isAnswered(situation, freshNs, nowNs);
    }

    /** What a node says of it to the others, and what a status says. */
    static boolean answers(Settings settings, Situation situation, long nowNs) {
        return isAnswered(situation, settings.detectionNs(), nowNs);
    }

    private static boolean isAnswered(Situation situation, long withinNs, long nowNs) {
        Long answeredNs = situation.gatewayNs();
        return answeredNs != null && nowNs - answeredNs < withinNs;
    }

    /** Why nobody can own here, in words. */
    static String silence(Settings settings) {
        return "the gateway %s does not answer".formatted(settings.gateway());
    }

    /** The reason of the fault. */
    static String isolation(Settings settings) {
        return "neither the gateway %s nor all its peers answer".formatted(settings.gateway());
    }

    /** Whether a node that went FAULT because it was cut off hears anybody again. */
    static boolean isBack(Turn turn) {
        boolean anybody = answersNow(turn.settings, turn.situation(), turn.nowNs);
        for (PeerView peer : turn.situation().peers()) {
            anybody |=
                    peer.isAlive(turn.settings, turn.nowNs)
                            && peer.heardNs() - turn.situation().sinceNs() > 0;
        }
        return anybody;
    }

    /**
     * A master that the gateway does not answer passes the addresses on; not before a gateway that
     * is dead would have fallen silent for the backup too, nor again at once where that came to
     * nothing.
     */
    static void considerPassingOn(Turn turn, Role.Master master) {
        if (!turn.settings.hasGateway()
                || !master.taken()
                || turn.nowNs - turn.situation().sinceNs() < turn.settings.handoverNs()
                || isAnswered(turn.situation(), 2 * turn.settings.detectionNs(), turn.nowNs)) {
            return;
        }
        PeerView target = Judgement.readiest(turn);
        if (target != null) {
            String cause = silence(turn.settings) + " " + turn.settings.node();
            HandingOver.begin(turn, master, target.node(), "", cause, Role.Then.FOLLOW);
        }
    }
}
