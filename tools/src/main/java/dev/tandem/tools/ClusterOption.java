package dev.tandem.tools;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which of a node's clusters a command is about. */
final class ClusterOption {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Which cluster; needed only where the node is in several.")
    private @Nullable String name;

    /** Null when none was named. */
    @Nullable String name() {
        return name;
    }
}
