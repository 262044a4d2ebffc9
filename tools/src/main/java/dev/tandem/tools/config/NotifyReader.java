package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.oneOf;

import dev.tandem.failover.core.State;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the list {@code notify} of {@code failover}. */
final class NotifyReader {
    /** In the words of the status. */
    private static final Syntax<String> STATE =
            oneOf(Stream.of(State.values()).map(State::name).toList());

    private NotifyReader() {}

    static List<NotifyConfig> read(Section failover) {
        return failover.has("notify")
                ? failover.blocks("notify", "programs to be told", NotifyReader::program)
                : List.of();
    }

    private static NotifyConfig program(Section section) {
        Set<String> states =
                section.has("states")
                        ? new HashSet<>(section.values("states", "states", STATE))
                        : Set.of();
        return new NotifyConfig(
                TrackReader.command(section),
                states,
                section.optional("timeout-ms", integer(10, 3_600_000), 10_000),
                section.optional("attempts", integer(1, 100), 5));
    }
}
