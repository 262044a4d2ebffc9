package dev.tandem.failover.core;

import org.jspecify.annotations.Nullable;

/** The rules of MASTER, and of FENCED, which is a master that slept. */
final class Owning {
    /** The addresses are announced out of turn this often at most. */
    private static final long ANNOUNCE_LIMIT_NS = 1_000_000_000;

    private static final long PROBE_GRACE_NS = 500_000_000;

    private Owning() {}

    static void enter(
            Turn turn, long epoch, String reason, @Nullable Story story, boolean granted) {
        enter(turn, epoch, turn.nowNs + turn.settings.leaseNs(), reason, story, granted);
    }

    static void enter(
            Turn turn,
            long epoch,
            long leaseUntilNs,
            String reason,
            @Nullable Story story,
            boolean granted) {
        turn.become(new Role.Master(leaseUntilNs, false, story, granted, turn.nowNs), reason);
        Situation taking = turn.situation().knowingEpoch(epoch).withMaster(turn.settings.node());
        turn.update(taking.withCondition(taking.condition().owning()));
        turn.act(new Action.Lease(leaseUntilNs));
        turn.act(new Action.Take(turn.situation().visit()));
        turn.act(new Action.SendHeartbeat());
    }

    /**
     * Comes before whatever else a step does: a master that was not scheduled for a while (a
     * stopped process, a long collection, a suspended virtual machine) may have been replaced
     * meanwhile, and its director has already stopped by itself. It believes nothing until it has
     * looked round.
     */
    static void checkLease(Turn turn) {
        Long untilNs = turn.situation().leaseUntilNs();
        if (untilNs == null || turn.nowNs - untilNs < 0) {
            return;
        }
        long pastMs = Turn.ms(turn.nowNs - untilNs);
        String reason =
                turn.settings.hasArbiter()
                        ? "slept, or was without a majority, until %d ms past its lease"
                                .formatted(pastMs)
                        : turn.settings.hasGateway()
                                ? "slept, or neither the gateway %s nor all peers answered, until %d ms past its lease"
                                        .formatted(turn.settings.gateway(), pastMs)
                                : "slept %d ms past its lease".formatted(pastMs);
        HandingOver.refuseIfUnderWay(turn, turn.settings.node() + " " + reason);
        if (turn.role() instanceof Role.Handover handover) {
            if (handover.then() == Role.Then.STOP) {
                Ending.leave(turn);
                return;
            }
            if (handover.stage() == Role.Stage.GRANT) {
                // Granted away: whether or not they were taken, the addresses are not ours.
                giveUp(turn, reason);
                return;
            }
        }
        turn.become(new Role.Fenced(turn.nowNs, false), reason);
        lookRound(turn);
    }

    private static void lookRound(Turn turn) {
        turn.act(new Action.SendHeartbeat());
        turn.act(new Action.Probe(turn.situation().visit(), turn.settings.intervalNs()));
    }

    static void tick(Turn turn, Role.Master master) {
        Long untilNs = Voting.leaseUntilNs(turn);
        if (untilNs != null && untilNs - master.leaseUntilNs() > 0) {
            turn.update(turn.situation().knowingEpoch(Voting.wonEpoch(turn)));
            turn.inRole(master.leasedUntil(untilNs));
            turn.act(new Action.Lease(untilNs));
        }
        Gateway.considerPassingOn(turn, master);
    }

    static void taken(Turn turn, Event.Taken taken) {
        if (!(turn.role() instanceof Role.Master master)
                || taken.visit() != turn.situation().visit()
                || master.taken()) {
            return;
        }
        turn.inRole(master.afterTaking());
        Story story = master.story();
        if (story == null) {
            return;
        }
        Situation situation = turn.situation();
        Action.Report report =
                story.after("take", turn.nowNs)
                        .report(turn.settings.node(), situation.epoch(), taken.connections());
        if (master.granted()) {
            turn.act(
                    new Action.Acknowledge(
                            story.from(),
                            situation.epoch(),
                            taken.connections(),
                            turn.nowNs - situation.sinceNs()));
        }
        turn.act(report);
    }

    static void heard(
            Turn turn, Role.Master master, PeerView peer, boolean higher, boolean wasMaster) {
        boolean rival = peer.state() == State.MASTER;
        boolean sameEpoch = peer.epoch() == turn.situation().epoch();
        if (higher
                || (rival
                        && sameEpoch
                        && peer.outranks(turn.settings, turn.situation().condition()))) {
            stepDown(turn, peer);
        } else if (rival) {
            turn.act(new Action.SendHeartbeat());
            announce(turn, master);
        } else if (Voting.hasStoodInVain(turn, peer)) {
            Voting.standHigherThan(turn, peer);
        } else if (wasMaster) {
            // The rival is gone, but the caches of the neighbours may still point at it.
            announce(turn, master);
        }
    }

    static void addressConflict(Turn turn) {
        if (turn.role() instanceof Role.Master master) {
            announce(turn, master);
        }
    }

    private static void announce(Turn turn, Role.Master master) {
        if (turn.nowNs - master.announcedNs() >= ANNOUNCE_LIMIT_NS) {
            turn.inRole(master.announcedAt(turn.nowNs));
            turn.act(new Action.Announce());
        }
    }

    /**
     * Gives everything up at once to a node that is master by right, or knows of a higher epoch.
     */
    static void stepDown(Turn turn, PeerView peer) {
        String reason = "%s is %s in epoch %d".formatted(peer.node(), peer.state(), peer.epoch());
        HandingOver.refuseIfUnderWay(turn, reason);
        turn.update(turn.situation().withMaster(""));
        boolean follows = Hearing.follow(turn, peer);
        turn.become(follows ? Role.Backup.following(turn.nowNs) : masterless(turn, reason), reason);
        Following.holdDown(turn);
        letGo(turn);
    }

    /** A backup that was master; whoever is master now gets the time to be heard. */
    private static Role.Backup masterless(Turn turn, String reason) {
        Loss loss = Loss.noneHeard(reason, turn.nowNs, turn.nowNs);
        long notBeforeNs = turn.nowNs + turn.settings.detectionNs();
        return new Role.Backup(loss, notBeforeNs, turn.nowNs);
    }

    /** Nothing is forwarded any more, and nobody is answered. */
    static void letGo(Turn turn) {
        turn.act(new Action.EndLease());
        turn.act(new Action.Release(turn.situation().visit(), 0));
        turn.act(new Action.SendHeartbeat());
    }

    /**
     * Whoever owned the addresses while this node slept keeps them, fitter or not. One in a lower
     * epoch has restarted and forgotten the higher: it steps down when it hears of it, or is silent
     * by now; but its lease may still run. Where a gateway decides, who stands goes first, too:
     * neither answers the other's probe, and both would own at once.
     */
    static void heardFenced(Turn turn, PeerView peer, boolean higher) {
        boolean owns = peer.state() == State.MASTER;
        if (higher || (owns && peer.epoch() == turn.situation().epoch())) {
            stepDown(turn, peer);
        } else if (owns) {
            giveUp(turn, "%s was master in epoch %d".formatted(peer.node(), peer.epoch()));
        } else if (peer.state() == State.CANDIDATE && turn.settings.hasGateway()) {
            giveUp(turn, peer.node() + " stands meanwhile");
        }
    }

    static void probedFenced(Turn turn, Role.Fenced fenced, String answeredBy) {
        if (answeredBy.isEmpty()) {
            Situation situation = turn.situation();
            Long untilNs = Voting.leaseUntilNs(turn);
            boolean voted = untilNs != null && !turn.reached(untilNs);
            if (turn.settings.hasGateway() && !Gateway.speaksSince(turn, fenced.sinceNs())) {
                Ending.isolated(turn);
            } else if (!fenced.again() && (turn.settings.hasGateway() || !voted)) {
                // a cut may just have been mended; a voter's next heartbeat be a moment late
                turn.inRole(new Role.Fenced(turn.nowNs, true));
                lookRound(turn);
            } else if (untilNs != null && voted) {
                String reason = situation.reason() + ", and nobody took its place";
                enter(turn, situation.epoch(), untilNs, reason, null, false);
            } else {
                giveUp(turn, Voting.inWords(turn.settings, situation, turn.nowNs));
            }
        } else {
            giveUp(turn, "vip-in-use: " + answeredBy);
        }
    }

    static void tickFenced(Turn turn, Role.Fenced fenced) {
        long limitNs = turn.settings.intervalNs() + PROBE_GRACE_NS;
        if (turn.nowNs - fenced.sinceNs() >= limitNs) {
            giveUp(turn, "the probe of the addresses did not end");
        }
    }

    /** What the probe saw is old by now; but the sleep that it is fenced for was no second one. */
    static void sleptFenced(Turn turn) {
        if (turn.nowNs - turn.situation().sinceNs() > 0) {
            giveUp(turn, "slept again while it looked round");
        }
    }

    static void giveUp(Turn turn, String reason) {
        turn.update(turn.situation().withMaster(""));
        turn.become(masterless(turn, reason), reason);
        letGo(turn);
    }
}
