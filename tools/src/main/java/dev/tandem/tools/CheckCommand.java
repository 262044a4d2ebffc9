package dev.tandem.tools;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.tools.config.ClusterConfig;
import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.config.ConfigReader;
import dev.tandem.tools.config.NodeConfig;
import dev.tandem.tools.config.Remarks;
import dev.tandem.tools.config.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--without-keys",
            description = "Do not look at the key files, for a host that does not have them.")
    private boolean withoutKeys;

    @Override
    public Integer call() throws ConfigException, IOException {
        NodeConfig config =
                withoutKeys ? ConfigReader.readWithoutKeys(file) : ConfigReader.read(file);
        PrintWriter out = spec.commandLine().getOut();
        config.clusters().forEach(cluster -> print(config.node(), cluster, out));
        out.flush();
        return ExitCode.OK;
    }

    private void print(String node, ClusterConfig cluster, PrintWriter out) {
        DirectorConfig director = cluster.director();
        int servers = director.services().stream().mapToInt(s -> s.servers().size()).sum();
        out.printf(
                "%s: good: node %s of %s, addresses %d, services %d, real servers %d, %s%n",
                file,
                node,
                cluster.name(),
                director.addresses().size(),
                director.services().size(),
                servers,
                role(cluster.role()));
        Remarks.of(director).forEach(remark -> out.println("note: " + remark));
        if (director.sync().isEmpty() && !cluster.isWitness()) {
            out.println("note: without 'sync' a failover loses the connections");
        }
        if (cluster.role() instanceof Role.Pair(var failover, _, _) && failover.keys().isEmpty()) {
            out.println(
                    "note: without 'failover.keys' whoever can send to the ports of failover can"
                            + " take part");
        }
    }

    private static String role(Role role) {
        return switch (role) {
            case Role.Pair(var failover, _, _) ->
                    (failover.isWitness()
                                    ? "role witness, "
                                    : failover.hasWitness()
                                            ? "witness %s, ".formatted(failover.witness())
                                            : failover.gateway() != null
                                                    ? "gateway %s, "
                                                            .formatted(
                                                                    failover.gateway()
                                                                            .getHostAddress())
                                                    : "")
                            + "peers "
                            + failover.peers().size();
            case Role.Manual(var manual) -> manual.standalone() ? "role standalone" : "role manual";
            case Role.Shadow() -> "role shadow";
        };
    }
}
