package dev.tandem.tools.sync;

import dev.tandem.sync.capture.Capture;
import dev.tandem.sync.capture.FrameReader;
import dev.tandem.sync.capture.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem sync record}. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description = "Record the sync messages on a wire to a pcap file.",
        footer = {"", "Example: tandem sync record -i eth1 sync.pcap --seconds 60"})
final class RecordCommand implements Callable<Integer> {
    @Mixin private final WireOptions wire = new WireOptions();
    @Mixin private final LimitOptions limits = new LimitOptions();

    @SuppressWarnings("NullAway") // picocli sets it
    @Option(
            names = {"-i", "--interface"},
            required = true,
            paramLabel = "IF",
            description = "Listen on this interface; \"any\" for all of them.")
    private String interfaceName;

    @SuppressWarnings("NullAway") // picocli sets it
    @Parameters(paramLabel = "FILE", description = "Where to; what it holds is lost.")
    private Path file;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    private long datagrams;

    @Override
    public Integer call() throws IOException {
        try (Ending ending = limits.ending(true);
                Capture capture = Capture.openInterface(interfaceName, wire.filter());
                Recording recording = capture.record(file)) {
            FrameReader reader = wire.reader(ending.counting(_ -> datagrams++));
            while (!ending.isReached()) {
                // what the filter lets through is kept: fragments, and what is malformed, too
                if (capture.next(reader) == Capture.Next.FRAME) {
                    recording.write();
                }
            }
            spec.commandLine()
                    .getErr()
                    .printf(
                            "%d frames with %d sync messages recorded, %d frames lost%n",
                            reader.counters().frames(), datagrams, capture.dropped());
        }
        return ExitCode.OK;
    }
}
