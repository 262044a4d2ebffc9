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
        String service = "%s %s:%d".formatted(protocol, Plan.VIRTUAL.getFirst(), port);
        var lines = new ArrayList<String>();
        lines.add("-A %s %s".formatted(service, options));
        for (int number = 1; number <= Plan.SERVERS; number++) {
            lines.add(
                    "-a %s -r %s:%d %s".formatted(service, Plan.server(number), port, forwarding));
        }
        return lines;
    }
}
