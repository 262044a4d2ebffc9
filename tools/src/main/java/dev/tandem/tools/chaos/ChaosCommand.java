package dev.tandem.tools.chaos;

import dev.tandem.tools.cli.ClosedAtExit;
import dev.tandem.tools.cli.Range;
import dev.tandem.tools.demo.ConnectionsOption;
import dev.tandem.tools.demo.DemoFailure;
import dev.tandem.tools.demo.Host;
import dev.tandem.tools.demo.Progress;
import dev.tandem.tools.demo.SceneOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem chaos}: random faults on a pair under traffic. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Strikes a pair and its witness, under traffic, with random real faults, in network"
                    + " namespaces of its own.",
            "",
            "Each round is one fault or two that leave a majority: a process is killed, restarted"
                    + " or stopped, cables are pulled, a node is cut off or made deaf, frames between"
                    + " the nodes are lost, the addresses are handed over. Then all is mended, and the"
                    + " next round begins when the backup knows every connection again. Before the"
                    + " master merely falls silent, ten seconds must have passed since the last"
                    + " failover: a pair lets a silence pass that soon.",
            "",
            "After each round this must hold: no connection was lost; the address never had two"
                    + " owners, as an observer on the clients' network saw it; nobody had to wait for"
                    + " an owner for longer than --within. At the end: no daemon uses 8 MiB more on its"
                    + " heap than at its first look, after a collection of garbage.",
            "",
            "The same seed gives the same schedule. When exactly a fault strikes is up to the"
                    + " machine.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything held in every round",
            "1:something did not hold",
            "2:it could not run to its end: the pair did not become ready again, for instance"
        },
        footer = {
            "",
            "Needs root. Examples:",
            "  tandem chaos --seed 7 --minutes 3",
            "  tandem chaos --rounds 200 --connections 1000 --json chaos.json"
        })
public final class ChaosCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 100_000;
    private static final int MAX_MINUTES = 10_000;
    private static final int MAX_WITHIN_MS = 60_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the schedule. Default: another one each time, which is told")
    private @Nullable Long seed;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "At most so many rounds, 1 to 100000. Default: 20 without --minutes")
    private @Nullable Integer rounds;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "No round begins later than this, 1 to 10000")
    private @Nullable Integer minutes;

    @Mixin private final ConnectionsOption connections = new ConnectionsOption();

    @Option(
            names = "--within",
            paramLabel = "MS",
            defaultValue = "2000",
            description = "How long there may be no owner, 1 to 60000. Default: 2000")
    private int withinMs;

    @Mixin private final SceneOutput output = new SceneOutput();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ChaosOptions options = options();
        return output.run(out -> run(options, out));
    }

    private ChaosOptions options() {
        Range.check(spec, "--rounds", rounds == null ? 1 : rounds, 1, MAX_ROUNDS);
        Range.check(spec, "--minutes", minutes == null ? 1 : minutes, 1, MAX_MINUTES);
        Range.check(spec, "--within", withinMs, 1, MAX_WITHIN_MS);
        int most = minutes == null ? 20 : MAX_ROUNDS;
        return new ChaosOptions(
                seed == null ? ThreadLocalRandom.current().nextInt(1, 1_000_000) : seed,
                connections.count(),
                rounds == null ? most : rounds,
                Duration.ofMinutes(minutes == null ? MAX_MINUTES : minutes),
                withinMs);
    }

    private int run(ChaosOptions options, PrintWriter out)
            throws DemoFailure, IOException, InterruptedException {
        Host.check(List.of("ip", "nft"), options.connections());
        var progress = new Progress(out);
        progress.say("seed " + options.seed());
        var chaos = new Chaos(options, progress);
        try (var _ = new ClosedAtExit(chaos::close)) {
            ChaosResult result = chaos.run();
            out.println(ChaosReport.summary(result, Ansi.AUTO));
            output.write(result);
            if (result.problems().isEmpty()) {
                return ExitCode.OK;
            }
            chaos.lab().leaveFiles();
            out.println("The logs are in " + chaos.lab().directory());
            return ExitCode.SOFTWARE;
        }
    }
}
