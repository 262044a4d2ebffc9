package dev.tandem.tools;

import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.config.ConfigReader;
import dev.tandem.tools.config.Standalone;
import dev.tandem.tools.daemon.Daemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code tandem run}: the daemon in the foreground. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Run a node in the foreground until SIGTERM or SIGINT; a master hands over first.",
            "Needs CAP_NET_RAW and CAP_NET_ADMIN. Logs to stderr (TANDEM_LOG_LEVEL=DEBUG for more)."
        },
        footer = {
            "",
            "Examples:",
            "  sudo tandem run -c /etc/tandem/a.yaml",
            "  sudo tandem run --standalone /run/tandem/tandem.sock"
        })
final class RunCommand implements Callable<Integer> {
    @SuppressWarnings("NullAway") // picocli sets one of its fields
    @ArgGroup(multiplicity = "1")
    private What what;

    /** Where the configuration comes from. */
    private static final class What {
        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description = "The node's configuration.")
        private @Nullable Path file;

        @Option(
                names = "--standalone",
                paramLabel = "SOCKET",
                description = {
                    "No file: one director that stands alone, on all Ethernet interfaces that are up.",
                    "The host holds the addresses, and ipvsadm adds services by this Unix socket."
                })
        private @Nullable Path standalone;
    }

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description =
                    "Made when the node is ready, removed when it stops; holds the process id.")
    private @Nullable Path readyFile;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        Path file = what.file;
        Path socket = what.standalone;
        if (file != null) {
            Daemon.run(file, ConfigReader.read(file), readyFile);
        } else if (socket != null) {
            Daemon.run(null, Standalone.on(socket.toAbsolutePath()), readyFile);
        }
        return ExitCode.OK;
    }
}
