package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.SettingsAnswer;
import dev.tandem.tools.api.SettingsRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem settings}: what {@code sysctl net.ipv4.vs} is to a kernel. */
@Command(
        name = "settings",
        mixinStandardHelpOptions = true,
        description = {
            "Show the running director's settings, or set some: all that are named, or none.",
            "They bear the names of a kernel's sysctls; `net.ipv4.vs.' may stand before them. What"
                    + " is set holds at once, and until the daemon ends: `tandem config save' keeps it."
        },
        footer = {
            "",
            "Example: tandem settings drop_entry=1 drop_packet=1 secure_tcp=1",
            "         tandem settings --json | jq '.settings[] | select(.value != .default)'"
        })
final class SettingsCommand extends DaemonCommand<SettingsAnswer> {
    @Mixin private final ClusterOption cluster = new ClusterOption();

    @Parameters(
            paramLabel = "NAME[=VALUE]",
            description = "Show this one, or set it; nothing: show all.")
    private List<String> words = List.of();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    SettingsAnswer ask(ApiClient client) throws ApiException, IOException {
        if (!sets()) {
            return client.settings(Objects.requireNonNullElse(cluster.name(), ""), words);
        }
        Map<String, Long> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw usage(word + ": show or set, not both at once");
            }
            String name = word.substring(0, equals).strip();
            String value = word.substring(equals + 1).strip();
            try {
                if (values.putIfAbsent(name, Long.valueOf(value)) != null) {
                    throw usage(name + " is there twice");
                }
            } catch (NumberFormatException _) {
                throw usage(word + ": the value must be a whole number");
            }
        }
        return client.settings(new SettingsRequest(cluster.name(), values));
    }

    private boolean sets() {
        return words.stream().anyMatch(word -> word.contains("="));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** What was set as sysctl prints it, everything else as a table. */
    @Override
    void print(SettingsAnswer answer, PrintWriter out) {
        if (sets()) {
            answer.settings().forEach(s -> out.println(s.name() + " = " + s.value()));
            return;
        }
        TextTable table = new TextTable("SETTING", ">VALUE", ">DEFAULT", "RANGE", "MEANING");
        for (SettingsAnswer.Named setting : answer.settings()) {
            table.row(
                    setting.name(),
                    "" + setting.value(),
                    "" + setting.byDefault(),
                    setting.min() + "-" + setting.max(),
                    setting.meaning());
        }
        table.print(out);
    }
}
