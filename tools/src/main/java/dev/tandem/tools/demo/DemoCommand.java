package dev.tandem.tools.demo;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.cli.ClosedAtExit;
import dev.tandem.tools.cli.HardeningWords;
import dev.tandem.tools.cli.Range;
import dev.tandem.tools.cli.Switch;
import dev.tandem.tools.cli.Words;
import dev.tandem.tools.demo.lab.Arbiter;
import dev.tandem.tools.demo.lab.Leftovers;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem demo}: a pair, live connections, a fault, and what became of them. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows a failover on this machine, in network namespaces of its own.",
            "",
            "A client holds connections through a pair of directors to three servers. Each sends"
                    + " and receives numbered bytes that both ends verify. Then something happens to"
                    + " the master, and a report says what became of the connections.",
            "",
            "The gap is the longest time in which nobody was served: a client of its own asks by UDP"
                    + " each millisecond and notes the longest time until a question, or a later"
                    + " one, was answered, from the fault until half a second after the address"
                    + " moved; later is the same afterwards. The wait of a connection is longer, because TCP repeats what was lost after 200 ms at the"
                    + " earliest. An observer asks each 10 ms who has the address; two that answer"
                    + " one question, or more changes than new epochs, are two owners at once.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no connection was lost, never two owners, the median of the gaps within the bar",
            "1:one of these does not hold, or the address is not where it should be",
            "2:the demo could not run"
        },
        footer = {
            "",
            "Needs root. Examples:",
            "  tandem demo                              kill the master of 200 connections",
            "  tandem demo --fault planned --connections 500",
            "  tandem demo --fault partition            a witness keeps the pair from splitting",
            "  tandem demo --fault hang --rounds 20     twenty times, with medians",
            "  tandem demo --fault kill --no-sync       the control run: it loses them"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 1000;
    private static final double MIN_BAR_MS = 0.1;
    private static final double MAX_BAR_MS = 60_000;

    @Option(
            names = "--fault",
            converter = FaultWords.class,
            paramLabel = "FAULT",
            description = {
                "What happens. Default: kill",
                "  kill          SIGKILL to the master",
                "  planned       a handover by command",
                "  hang          SIGSTOP to the master",
                "  cable         every cable of the master is pulled",
                "  partition     the master is cut off from the other nodes, not from clients",
                "  cut-off       the master's switch passes nothing on, though its cables are well",
                "  deaf          the backup hears nobody, and must not take over",
                "  restart       SIGKILL to the master, which starts again at once and takes over"
                        + " again, but not before it has the connections",
                "  witness-loss  the witness is killed, and nothing must happen"
            })
    private Fault fault = Fault.KILL;

    @Option(
            names = "--arbiter",
            converter = ArbiterWords.class,
            paramLabel = "none|witness|gateway",
            description =
                    "Who decides between directors that do not hear each other: a third node, which"
                            + " votes, or the clients' host, by whom it answers. Default: gateway"
                            + " with cut-off, witness with cable, partition, deaf and witness-loss,"
                            + " which need one to end with one owner; else none")
    private @Nullable Arbiter arbiter;

    @Mixin private final ConnectionsOption connections = new ConnectionsOption();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How often, each time to a pair that is ready again, 1 to 1000. Default: 1")
    private int rounds;

    @Option(
            names = "--bar",
            paramLabel = "MS",
            description =
                    "What the median of the gaps must not exceed, 0.1 to 60000. Default: 100 with"
                            + " kill and restart, 450 with hang, cable, partition and cut-off,"
                            + " 3 with planned, 10 with deaf and witness-loss")
    private @Nullable Double bar;

    @Option(
            names = "--forwarding",
            converter = ReachWords.class,
            paramLabel = "nat|dr",
            description = "How the directors reach the servers. Default: nat")
    private Reach forwarding = Reach.NAT;

    @Option(
            names = "--no-sync",
            description = "Leave the replication of connections out, to see what it is good for")
    private boolean noSync;

    @Option(
            names = "--hardening",
            converter = HardeningWords.class,
            paramLabel = "off|permissive|enforce",
            description =
                    "Whether the directors sign and repair their sync messages, and the nodes prove"
                            + " themselves to each other. Default: enforce")
    private Mode hardening = Mode.ENFORCE;

    @Option(
            names = "--offloads",
            converter = Switch.Converter.class,
            paramLabel = "on|off",
            description =
                    "Segmentation and checksum offload of the interfaces, as virtual machines have"
                            + " them. Default: on")
    private Switch offloads = Switch.ON;

    @Mixin private final SceneOutput output = new SceneOutput();

    @Option(names = "--keep", description = "Leave the lab and the new master running afterwards")
    private boolean keep;

    @Option(
            names = "--clean",
            description = "Remove all labs that were kept or left behind, and do nothing else")
    private boolean clean;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    private enum Reach {
        NAT,
        DR
    }

    private static final class FaultWords extends Words<Fault> {
        FaultWords() {
            super(Fault.class);
        }
    }

    private static final class ArbiterWords extends Words<Arbiter> {
        ArbiterWords() {
            super(Arbiter.class);
        }
    }

    private static final class ReachWords extends Words<Reach> {
        ReachWords() {
            super(Reach.class);
        }
    }

    @Override
    public Integer call() {
        DemoOptions options = options();
        return output.run(out -> clean ? clean(out) : run(options, out));
    }

    private DemoOptions options() {
        Range.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
        double barMs = bar == null ? fault.barMs() : bar;
        Range.check(spec, "--bar", barMs, MIN_BAR_MS, MAX_BAR_MS);
        return new DemoOptions(
                fault,
                connections.count(),
                rounds,
                barMs,
                forwarding == Reach.NAT ? Forwarding.NAT : Forwarding.DR,
                !noSync,
                hardening,
                arbiter == null ? fault.arbiter() : arbiter,
                offloads == Switch.ON,
                keep);
    }

    private int run(DemoOptions options, PrintWriter out)
            throws DemoFailure, IOException, InterruptedException {
        Host.check(
                options.offloads() ? List.of("ip") : List.of("ip", "ethtool"),
                options.connections());
        var demo = new Demo(options, new Progress(out));
        try (var _ = new ClosedAtExit(demo::close)) {
            DemoResult result = demo.run();
            out.println(DemoReport.of(result, options.fault(), Ansi.AUTO));
            output.write(result);
            if (options.keep()) {
                demo.leave();
                out.println(Kept.how(demo.lab(), result.rounds().getLast().owner().after()));
            }
            return result.verdict().passed() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private static int clean(PrintWriter out) throws DemoFailure, IOException {
        Host.check(List.of("ip"), 0);
        List<String> removed = Leftovers.removeOrphans(true);
        out.println(
                removed.isEmpty()
                        ? "nothing was left behind"
                        : "removed the labs of runs " + String.join(", ", removed));
        return ExitCode.OK;
    }
}
