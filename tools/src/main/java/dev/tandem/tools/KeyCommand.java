package dev.tandem.tools;

import dev.tandem.tools.config.KeyFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem key}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "Make a key for a cluster: 32 random bytes in Base64, in a file of mode 0600.",
            "Copy it to every node of the cluster and name it under sync.keys, which sign the"
                    + " connections, and under failover.keys, which guard the failover; one file"
                    + " may do for both. Never overwrites."
        },
        footer = {"", "Example: sudo tandem key /etc/tandem/web-1.key"})
final class KeyCommand implements Callable<Integer> {
    @SuppressWarnings("NullAway") // picocli sets it
    @Parameters(paramLabel = "FILE", description = "The file to make.")
    private Path file;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try {
            KeyFiles.make(file);
        } catch (FileAlreadyExistsException _) {
            throw new IOException(file + " is there already; nothing was changed");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "made "
                        + file.toAbsolutePath()
                        + ": name it under sync.keys and failover.keys of every node");
        out.flush();
        return ExitCode.OK;
    }
}
