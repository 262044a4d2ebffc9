package dev.tandem.failover.core;

/** The rules of FAULT and STOPPED, which can follow any other state. */
final class Ending {
    private Ending() {}

    static void fault(Turn turn, String cause) {
        enter(turn, new Role.Fault(cause, false, turn.nowNs, false));
    }

    /** A master that is cut off; it is well again when it hears somebody. */
    static void isolated(Turn turn) {
        enter(turn, new Role.Fault(Gateway.isolation(turn.settings), false, turn.nowNs, true));
    }

    private static void enter(Turn turn, Role.Fault fault) {
        String cause = fault.cause();
        if (turn.role() instanceof Role.Fault) {
            turn.inRole(fault);
            return;
        }
        boolean owned = owns(turn.role());
        HandingOver.refuseIfUnderWay(turn, cause);
        forgetOwnMastership(turn);
        turn.become(fault, cause);
        if (owned) {
            Owning.letGo(turn);
        } else {
            turn.act(new Action.SendHeartbeat());
        }
    }

    /** Something failed once; nobody will say when it is well again, so it is tried again soon. */
    static void passingFault(Turn turn, String cause) {
        fault(turn, cause);
        cleared(turn);
    }

    static void cleared(Turn turn) {
        if (turn.role() instanceof Role.Fault fault && !fault.cleared()) {
            turn.inRole(fault.cleared(true, turn.nowNs));
        }
    }

    static void tick(Turn turn, Role.Fault fault) {
        if (fault.isolated() && fault.cleared() != Gateway.isBack(turn)) {
            turn.inRole(fault.cleared(!fault.cleared(), turn.nowNs));
        } else if (fault.cleared()
                && turn.nowNs - fault.clearedNs() >= turn.settings.faultClearNs()) {
            turn.update(turn.situation().withMaster(""));
            turn.become(working(turn), "the fault is gone: " + fault.cause());
        }
    }

    private static Role working(Turn turn) {
        if (turn.settings.witness()) {
            return new Role.Witness();
        }
        return turn.situation().condition().maintenance()
                ? new Role.Maintenance()
                : new Role.Init(turn.nowNs + turn.settings.detectionNs());
    }

    /** An owner hands over first; whoever else is to stop owning does not begin to. */
    static void maintenance(Turn turn, Event.Maintenance command) {
        Condition before = turn.situation().condition();
        turn.update(turn.situation().withCondition(before.inMaintenance(command.on())));
        if (!command.on()) {
            if (turn.role() instanceof Role.Maintenance) {
                turn.update(turn.situation().withMaster(""));
                turn.become(working(turn), "maintenance is over");
                turn.act(new Action.SendHeartbeat());
            }
            turn.act(new Action.Settled(command.id()));
            return;
        }
        String refusal = "";
        switch (turn.role()) {
            case Role.Master master -> {
                PeerView target = Judgement.readiest(turn);
                if (target == null) {
                    refusal = HandingOver.whyNobodyIsReady(turn);
                } else if (!master.taken()) {
                    refusal = turn.settings.node() + " is still taking the addresses";
                } else {
                    HandingOver.begin(
                            turn,
                            master,
                            target.node(),
                            command.id(),
                            "maintenance of " + turn.settings.node(),
                            Role.Then.MAINTENANCE);
                }
            }
            case Role.Init _, Role.Syncing _, Role.Backup _, Role.Candidate _ -> {
                turn.become(new Role.Maintenance(), "maintenance");
                turn.act(new Action.SendHeartbeat());
                turn.act(new Action.Settled(command.id()));
            }
            case Role.Maintenance _, Role.Fault _ -> turn.act(new Action.Settled(command.id()));
            case Role.Handover _, Role.Fenced _, Role.Witness _, Role.Stopped _ ->
                    refusal = "%s is %s".formatted(turn.settings.node(), turn.situation().state());
        }
        if (!refusal.isEmpty()) {
            turn.update(turn.situation().withCondition(before));
            HandingOver.refuse(turn, command.id(), refusal);
        }
    }

    static void stop(Turn turn) {
        switch (turn.role()) {
            case Role.Master master -> {
                PeerView target = Judgement.readiest(turn);
                if (target != null && master.taken()) {
                    HandingOver.begin(
                            turn,
                            master,
                            target.node(),
                            "",
                            turn.settings.node() + " stops",
                            Role.Then.STOP);
                } else {
                    leave(turn);
                }
            }
            case Role.Handover handover -> turn.inRole(handover.withThenStop());
            case Role.Init _,
                    Role.Syncing _,
                    Role.Backup _,
                    Role.Candidate _,
                    Role.Fenced _,
                    Role.Maintenance _,
                    Role.Fault _,
                    Role.Witness _,
                    Role.Stopped _ ->
                    leave(turn);
        }
    }

    /** Leaves without waiting for anybody; the heartbeat that follows is the goodbye. */
    static void leave(Turn turn) {
        boolean owned = owns(turn.role());
        forgetOwnMastership(turn);
        turn.become(new Role.Stopped(), "stopped");
        if (owned) {
            Owning.letGo(turn);
        } else {
            turn.act(new Action.SendHeartbeat());
        }
    }

    private static void forgetOwnMastership(Turn turn) {
        if (turn.situation().master().equals(turn.settings.node())) {
            turn.update(turn.situation().withMaster(""));
        }
    }

    private static boolean owns(Role role) {
        return role instanceof Role.Master
                || role instanceof Role.Handover
                || role instanceof Role.Fenced;
    }
}
