package dev.tandem.tools.ipvsadm;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.tools.ConnectionText;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Ipvs;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** {@code ipvsadm -L} and {@code -S}. */
final class Listing {
    private static final String VERSION = "IP Virtual Server version 1.2.1 (size=";

    /** Of a listing that fails. */
    private static final int FAILED = 1;

    private final IpvsControl control;
    private final Names names;
    private final PrintStream out;

    Listing(IpvsControl control, Names names, PrintStream out) {
        this.control = control;
        this.names = names;
        this.out = out;
    }

    /** Prints what is asked for. */
    void print(Request.Listing request) throws Failure, ApiException, IOException {
        Set<Option> options = request.options();
        Display display = new Display(names, options);
        if (options.contains(Option.CONNECTION)) {
            connections(options.contains(Option.PERSISTENT_CONN), display);
            return;
        }
        Ipvs ipvs = control.snapshot();
        if (options.contains(Option.TIMEOUT)) {
            Ipvs.Timeouts timeouts = ipvs.timeouts();
            out.println(
                    "Timeout (tcp tcpfin udp): "
                            + timeouts.tcp()
                            + " "
                            + timeouts.tcpFin()
                            + " "
                            + timeouts.udp());
            return;
        }
        if (options.contains(Option.DAEMON)) {
            ipvs.daemons().forEach(daemon -> out.println(line(daemon)));
            return;
        }
        List<Ipvs.Service> services = ipvs.services();
        if (request.service() == null) {
            out.println(VERSION + ipvs.tableSize() + ")");
        } else {
            services =
                    services.stream()
                            .filter(service -> service.id().equals(request.service()))
                            .toList();
            if (services.isEmpty()) {
                throw new Failure(FAILED, KernelErrors.noService());
            }
        }
        new ServiceListing(options, display, order(options), out).print(services);
    }

    /** Prints the services as command lines. */
    void save(Set<Option> options) throws ApiException, IOException {
        new SaveFormat(options, new Display(names, options)).print(control.snapshot(), out);
    }

    private static Order order(Set<Option> options) {
        return options.contains(Option.NO_SORT)
                ? Order.NONE
                : options.contains(Option.SORT) ? Order.NUMERIC : Order.COMPATIBLE;
    }

    private void connections(boolean engines, Display display) throws ApiException, IOException {
        List<ConnectionView> connections = control.connections();
        PrintWriter writer = new PrintWriter(out, false, StandardCharsets.UTF_8);
        ConnectionText.print(connections, engines, display::endpointOf, writer);
        writer.flush();
    }

    private static String line(Ipvs.SyncDaemon daemon) {
        StringBuilder line = new StringBuilder(daemon.role());
        line.append(" sync daemon (mcast=").append(daemon.interfaceName());
        line.append(", syncid=").append(daemon.syncId());
        if (daemon.maxLength() != 0) {
            line.append(", maxlen=").append(daemon.maxLength());
        }
        if (!daemon.group().isEmpty()) {
            line.append(", group=").append(daemon.group());
        }
        if (daemon.port() != 0) {
            line.append(", port=").append(daemon.port());
        }
        if (daemon.ttl() != 0) {
            line.append(", ttl=").append(daemon.ttl());
        }
        return line.append(')').toString();
    }
}
