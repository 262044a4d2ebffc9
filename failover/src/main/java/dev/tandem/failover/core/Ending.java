package dev.tandem.failover.core;

/** The rules of FAULT and STOPPED, which can follow any other state. */
final class Ending {
    private Ending() {}

    static void fault(Turn turn, String cause) {
        Role.Fault fault = new Role.Fault(cause, false, turn.nowNs);
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
        if (turn.role() instanceof Role.Fault(String cause, boolean alreadyCleared, long _)
                && !alreadyCleared) {
            turn.inRole(new Role.Fault(cause, true, turn.nowNs));
        }
    }

    static void tick(Turn turn, Role.Fault fault) {
        if (fault.cleared() && turn.nowNs - fault.clearedNs() >= turn.settings.faultClearNs()) {
            turn.update(turn.situation().withMaster(""));
            turn.become(
                    turn.settings.witness()
                            ? new Role.Witness()
                            : new Role.Init(turn.nowNs + turn.settings.detectionNs()),
                    "the fault is gone: " + fault.cause());
        }
    }

    static void stop(Turn turn) {
        switch (turn.role()) {
            case Role.Master master -> {
                PeerView target = Judgement.readiest(turn);
                if (target != null && master.taken()) {
                    HandingOver.begin(
                            turn, master, target.node(), "", turn.settings.node() + " stops", true);
                } else {
                    leave(turn);
                }
            }
            case Role.Handover handover -> turn.inRole(handover.withThenStop());
            case Role.Init _,
                    Role.Backup _,
                    Role.Candidate _,
                    Role.Fenced _,
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
