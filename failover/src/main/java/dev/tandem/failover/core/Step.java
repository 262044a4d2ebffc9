package dev.tandem.failover.core;

import java.util.List;

/** What the machine answers: the situation from now on, and what is to be done, in this order. */
public record Step(Situation situation, List<Action> actions) {
    public Step {
        actions = List.copyOf(actions);
    }
}
