package dev.tandem.tools.sync;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.sync.capture.Capture;
import dev.tandem.sync.capture.FrameReader;
import dev.tandem.tools.ConnectionText;
import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Connections;
import dev.tandem.tools.api.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem sync diff}. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Compare the tables to which two captures lead, or a capture's with that of a daemon.",
            "Lines begin with - for what only A has, with + for what only B has."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the tables agree", "1:they differ", "2:bad usage, or it could not run"},
        footer = {
            "",
            "Examples:",
            "  tandem sync diff master.pcap backup.pcap",
            "  tandem sync diff sync.pcap --socket /run/tandem/tandem.sock --syncid 7"
        })
final class DiffCommand implements Callable<Integer> {
    /** The most that the API gives at a time. */
    private static final int MOST_CONNECTIONS = 100_000;

    private static final long NS_PER_S = 1_000_000_000L;

    @Mixin private final WireOptions wire = new WireOptions();
    @Mixin private final TableOptions options = new TableOptions();

    @SuppressWarnings("NullAway") // picocli sets it
    @Parameters(index = "0", paramLabel = "A", description = "A capture.")
    private Path a;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "B",
            description = "Another, unless a daemon is asked.")
    private @Nullable Path b;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Compare with the table of the daemon that listens there.")
    private @Nullable Path socket;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Which of the daemon's clusters, when it has several.")
    private @Nullable String cluster;

    @Option(
            names = "--tolerance",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description =
                    "By how much the time left may differ; -1: times do not matter. Default: 3")
    private long tolerance;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, ApiException {
        if ((b == null) == (socket == null)) {
            throw new ParameterException(
                    spec.commandLine(), "give either a second capture or --socket");
        }
        TableDiff diff = b == null ? withDaemon() : withCapture(b);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(diff));
        } else {
            print(diff, out);
        }
        out.flush();
        return diff.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Both at the same moment: the later end of the two, unless the user says which. */
    private TableDiff withCapture(Path other) throws IOException {
        long atNs = options.untilNs();
        if (atNs == BackupTable.TO_THE_END) {
            atNs = Math.max(end(a), end(other));
        }
        return TableDiff.of(entries(a, atNs), entries(other, atNs), tolerance);
    }

    private TableDiff withDaemon() throws IOException, ApiException {
        Map<String, String> parameters =
                cluster == null
                        ? Map.of("limit", Integer.toString(MOST_CONNECTIONS))
                        : Map.of("limit", Integer.toString(MOST_CONNECTIONS), "cluster", cluster);
        Connections answer =
                new ApiClient(socket == null ? Path.of("") : socket).connections(parameters);
        if (answer.truncated()) {
            throw new IOException(
                    "the daemon has "
                            + answer.total()
                            + " entries, more than its API gives at a time");
        }
        Instant now = Instant.now();
        long atNs = options.untilNs();
        if (atNs == BackupTable.TO_THE_END) {
            atNs = now.getEpochSecond() * NS_PER_S + now.getNano();
        }
        return TableDiff.of(entries(a, atNs), answer.connections(), tolerance);
    }

    private long end(Path file) throws IOException {
        try (BackupTable table = read(file, BackupTable.TO_THE_END)) {
            return table.timeNs();
        }
    }

    private List<ConnectionView> entries(Path file, long atNs) throws IOException {
        try (BackupTable table = read(file, atNs)) {
            return table.list();
        }
    }

    private BackupTable read(Path file, long atNs) throws IOException {
        BackupTable table = options.table(file, atNs, List.of("sip"));
        try (Capture capture = Capture.openFile(file)) {
            FrameReader reader = wire.reader(table);
            while (capture.next(reader) == Capture.Next.FRAME) {}
            String damage = capture.damage();
            if (damage != null) {
                spec.commandLine().getErr().println("tandem: " + damage);
            }
        } catch (IOException e) {
            table.close();
            throw e;
        }
        return table;
    }

    private static void print(TableDiff diff, PrintWriter out) {
        diff.onlyInA().forEach(entry -> out.println("- " + ConnectionText.line(entry, true)));
        diff.onlyInB().forEach(entry -> out.println("+ " + ConnectionText.line(entry, true)));
        for (TableDiff.Pair pair : diff.different()) {
            out.println("-+ " + ConnectionText.line(pair.a(), true));
            out.println("   " + ConnectionText.line(pair.b(), true));
        }
        out.printf(
                "%d only in A, %d only in B, %d different, %d the same%n",
                diff.onlyInA().size(), diff.onlyInB().size(), diff.different().size(), diff.same());
    }
}
