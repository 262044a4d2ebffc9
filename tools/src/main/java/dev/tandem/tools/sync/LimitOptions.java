package dev.tandem.tools.sync;

import picocli.CommandLine.Option;

/** When to stop listening. */
final class LimitOptions {
    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "End after so many sync datagrams.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "End after so many seconds; may be a fraction.")
    private double seconds = Double.POSITIVE_INFINITY;

    /**
     * @param live whether the source has no end of its own; Ctrl-C then ends it in good order
     */
    Ending ending(boolean live) {
        return new Ending(count, live ? seconds : Double.POSITIVE_INFINITY, live);
    }
}
