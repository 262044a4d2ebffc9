package dev.tandem.tools.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The ranges of the numbers that a command takes. */
public final class Range {
    private Range() {}

    /**
     * Refuses a number that is outside its range, both ends of which are allowed.
     *
     * @throws ParameterException that names the option, the number and the range: bad usage
     */
    public static <N extends Number & Comparable<N>> void check(
            CommandSpec command, String option, N value, N low, N high) {
        if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "%s is %s, allowed are %s to %s".formatted(option, value, low, high));
        }
    }
}
