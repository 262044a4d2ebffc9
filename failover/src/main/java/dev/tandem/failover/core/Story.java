package dev.tandem.failover.core;

import dev.tandem.failover.core.Action.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * A failover's report while it is being written.
 *
 * @param id of the command that asked for it; empty when none did or another node answers it
 * @param cause in words
 * @param from the old master
 * @param evidence what the decision rested on
 * @param phases those that are over
 * @param markNs when the phase under way began
 */
record Story(
        String id, String cause, String from, String evidence, List<Phase> phases, long markNs) {
    Story {
        phases = List.copyOf(phases);
    }

    static Story begin(String id, String cause, String from, String evidence, long nowNs) {
        return new Story(id, cause, from, evidence, List.of(), nowNs);
    }

    /** The phase under way is over, and the next one begins. */
    Story after(String phase, long nowNs) {
        return afterLasting(phase, nowNs - markNs, nowNs);
    }

    /** As {@link #after}, where somebody else measured the time. */
    Story afterLasting(String phase, long durationNs, long nowNs) {
        List<Phase> longer = new ArrayList<>(phases);
        longer.add(new Phase(phase, durationNs));
        return new Story(id, cause, from, evidence, longer, nowNs);
    }

    Action.Report report(String to, long epoch, int connections) {
        return new Action.Report(id, cause, from, to, epoch, phases, connections, evidence);
    }
}
