package dev.tandem.tools.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Leftovers;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
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
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no connection was lost",
            "1:connections were lost",
            "2:the demo could not run"
        },
        footer = {
            "",
            "Needs root. Examples:",
            "  tandem demo                              kill the master of 200 connections",
            "  tandem demo --fault planned --connections 500",
            "  tandem demo --fault partition            a witness keeps the pair from splitting",
            "  tandem demo --fault kill --no-sync       the control run: it loses them"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 20_000;

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
                    "Whether the directors sign and repair their sync messages. Default: enforce")
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
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw new ParameterException(
                    command.commandLine(), "--connections must be 1 to " + MAX_CONNECTIONS);
        }
        PrintWriter err = command.commandLine().getErr();
        boolean bare = json != null && json.toString().equals("-");
        PrintWriter out = bare ? err : command.commandLine().getOut();
        try {
            checkHost();
            return clean ? clean(out) : run(out);
        } catch (DemoFailure | IOException e) {
            err.println("tandem demo: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        err.flush();
        return 2;
    }

    private int run(PrintWriter out) throws DemoFailure, IOException, InterruptedException {
        var options =
                new DemoOptions(
                        fault,
                        connections,
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
            writeJson(result);
            if (keep) {
                demo.lab().leave();
                out.println(Kept.how(demo.lab(), result.owner().after()));
            }
            return status(result);
        } catch (DemoFailure e) {
            demo.lab().leaveFiles();
            throw new DemoFailure(
                    "%s%nThe files and logs of this run are in %s; tandem demo --clean removes them."
                            .formatted(e.getMessage(), demo.lab().directory()));
        }
    }

    private int status(DemoResult result) throws DemoFailure {
        if (result.connections().lost() > 0) {
            return 1;
        }
        boolean moved = !result.owner().after().equals(result.owner().before());
        if (moved != fault.moves()) {
            throw new DemoFailure(
                    moved
                            ? "the address moved, and should have stayed"
                            : "the address did not move: the run proves nothing");
        }
        return 0;
    }

    private void writeJson(DemoResult result) throws IOException {
        if (json != null) {
            byte[] bytes =
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(result);
            if (json.toString().equals("-")) {
                System.out.write(bytes);
                System.out.println();
            } else {
                Files.write(json, bytes);
            }
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

    /** What the demo needs of the machine, said before anything is touched. */
    private void checkHost() throws DemoFailure, IOException {
        for (String program : offloads == Switch.ON ? List.of("ip") : List.of("ip", "ethtool")) {
            if (!Commands.installed(program)) {
                throw new DemoFailure(
                        program + " is not installed: apt-get install iproute2 ethtool");
            }
        }
        if (!Capabilities.sufficient()) {
            throw new DemoFailure(
                    "it makes network namespaces and needs root (" + Capabilities.NAMES + ")");
        }
        long needed = 2L * connections + 200;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                && os.getMaxFileDescriptorCount() < needed) {
            throw new DemoFailure(
                    "%d connections need %d open files, and the limit is %d: see ulimit -n"
                            .formatted(connections, needed, os.getMaxFileDescriptorCount()));
        }
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
