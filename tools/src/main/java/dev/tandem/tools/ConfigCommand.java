package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.ConfigText;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code tandem config}: what was changed while the node ran, and its file. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Keep the services and settings that were changed while the node ran.",
        subcommands = {ConfigCommand.Show.class, ConfigCommand.Save.class},
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {
    /** {@code tandem config show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Print the node's configuration file with the services and settings as they are now.",
            footer = {"", "Example: tandem config show | diff /etc/tandem/a.yaml -"})
    static final class Show extends DaemonCommand<ConfigText> {
        @Override
        ConfigText ask(ApiClient client) throws ApiException, IOException {
            return client.config();
        }

        @Override
        void print(ConfigText answer, PrintWriter out) {
            out.print(answer.text());
        }
    }

    /** {@code tandem config save}. */
    @Command(
            name = "save",
            mixinStandardHelpOptions = true,
            description = {
                "Write the services and settings as they are now into the node's configuration file.",
                "Everything else in it stays, comments too. Sync daemons of ipvsadm --start-daemon"
                        + " are not kept."
            },
            footer = {
                "",
                "Example: ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.13 -m && tandem config save"
            })
    static final class Save extends DaemonCommand<ConfigText> {
        @Override
        ConfigText ask(ApiClient client) throws ApiException, IOException {
            return client.saveConfig();
        }

        @Override
        void print(ConfigText answer, PrintWriter out) {
            out.println(answer.file() + (answer.changed() ? ": saved" : ": nothing had changed"));
        }
    }
}
