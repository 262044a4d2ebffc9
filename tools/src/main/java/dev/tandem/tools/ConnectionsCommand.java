package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Connections;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem connections}: what {@code ipvsadm -Lnc} shows of a kernel. */
@Command(
        name = "connections",
        mixinStandardHelpOptions = true,
        description = "List connection entries and templates, as ipvsadm -Lnc prints them.",
        footer = {"", "Example: tandem connections --client 203.0.113.9 --state ESTABLISHED"})
final class ConnectionsCommand extends DaemonCommand<Connections> {
    @Option(
            names = "--persistent-conn",
            description = "Show templates' persistence engines and what they go by.")
    private boolean persistentConnections;

    private final Map<String, String> filters = new LinkedHashMap<>();

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Which cluster; needed only where the node is in several.")
    void cluster(@Nullable String value) {
        put("cluster", value);
    }

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description =
                    "Only this protocol: tcp, udp, sctp, esp, ah, or ip for templates of"
                            + " firewall marks.")
    void protocol(@Nullable String value) {
        put("protocol", value);
    }

    @Option(
            names = "--client",
            paramLabel = "ADDRESS[:PORT]",
            description = "Only connections of this client; IPv6 with a port in brackets.")
    void client(@Nullable String value) {
        put("client", value);
    }

    @Option(
            names = "--virtual",
            paramLabel = "ADDRESS[:PORT]",
            description = "Only connections to this virtual service.")
    void virtual(@Nullable String value) {
        put("virtual", value);
    }

    @Option(
            names = "--real",
            paramLabel = "ADDRESS[:PORT]",
            description = "Only connections to this real server.")
    void real(@Nullable String value) {
        put("real", value);
    }

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description =
                    "Only connections in this state, such as ESTABLISHED or UDP; templates are in"
                            + " NONE or ASSURED.")
    void state(@Nullable String value) {
        put("state", value);
    }

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many entries (default: 1000).")
    void limit(@Nullable String value) {
        put("limit", value);
    }

    /** Picocli calls each setter with null first, as the options' default. */
    private void put(String name, @Nullable String value) {
        if (value == null) {
            filters.remove(name);
        } else {
            filters.put(name, value);
        }
    }

    @Override
    Connections ask(ApiClient client) throws ApiException, IOException {
        return client.connections(filters);
    }

    @Override
    void print(Connections answer, PrintWriter out) {
        ConnectionText.print(answer.connections(), persistentConnections, out);
        if (answer.truncated()) {
            out.printf(
                    "(the first %d; %d in the whole table. --limit shows more)%n",
                    answer.connections().size(), answer.total());
        }
    }
}
