package dev.tandem.failover.core;

import java.util.ArrayList;
import java.util.List;

/** One step while it is being worked out; never leaves {@link FailoverMachine#step}. */
final class Turn {
    final Settings settings;
    final long nowNs;
    private Situation situation;
    private final List<Action> actions = new ArrayList<>();

    Turn(Settings settings, Situation situation, long nowNs) {
        this.settings = settings;
        this.situation = situation;
        this.nowNs = nowNs;
    }

    Situation situation() {
        return situation;
    }

    Role role() {
        return situation.role();
    }

    void update(Situation next) {
        situation = next;
    }

    /** Changes what the state knows without leaving it. */
    void inRole(Role role) {
        situation = situation.inRole(role);
    }

    /** As {@link #inRole}, for another reason than the one the state was entered for. */
    void inRole(Role role, String reason) {
        situation = situation.inRole(role, reason);
    }

    /** Goes into another state. */
    void become(Role role, String reason) {
        State from = situation.state();
        if (!from.mayBecome(role.state())) {
            throw new IllegalStateException(from + " may not become " + role.state());
        }
        situation = situation.entering(role, reason, nowNs);
        boolean claims =
                switch (role.state()) {
                    case CANDIDATE, MASTER, HANDOVER, FENCED -> true;
                    case INIT, SYNCING, BACKUP, MAINTENANCE, FAULT, WITNESS, STOPPED -> false;
                };
        if (!claims && situation.ballot().holder().equals(settings.node())) {
            situation = situation.withBallot(situation.ballot().released(nowNs));
        }
    }

    void act(Action action) {
        actions.add(action);
    }

    /** Whether this moment has come; right across the wrap-around of the clock. */
    boolean reached(long timeNs) {
        return nowNs - timeNs >= 0;
    }

    static long ms(long ns) {
        return ns / 1_000_000;
    }

    Step end() {
        return new Step(situation, actions);
    }
}
