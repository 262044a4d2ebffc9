package dev.tandem.tools.sync;

import dev.tandem.sync.capture.FrameReader;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.tools.config.KeyFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem sync dump}. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = {
            "Print every record of the sync messages in a capture, or on a wire as they pass.",
            "What a backup would not take is printed with the reason and the place."
        },
        footer = {
            "",
            "Examples:",
            "  tandem sync dump -i eth1",
            "  tandem sync dump sync.pcap --client 203.0.113.9",
            "  tandem sync dump sync.pcap --json | jq 'select(.error)'"
        })
final class DumpCommand implements Callable<Integer> {
    @Mixin private final SourceOptions source = new SourceOptions();
    @Mixin private final RecordFilter filter = new RecordFilter();

    @Option(
            names = "--json",
            description = "One JSON object a line for each record, and for each fault.")
    private boolean json;

    @Option(
            names = "--key",
            paramLabel = "ID=FILE",
            description = {
                "A key file of tandem key: look whether hardened messages are signed with it; may be"
                        + " given several times."
            })
    private Map<Integer, Path> keyFiles = Map.of();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = new PrintWriter(new BufferedWriter(spec.commandLine().getOut()));
        try (Ending ending = source.ending()) {
            DumpOutput output = json ? new JsonOutput(out) : new TextOutput(out);
            FrameReader _ = source.read(new Dump(filter, keys(), output), ending, out::flush);
            out.flush();
        }
        return ExitCode.OK;
    }

    private List<SyncKey> keys() throws IOException {
        List<SyncKey> keys = new ArrayList<>();
        for (Map.Entry<Integer, Path> file : keyFiles.entrySet()) {
            keys.add(new SyncKey(file.getKey(), KeyFiles.read(file.getValue())));
        }
        return keys;
    }
}
