package dev.tandem.tools.sync;

import dev.tandem.sync.capture.Capture;
import dev.tandem.sync.capture.DatagramHandler;
import dev.tandem.sync.capture.FrameReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where frames come from: a file, or an interface until something ends it. */
final class SourceOptions {
    @Mixin private final WireOptions wire = new WireOptions();
    @Mixin private final LimitOptions limits = new LimitOptions();

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            description = "Listen on this interface; \"any\" for all of them.")
    private @Nullable String interfaceName;

    @Parameters(
            arity = "0..1",
            paramLabel = "CAPTURE",
            description =
                    "A pcap or pcapng file, as tcpdump -w writes it; \"-\" for standard input.")
    private @Nullable Path file;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Whether frames come from an interface, as they pass. */
    boolean isLive() {
        return interfaceName != null;
    }

    /** The file, if it is one. */
    @Nullable Path file() {
        return file;
    }

    /** When to stop; to be closed when everything was written. */
    Ending ending() {
        return limits.ending(isLive());
    }

    /**
     * Reads the source to its end, or as far as the user wants.
     *
     * @param handler takes the sync messages
     * @param idle run after every frame from an interface, and now and then without one
     * @return the reader, for its counters
     */
    FrameReader read(DatagramHandler handler, Ending ending, Runnable idle) throws IOException {
        CommandLine line = spec.commandLine();
        if ((interfaceName == null) == (file == null)) {
            throw new ParameterException(line, "give either a CAPTURE file or -i INTERFACE");
        }
        try (Capture capture = open()) {
            FrameReader reader = wire.reader(ending.counting(handler));
            while (!ending.isReached() && capture.next(reader) != Capture.Next.END) {
                if (interfaceName != null) {
                    idle.run();
                }
            }
            reader.finish();
            warn(capture, line.getErr());
            return reader;
        }
    }

    private Capture open() throws IOException {
        return file != null
                ? Capture.openFile(file)
                : Capture.openInterface(String.valueOf(interfaceName), wire.filter());
    }

    private void warn(Capture capture, PrintWriter err) throws IOException {
        String damage = capture.damage();
        if (damage != null) {
            err.println("tandem: " + damage);
        }
        long dropped = interfaceName == null ? 0 : capture.dropped();
        if (dropped > 0) {
            err.println("tandem: " + dropped + " frames were lost, they came too fast");
        }
    }
}
