package dev.tandem.tools.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.sync.capture.FrameReader;
import dev.tandem.tools.ConnectionText;
import dev.tandem.tools.api.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem sync table}. */
@Command(
        name = "table",
        mixinStandardHelpOptions = true,
        description = {
            "Print the connection table that a kernel's backup would hold after the capture's"
                    + " messages, as ipvsadm -Lnc prints it."
        },
        footer = {
            "",
            "Examples:",
            "  tandem sync table sync.pcap",
            "  ipvsadm -Sn > rules; tandem sync table sync.pcap --rules rules --syncid 1 --json",
            "  tandem sync table sync.pcap --until 1795218097.5",
            "  tandem sync table -i eth1 --seconds 60"
        })
final class TableCommand implements Callable<Integer> {
    @Mixin private final SourceOptions source = new SourceOptions();
    @Mixin private final TableOptions options = new TableOptions();

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = {
                "The backup's services, as ipvsadm -Sn writes them: to them entries are bound, and"
                        + " their persistence engines are known. Without it \"sip\" is known."
            })
    private @Nullable Path rulesFile;

    @Option(
            names = "--persistent-conn",
            description = "Show persistence-engine data too, as ipvsadm -Lnc --persistent-conn.")
    private boolean persistent;

    @Option(names = "--json", description = "One JSON object a line for each entry.")
    private boolean json;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Rules rules = rulesFile == null ? null : Rules.read(rulesFile);
        List<String> engines = rules == null ? List.of("sip") : rules.engines();
        try (Ending ending = source.ending();
                BackupTable table = options.table(source.file(), engines)) {
            FrameReader _ = source.read(table, ending, () -> {});
            print(Entries.sorted(table.list()), rules);
            warn(table);
        }
        return ExitCode.OK;
    }

    private void print(List<ConnectionView> entries, @Nullable Rules rules) {
        PrintWriter out = new PrintWriter(new BufferedWriter(spec.commandLine().getOut()));
        if (json) {
            for (ConnectionView entry : entries) {
                out.println(new String(Json.compact(TableJson.of(entry, rules)), UTF_8));
            }
        } else {
            ConnectionText.print(entries, persistent, out);
        }
        out.flush();
    }

    private void warn(BackupTable table) {
        PrintWriter err = spec.commandLine().getErr();
        if (table.cut() > 0) {
            err.println("tandem: " + table.cut() + " messages were longer than --maxlen");
        }
        if (table.full() > 0) {
            err.println("tandem: there was no room for " + table.full() + " records");
        }
    }
}
