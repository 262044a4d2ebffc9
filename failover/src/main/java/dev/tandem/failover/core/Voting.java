package dev.tandem.failover.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ownership by majority, where there is an arbiter: who owns the addresses has the votes of more
 * than half of the voters, its own included.
 *
 * <pre>
 *   candidate   votes for itself in a new epoch, says so in its heartbeat
 *   voter       free: votes for it, bound for lease + margin from then on; says so at once
 *   candidate   owns when a majority voted for it, until the lease after that of its heartbeats
 *               which a majority has heard
 *   master      goes on sending; each heartbeat binds the voters anew
 * </pre>
 *
 * <p>Two majorities have a voter in common. It bound itself later than the heartbeat was sent from
 * which the old owner's lease counts, and for longer than a lease; so it votes for another only
 * when the old owner has fallen silent by itself. All times are differences of one node's own
 * clock: a sender's time travels to the voter and back and means something to the sender alone. The
 * margin is for clocks that run at different speeds.
 *
 * <p>A vote is on disk before it is given ({@link Action.Persist}): nobody votes twice in an epoch,
 * and no epoch comes twice. A voter that has just started is bound by its last vote as if it had
 * given it that moment.
 */
final class Voting {
    private static final long MARGIN_NS = 50_000_000;

    private Voting() {}

    /** The vote of a node that has just started; what it had voted itself for is over. */
    static Ballot start(Settings settings, Vote kept, long nowNs) {
        String holder = kept.holder().equals(settings.node()) ? "" : kept.holder();
        return new Ballot(kept.epoch(), holder, nowNs + settings.leaseNs() + MARGIN_NS);
    }

    /** Looks at a peer's vote: who votes for itself asks for ours, or binds it anew. */
    static void heard(Turn turn, PeerView peer) {
        if (!turn.settings.voters().contains(peer.node())) {
            return;
        }
        long epoch = peer.vote().epoch();
        Ballot ballot = turn.situation().ballot();
        if (!peer.vote().holder().equals(peer.node())) {
            return;
        }
        if (ballot.isFor(peer.node(), epoch)) {
            turn.update(turn.situation().withBallot(ballot.boundUntil(boundUntilNs(turn))));
        } else if (epoch > ballot.epoch()
                && (peer.state() == State.MASTER || isFreeFor(turn, ballot, peer.node()))) {
            // A master of a higher epoch has its majority already.
            vote(turn, epoch, peer.node(), boundUntilNs(turn));
            turn.act(new Action.SendHeartbeat());
        }
    }

    /** Who votes for itself is bound until it gives that up ({@link Turn#become}). */
    private static boolean isFreeFor(Turn turn, Ballot ballot, String candidate) {
        return ballot.holder().equals(candidate)
                || (!ballot.holder().equals(turn.settings.node())
                        && (turn.reached(ballot.untilNs()) || hasLetGo(turn, ballot)));
    }

    /**
     * Whether the holder itself says that it asks for the epoch no more, or the process that asked
     * for it is dead. Who was given the addresses and has not yet asked may still take them, as a
     * process that followed the dead one.
     */
    private static boolean hasLetGo(Turn turn, Ballot ballot) {
        PeerView peer = turn.situation().peer(ballot.holder());
        return peer != null
                && peer.vote().epoch() >= ballot.epoch()
                && (peer.died() || !peer.vote().holder().equals(ballot.holder()));
    }

    /** Who was refused for the sake of a vote that binds no more has it without asking again. */
    static void died(Turn turn) {
        for (PeerView peer : turn.situation().peers()) {
            if (peer.isAlive(turn.settings, turn.nowNs)) {
                heard(turn, peer);
            }
        }
    }

    private static long boundUntilNs(Turn turn) {
        return turn.nowNs + turn.settings.leaseNs() + MARGIN_NS;
    }

    /** Votes, and keeps that on disk. */
    private static void vote(Turn turn, long epoch, String holder, long untilNs) {
        turn.update(
                turn.situation().promising(epoch).withBallot(new Ballot(epoch, holder, untilNs)));
        turn.act(new Action.Persist(epoch, holder));
    }

    /**
     * A vote that is not on disk was never given: the process after this one would not know of it.
     * The vote before it may still bind.
     */
    static void lost(Turn turn) {
        Ballot unkept = turn.situation().ballot();
        turn.update(
                turn.situation().withBallot(new Ballot(unkept.epoch(), "", boundUntilNs(turn))));
    }

    /** Whether this node may vote for itself now. */
    static boolean mayStand(Turn turn) {
        return !turn.settings.hasArbiter()
                || isFreeFor(turn, turn.situation().ballot(), turn.settings.node());
    }

    /** Whether so many voters are heard that they could elect this node; it may hear nobody. */
    static boolean hearsMajority(Settings settings, Situation situation, long nowNs) {
        return !settings.hasArbiter()
                || heard(settings, situation, nowNs).size() >= settings.majority();
    }

    /** The voters that are heard, this node included. */
    static List<String> heard(Settings settings, Situation situation, long nowNs) {
        return settings.voters().stream()
                .filter(voter -> {
                    PeerView peer = situation.peer(voter);
                    return voter.equals(settings.node())
                            || (peer != null && peer.isAlive(settings, nowNs));
                })
                .toList();
    }

    /** Votes for this node itself, in an epoch above all that were heard of. */
    static void forItself(Turn turn) {
        if (turn.settings.hasArbiter()) {
            long epoch = turn.situation().promisedEpoch() + 1;
            vote(turn, epoch, turn.settings.node(), boundUntilNs(turn));
        }
    }

    /** Votes for itself in the epoch that a master grants, if it is bound to nobody else. */
    static boolean takesFrom(Turn turn, PeerView giver, long epoch) {
        if (!turn.settings.hasArbiter()) {
            return true;
        }
        // one that has taken back is neither, or in a higher epoch than it granted
        boolean gives = giver.state() == State.HANDOVER || giver.state() == State.MASTER;
        boolean free =
                gives
                        && (turn.situation().ballot().holder().equals(giver.node())
                                || mayStand(turn));
        if (free) {
            vote(turn, epoch, turn.settings.node(), boundUntilNs(turn));
        }
        return free;
    }

    /** Has the vote on disk before anybody waits for it; it is given by {@link #passOn}. */
    static void preparePassingOn(Turn turn, long epoch, String target) {
        if (turn.settings.hasArbiter()) {
            turn.act(new Action.Persist(epoch, target));
        }
    }

    /** Votes for whom it hands over to, until it may take back, and a lease more. */
    static void passOn(Turn turn, long epoch, String target, long deadlineNs) {
        if (turn.settings.hasArbiter()) {
            vote(turn, epoch, target, deadlineNs + turn.settings.leaseNs() + MARGIN_NS);
        }
    }

    /**
     * Nobody votes twice in an epoch: who has voted for another in that of this candidate, or knows
     * of a higher one, can vote for it in a higher one only. So it votes for itself in that.
     */
    static void standHigherThan(Turn turn, PeerView peer) {
        if (!turn.settings.voters().contains(peer.node())) {
            return;
        }
        Vote other = peer.vote();
        long own = turn.situation().ballot().epoch();
        boolean used = other.epoch() >= own && !other.holder().equals(turn.settings.node());
        if (used) {
            turn.update(turn.situation().promising(other.epoch()));
        }
        if (used || turn.situation().promisedEpoch() > own) {
            forItself(turn);
            turn.act(new Action.SendHeartbeat());
        }
    }

    /**
     * Whether this peer stood while it could not be heard, and cannot vote for this master's epoch
     * any more. A master whose voters have all but left it would fall with the next one that hangs.
     * Not asked too often: one that hears nobody stands again and again. One that has just started
     * names nobody, and is yet to hear whom its disk names.
     */
    static boolean hasStoodInVain(Turn turn, PeerView peer) {
        Ballot own = turn.situation().ballot();
        return turn.settings.voters().contains(peer.node())
                && peer.state() != State.INIT
                && peer.vote().holder().isEmpty()
                && peer.vote().epoch() >= own.epoch()
                && turn.reached(own.untilNs());
    }

    /** In which epoch a master owns that has a majority in its ballot's. */
    static long wonEpoch(Turn turn) {
        return turn.settings.hasArbiter()
                ? turn.situation().ballot().epoch()
                : turn.situation().epoch();
    }

    /**
     * Until when this node may own what it has voted for itself to own.
     *
     * @return null: less than a majority voted for it
     */
    static @Nullable Long leaseUntilNs(Turn turn) {
        Settings settings = turn.settings;
        if (!settings.hasArbiter()) {
            return settings.hasGateway()
                    ? Gateway.leaseUntilNs(turn)
                    : Long.valueOf(turn.nowNs + settings.leaseNs());
        }
        Ballot own = turn.situation().ballot();
        if (!own.holder().equals(settings.node())) {
            return null;
        }
        List<Long> heardNs = new ArrayList<>();
        for (PeerView peer : turn.situation().peers()) {
            Vote vote = peer.vote();
            if (settings.voters().contains(peer.node())
                    && vote.epoch() == own.epoch()
                    && vote.holder().equals(settings.node())) {
                heardNs.add(vote.echoNs());
            }
        }
        int others = settings.majority() - 1;
        if (heardNs.size() < others) {
            return null;
        }
        long now = turn.nowNs;
        heardNs.sort(Comparator.comparingLong(sentNs -> now - sentNs));
        return (others == 0 ? now : heardNs.get(others - 1)) + settings.leaseNs();
    }

    /** Who has voted for this node, and how old the heartbeats are that they answered. */
    static String inWords(Settings settings, Situation situation, long nowNs) {
        List<String> names = new ArrayList<>(List.of(settings.node()));
        for (PeerView peer : situation.peers()) {
            Vote vote = peer.vote();
            if (vote.holder().equals(settings.node())
                    && vote.epoch() == situation.ballot().epoch()) {
                names.add("%s %d ms ago".formatted(peer.node(), Turn.ms(nowNs - vote.echoNs())));
            }
        }
        return "votes of %s; %d of %d are needed, not older than %d ms"
                .formatted(
                        String.join(", ", names),
                        settings.majority(),
                        settings.voters().size(),
                        Turn.ms(settings.leaseNs()));
    }

    /**
     * What this node says of its vote in a heartbeat. A voter that has just started has not heard
     * whom its disk names, and so has no time of the holder's clock to give: it says nobody.
     */
    static Vote vote(Settings settings, Situation situation) {
        if (settings.hasGateway()) {
            return Gateway.echo(situation);
        }
        Ballot ballot = situation.ballot();
        if (ballot.holder().equals(settings.node())) {
            return new Vote(ballot.epoch(), ballot.holder(), 0);
        }
        PeerView holder = situation.peer(ballot.holder());
        return holder == null
                ? new Vote(ballot.epoch(), "", 0)
                : new Vote(ballot.epoch(), ballot.holder(), holder.said().sentNs());
    }
}
