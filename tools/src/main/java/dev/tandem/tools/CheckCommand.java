package dev.tandem.tools;

import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.config.ConfigReader;
import dev.tandem.tools.config.NodeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Read a configuration file and report everything that is wrong in it.",
            "Needs no privileges, no network, and no daemon; exit code 2 when the file is bad."
        },
        footer = {"", "Example: tandem check /etc/tandem/a.yaml"})
final class CheckCommand implements Callable<Integer> {
    @SuppressWarnings("NullAway") // picocli sets it
    @Parameters(paramLabel = "FILE", description = "A node's configuration.")
    private Path file;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, IOException {
        print(ConfigReader.read(file), spec.commandLine().getOut());
        return ExitCode.OK;
    }

    private void print(NodeConfig config, PrintWriter out) {
        int servers = config.director().services().stream().mapToInt(s -> s.servers().size()).sum();
        out.printf(
                "%s: good: node %s of %s, addresses %d, services %d, real servers %d, peers %d%n",
                file,
                config.node(),
                config.cluster(),
                config.director().addresses().size(),
                config.director().services().size(),
                servers,
                config.failover().peers().size());
        if (config.director().sync().isEmpty() && !config.failover().peers().isEmpty()) {
            out.println("note: without 'sync' a failover loses the connections");
        }
        if (config.failover().peers().isEmpty()) {
            out.println("note: without peers nobody takes over when this node fails");
        }
        out.flush();
    }
}
