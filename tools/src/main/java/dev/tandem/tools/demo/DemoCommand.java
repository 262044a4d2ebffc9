package dev.tandem.tools.demo;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Leftovers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
                    + " one, was answered. The wait of a connection is longer, because TCP repeats what was lost after 200 ms at the"
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
    private static final int MAX_CONNECTIONS = 20_000;
    private static final int MAX_ROUNDS = 1000;
    private static final double MIN_BAR_MS = 0.1;
    private static final double MAX_BAR_MS = 60_000;

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            defaultValue = "kill",
            converter = FaultConverter.class,
            description = {
                "What happens. Default: kill",
                "  kill          SIGKILL to the master",
                "  planned       a handover by command",
                "  hang          SIGSTOP to the master",
                "  cable         every cable of the master is pulled",
                "  partition     the master is cut off from the other nodes, not from clients",
                "  deaf          the backup hears nobody, and must not take over",
                "  restart       SIGKILL to the master, which starts again at once and takes over"
                        + " again, but not before it has the connections",
                "  witness-loss  the witness is killed, and nothing must happen"
            })
    private Fault fault = Fault.KILL;

    @Option(
            names = "--arbiter",
            paramLabel = "none|witness",
            converter = ArbiterConverter.class,
            description =
                    "Whether a third node votes. Default: witness with cable, partition, deaf and"
                            + " witness-loss, which need one to end with one owner; else none")
    private @Nullable Arbiter arbiter;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "200",
            description = "TCP connections, 1 to 20000. Default: 200")
    private int connections;

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
                            + " kill and restart, 450 with hang, cable and partition, 3 with planned,"
                            + " 10 with deaf and witness-loss")
    private @Nullable Double bar;

    @Option(
            names = "--forwarding",
            paramLabel = "nat|dr",
            defaultValue = "nat",
            converter = ForwardingConverter.class,
            description = "How the directors reach the servers. Default: nat")
    private Forwarding forwarding = Forwarding.NAT;

    @Option(
            names = "--no-sync",
            description = "Leave the replication of connections out, to see what it is good for")
    private boolean noSync;

    @Option(
            names = "--hardening",
            paramLabel = "off|permissive|enforce",
            defaultValue = "enforce",
            converter = ModeConverter.class,
            description =
                    "Whether the directors sign and repair their sync messages, and the nodes prove"
                            + " themselves to each other. Default: enforce")
    private Mode hardening = Mode.ENFORCE;

    @Option(
            names = "--offloads",
            paramLabel = "on|off",
            defaultValue = "on",
            converter = SwitchConverter.class,
            description =
                    "Segmentation and checksum offload of the interfaces, as virtual machines have"
                            + " them. Default: on")
    private Switch offloads = Switch.ON;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the result there as JSON; - for the standard output alone")
    private @Nullable Path json;

    @Option(names = "--keep", description = "Leave the lab and the new master running afterwards")
    private boolean keep;

    @Option(
            names = "--clean",
            description = "Remove all labs that were kept or left behind, and do nothing else")
    private boolean clean;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        check(command, "--connections", connections, 1, MAX_CONNECTIONS);
        check(command, "--rounds", rounds, 1, MAX_ROUNDS);
        check(command, "--bar", bar == null ? MIN_BAR_MS : bar, MIN_BAR_MS, MAX_BAR_MS);
        PrintWriter err = command.commandLine().getErr();
        boolean bare = json != null && Json.isOutput(json);
        PrintWriter out = bare ? err : command.commandLine().getOut();
        try {
            Host.check(
                    offloads == Switch.ON ? List.of("ip") : List.of("ip", "ethtool"), connections);
            return clean ? clean(out) : run(out);
        } catch (DemoFailure | IOException e) {
            err.println("tandem demo: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        err.flush();
        return 2;
    }

    private static void check(
            CommandSpec command, String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new ParameterException(
                    command.commandLine(),
                    String.format(
                            Locale.ROOT,
                            least == 1 ? "%s must be %.0f to %.0f" : "%s must be %.1f to %.0f",
                            option,
                            least,
                            most));
        }
    }

    private int run(PrintWriter out) throws DemoFailure, IOException, InterruptedException {
        var options =
                new DemoOptions(
                        fault,
                        connections,
                        rounds,
                        bar == null ? fault.barMs() : bar,
                        forwarding,
                        !noSync,
                        hardening,
                        arbiter == null ? fault.needsWitness() : arbiter == Arbiter.WITNESS,
                        offloads == Switch.ON,
                        keep);
        var demo = new Demo(options, new Progress(out));
        var hook = new Thread(demo::close, "demo clean-up");
        Runtime.getRuntime().addShutdownHook(hook);
        try (demo) {
            return run(demo, out);
        } finally {
            out.flush();
        }
    }

    private int run(Demo demo, PrintWriter out)
            throws DemoFailure, IOException, InterruptedException {
        try {
            DemoResult result = demo.run();
            out.println(DemoReport.of(result, fault, Ansi.AUTO));
            if (json != null) {
                Json.write(json, result);
            }
            if (keep) {
                demo.leave();
                out.println(Kept.how(demo.lab(), result.rounds().getLast().owner().after()));
            }
            return result.verdict().passed() ? 0 : 1;
        } catch (DemoFailure e) {
            demo.lab().leaveFiles();
            throw new DemoFailure(
                    "%s%nThe files and logs of this run are in %s; tandem demo --clean removes them."
                            .formatted(e.getMessage(), demo.lab().directory()));
        }
    }

    private static int clean(PrintWriter out) throws IOException {
        List<String> removed = Leftovers.removeOrphans(true);
        out.println(
                removed.isEmpty()
                        ? "nothing was left behind"
                        : "removed the labs of runs " + String.join(", ", removed));
        out.flush();
        return 0;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException _) {
            throw new TypeConversionException("'" + text + "' is none of them");
        }
    }

    private enum Arbiter {
        NONE,
        WITNESS
    }

    private static final class ArbiterConverter implements ITypeConverter<Arbiter> {
        @Override
        public Arbiter convert(String text) {
            return constant(Arbiter.class, text);
        }
    }

    private static final class FaultConverter implements ITypeConverter<Fault> {
        @Override
        public Fault convert(String text) {
            return constant(Fault.class, text);
        }
    }

    private static final class ForwardingConverter implements ITypeConverter<Forwarding> {
        @Override
        public Forwarding convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "nat" -> Forwarding.NAT;
                case "dr" -> Forwarding.DR;
                default -> throw new TypeConversionException("'" + text + "' is none of them");
            };
        }
    }

    private static final class ModeConverter implements ITypeConverter<Mode> {
        @Override
        public Mode convert(String text) {
            return constant(Mode.class, text);
        }
    }

    private static final class SwitchConverter implements ITypeConverter<Switch> {
        @Override
        public Switch convert(String text) {
            return constant(Switch.class, text);
        }
    }

    private enum Switch {
        ON,
        OFF
    }
}
