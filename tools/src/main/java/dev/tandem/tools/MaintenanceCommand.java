package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Maintenance;
import dev.tandem.tools.api.MaintenanceRequest;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.cli.Switch;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tandem maintenance}. */
@Command(
        name = "maintenance",
        mixinStandardHelpOptions = true,
        description = {
            "Keep this node from owning the virtual addresses, or let it again.",
            "A master hands over first, and stays master when no backup is ready. The node goes on"
                    + " to receive connections and to vote. A restart of the daemon ends it."
        },
        footer = {
            "",
            "Example: tandem maintenance on && systemctl restart network",
            "         tandem maintenance off"
        })
final class MaintenanceCommand extends DaemonCommand<Maintenance> {
    @Mixin private final ClusterOption cluster = new ClusterOption();

    @Parameters(
            paramLabel = "on|off",
            converter = Switch.Converter.class,
            description = "Whether to keep it from owning them.")
    private Switch wanted = Switch.ON;

    @Override
    Maintenance ask(ApiClient client) throws ApiException, IOException {
        return client.maintenance(new MaintenanceRequest(cluster.name(), wanted == Switch.ON));
    }

    @Override
    void print(Maintenance answer, PrintWriter out) {
        Report handover = answer.handover();
        if (handover != null) {
            ReportText.print(handover, out);
        }
        out.printf(
                "%s of %s is %s%n",
                answer.node(),
                answer.cluster(),
                answer.on() ? "in maintenance" : "in maintenance no more");
    }
}
