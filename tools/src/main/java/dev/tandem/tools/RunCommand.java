package dev.tandem.tools;

import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.config.ConfigReader;
import dev.tandem.tools.config.NodeConfig;
import dev.tandem.tools.daemon.Daemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        footer = {"", "Example: sudo tandem run -c /etc/tandem/a.yaml"})
final class RunCommand implements Callable<Integer> {
    @SuppressWarnings("NullAway") // picocli sets it
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The node's configuration.")
    private Path file;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description =
                    "Made when the node is ready, removed when it stops; holds the process id.")
    private @Nullable Path readyFile;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        NodeConfig config = ConfigReader.read(file);
        Daemon.run(file, config, readyFile);
        return ExitCode.OK;
    }
}
