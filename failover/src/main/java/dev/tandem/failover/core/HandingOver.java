package dev.tandem.failover.core;

import dev.tandem.failover.core.Role.Stage;

/**
 * The rules of HANDOVER: flush, silence, grant, and back again if the target does not take. Before
 * the grant leaves, this node is silent; so there is no moment with two owners.
 */
final class HandingOver {
    private HandingOver() {}

    static void command(Turn turn, Event.HandoverCommand command) {
        String node = turn.settings.node();
        switch (turn.role()) {
            case Role.Master master -> commandMaster(turn, master, command);
            case Role.Handover handover ->
                    refuse(
                            turn,
                            command.id(),
                            "a handover to %s is under way".formatted(handover.target()));
            case Role.Init _,
                    Role.Syncing _,
                    Role.Backup _,
                    Role.Candidate _,
                    Role.Fenced _,
                    Role.Maintenance _,
                    Role.Fault _,
                    Role.Witness _,
                    Role.Stopped _ -> {
                String master = turn.situation().master();
                if (command.forwarded()) {
                    refuse(turn, command.id(), node + " is not the master");
                } else if (master.isEmpty() || master.equals(node)) {
                    refuse(turn, command.id(), node + " knows no master");
                } else {
                    turn.act(
                            new Action.ForwardCommand(
                                    command.id(), master, command.target(), command.forced()));
                }
            }
        }
    }

    private static void commandMaster(
            Turn turn, Role.Master master, Event.HandoverCommand command) {
        String target = command.target();
        if (target.isEmpty()) {
            PeerView readiest = Judgement.readiest(turn);
            if (readiest == null) {
                refuse(turn, command.id(), whyNobodyIsReady(turn));
                return;
            }
            target = readiest.node();
        }
        String whyNot =
                command.forced()
                        ? Judgement.whyNotABackup(turn, target)
                        : Judgement.whyNotReady(turn, target);
        if (!whyNot.isEmpty()) {
            refuse(turn, command.id(), whyNot);
        } else if (!master.taken()) {
            refuse(turn, command.id(), turn.settings.node() + " is still taking the addresses");
        } else {
            begin(turn, master, target, command.id(), "command", Role.Then.FOLLOW);
        }
    }

    static String whyNobodyIsReady(Turn turn) {
        StringBuilder why = new StringBuilder("no backup is ready");
        String separator = ": ";
        for (String peer : turn.settings.peers()) {
            if (isWitness(turn, peer)) {
                continue;
            }
            why.append(separator).append(Judgement.whyNotReady(turn, peer));
            separator = ", ";
        }
        return why.toString();
    }

    private static boolean isWitness(Turn turn, String node) {
        PeerView peer = turn.situation().peer(node);
        return peer != null && peer.state() == State.WITNESS;
    }

    static void begin(
            Turn turn, Role.Master master, String target, String id, String cause, Role.Then then) {
        String node = turn.settings.node();
        String evidence =
                "%s handed over to %s, which was a live backup with nothing to catch up on"
                        .formatted(node, target);
        Story story = Story.begin(id, cause, node, evidence, turn.nowNs);
        turn.become(
                new Role.Handover(
                        Stage.FLUSH,
                        target,
                        then,
                        false,
                        0,
                        deadline(turn),
                        master.leaseUntilNs(),
                        story),
                "hands over to " + target);
        Voting.preparePassingOn(turn, nextEpoch(turn), target);
        turn.act(new Action.FlushSync(turn.situation().visit()));
        turn.act(new Action.SendHeartbeat());
    }

    private static long deadline(Turn turn) {
        return turn.nowNs + turn.settings.handoverNs();
    }

    static void flushed(Turn turn, long visit) {
        if (turn.role() instanceof Role.Handover handover
                && handover.stage() == Stage.FLUSH
                && visit == turn.situation().visit()) {
            Story story = handover.story().after("flush", turn.nowNs);
            turn.inRole(handover.at(Stage.SILENCE, 0, deadline(turn), story));
            turn.act(new Action.Release(visit, turn.settings.drainNs()));
        }
    }

    static void released(Turn turn, long visit) {
        if (turn.role() instanceof Role.Handover handover
                && handover.stage() == Stage.SILENCE
                && visit == turn.situation().visit()) {
            Story story = handover.story().after("silence", turn.nowNs);
            long epoch = nextEpoch(turn);
            turn.update(turn.situation().promising(epoch));
            Voting.passOn(turn, epoch, handover.target(), deadline(turn));
            turn.inRole(handover.at(Stage.GRANT, epoch, deadline(turn), story));
            turn.act(new Action.SendGrant(handover.target(), epoch));
        }
    }

    private static long nextEpoch(Turn turn) {
        return turn.situation().promisedEpoch() + 1;
    }

    static void acknowledged(Turn turn, Event.Acknowledged answer) {
        if (turn.role() instanceof Role.Handover handover
                && handover.stage() == Stage.GRANT
                && answer.epoch() == handover.grantedEpoch()
                && answer.from().equals(handover.target())) {
            long underWayNs = turn.nowNs - handover.story().markNs() - answer.tookNs();
            Story story =
                    handover.story()
                            .afterLasting("grant", Math.max(0, underWayNs), turn.nowNs)
                            .afterLasting("take", answer.tookNs(), turn.nowNs);
            done(turn, handover, story, answer.connections());
        }
    }

    static void grantLost(Turn turn, long epoch) {
        if (turn.role() instanceof Role.Handover handover
                && handover.stage() == Stage.GRANT
                && epoch == handover.grantedEpoch()) {
            fallBack(turn, handover, handover.target() + " is not in the group");
        }
    }

    static void heard(Turn turn, Role.Handover handover, PeerView peer, boolean higher) {
        boolean target = handover.stage() == Stage.GRANT && peer.node().equals(handover.target());
        if (target && hasTaken(handover, peer)) {
            turn.inRole(handover.withTargetTook());
        } else if (target && cannotTake(peer)) {
            String what =
                    "%s is %s and did not take the addresses".formatted(peer.node(), peer.state());
            fallBack(turn, handover, what);
        } else if (hasHeardOf(handover, peer)) {
            turn.inRole(handover.withTargetTook());
        } else if (higher || isRival(turn, peer)) {
            Owning.stepDown(turn, peer);
        }
    }

    /** Whoever knows the epoch that was granted, and is no master, has heard the target use it. */
    private static boolean hasHeardOf(Role.Handover handover, PeerView peer) {
        return handover.stage() == Stage.GRANT
                && peer.epoch() == handover.grantedEpoch()
                && peer.state() != State.MASTER;
    }

    private static boolean hasTaken(Role.Handover handover, PeerView peer) {
        return peer.state() == State.MASTER && peer.epoch() == handover.grantedEpoch();
    }

    private static boolean cannotTake(PeerView peer) {
        return switch (peer.state()) {
            case INIT, SYNCING, MAINTENANCE, FAULT, WITNESS, STOPPED -> true;
            case BACKUP, CANDIDATE, MASTER, HANDOVER, FENCED -> false;
        };
    }

    /** Who is about to give the addresses away does not fight for them, fitter or not. */
    private static boolean isRival(Turn turn, PeerView peer) {
        return peer.state() == State.MASTER && peer.epoch() == turn.situation().epoch();
    }

    static void tick(Turn turn, Role.Handover handover) {
        if (!turn.reached(handover.deadlineNs())) {
            renew(turn, handover);
        } else if (handover.targetTook()) {
            Story story = handover.story().after("grant", turn.nowNs);
            done(turn, handover, story, -1);
        } else {
            String what =
                    switch (handover.stage()) {
                        case FLUSH -> "the connections could not be flushed in time";
                        case SILENCE -> "the director did not let go of the addresses in time";
                        case GRANT -> handover.target() + " did not take the addresses in time";
                    };
            fallBack(turn, handover, what);
        }
    }

    /** Once it has granted, it forwards what is under way and claims nothing. */
    private static void renew(Turn turn, Role.Handover handover) {
        Long untilNs =
                handover.stage() == Stage.GRANT
                        ? Long.valueOf(turn.nowNs + turn.settings.leaseNs())
                        : Voting.leaseUntilNs(turn);
        if (untilNs != null && untilNs - handover.leaseUntilNs() > 0) {
            turn.inRole(handover.leasedUntil(untilNs));
            turn.act(new Action.Lease(untilNs));
        }
    }

    private static void done(Turn turn, Role.Handover handover, Story story, int connections) {
        String target = handover.target();
        turn.update(turn.situation().knowingEpoch(handover.grantedEpoch()).withMaster(target));
        String reason = "handed over to " + target;
        turn.become(
                switch (handover.then()) {
                    case FOLLOW -> Role.Backup.following(turn.nowNs);
                    case STOP -> new Role.Stopped();
                    case MAINTENANCE -> new Role.Maintenance();
                },
                reason);
        turn.act(new Action.Lease(turn.nowNs + turn.settings.drainNs()));
        turn.act(new Action.SendHeartbeat());
        turn.act(story.report(target, handover.grantedEpoch(), connections));
    }

    /** The handover failed: the addresses stay here, or come back in an epoch above the granted. */
    static void fallBack(Turn turn, Role.Handover handover, String what) {
        refuseIfUnderWay(turn, what);
        if (handover.then() == Role.Then.STOP) {
            Ending.leave(turn);
            return;
        }
        Situation situation = turn.situation();
        if (handover.stage() != Stage.GRANT) {
            Owning.enter(turn, situation.epoch(), handover.leaseUntilNs(), what, null, false);
        } else if (turn.settings.hasArbiter() || turn.settings.hasGateway()) {
            // the votes are given away, or it may have been cut off since: it stands as anybody
            // else
            Owning.giveUp(turn, what);
        } else {
            Owning.enter(turn, situation.promisedEpoch() + 1, what, null, false);
        }
    }

    static void refuseIfUnderWay(Turn turn, String reason) {
        if (turn.role() instanceof Role.Handover handover) {
            refuse(turn, handover.story().id(), reason);
            Situation situation = turn.situation();
            turn.update(situation.withCondition(situation.condition().inMaintenance(false)));
        }
    }

    static void refuse(Turn turn, String id, String reason) {
        if (!id.isEmpty()) {
            turn.act(new Action.Refuse(id, reason));
        }
    }
}
