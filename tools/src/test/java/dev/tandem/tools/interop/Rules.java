package dev.tandem.tools.interop;

import java.util.ArrayList;
import java.util.List;

/** Lines of {@code ipvsadm --restore}. */
final class Rules {
    private Rules() {}

    /**
     * A service on the first virtual address with all three servers.
     *
     * @param protocol -t or -u
     * @param options scheduler and persistence
     * @param forwarding -m, -g or -i
     */
    static List<String> service(String protocol, int port, String options, String forwarding) {
        var servers = new ArrayList<String>();
        for (int number = 1; number <= Plan.SERVERS; number++) {
            servers.add(Plan.server(number));
        }
        return service(protocol, Plan.VIRTUAL.getFirst(), port, options, servers, forwarding);
    }

    /** The same for IPv6. */
    static List<String> service6(String protocol, int port, String options, String forwarding) {
        var servers = new ArrayList<String>();
        for (int number = 1; number <= Plan.SERVERS; number++) {
            servers.add("[" + Plan.server6(number) + "]");
        }
        return service(protocol, "[" + Plan.VIRTUAL6 + "]", port, options, servers, forwarding);
    }

    private static List<String> service(
            String protocol,
            String address,
            int port,
            String options,
            List<String> servers,
            String forwarding) {
        String service = "%s %s:%d".formatted(protocol, address, port);
        var lines = new ArrayList<String>();
        lines.add("-A %s %s".formatted(service, options));
        for (String server : servers) {
            lines.add("-a %s -r %s:%d %s".formatted(service, server, port, forwarding));
        }
        return lines;
    }
}
