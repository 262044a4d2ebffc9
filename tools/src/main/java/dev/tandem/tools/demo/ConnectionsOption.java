package dev.tandem.tools.demo;

import dev.tandem.tools.cli.Range;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How many connections a scene holds. */
public final class ConnectionsOption {
    private static final int MAX = 20_000;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "200",
            description = "TCP connections, 1 to 20000. Default: 200")
    private int connections;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec(Target.MIXEE)
    private CommandSpec command;

    /**
     * How many, 1 to 20000.
     *
     * @throws picocli.CommandLine.ParameterException for another number
     */
    public int count() {
        Range.check(command, "--connections", connections, 1, MAX);
        return connections;
    }
}
