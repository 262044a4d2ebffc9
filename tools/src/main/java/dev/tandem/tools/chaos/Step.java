package dev.tandem.tools.chaos;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What happens in a round.
 *
 * @param troubles one or two that leave a majority of the three nodes able to work
 * @param apartMs how long after the first the second follows
 * @param holdMs how long after the last all is mended
 */
record Step(List<Trouble> troubles, int apartMs, int holdMs) {
    Step {
        troubles = List.copyOf(troubles);
    }

    boolean silent() {
        return troubles.stream().anyMatch(Trouble::silent);
    }

    /** As a sentence without a full stop. */
    String words() {
        String what =
                troubles.stream()
                        .map(Trouble::words)
                        .collect(Collectors.joining(", %d ms later ".formatted(apartMs)));
        return "%s; mended after %d ms".formatted(what, holdMs);
    }
}
