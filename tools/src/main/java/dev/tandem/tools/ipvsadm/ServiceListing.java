package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/**
 * Services and servers in one of the six forms of {@code ipvsadm -L}; where several are asked for,
 * the first of them is printed: statistics, rates, thresholds, persistent connections, tunnels,
 * plain.
 */
final class ServiceListing {
    private static final String SECOND_TITLE = "  -> RemoteAddress:Port";
    private static final int SERVICE_WIDTH = 33;
    private static final int SERVER_WIDTH = 28;
    private static final int NAME_LIMIT = 33;

    /** How a listing looks. */
    private enum Form {
        STATS(
                Option.STATS,
                "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
                SECOND_TITLE),
        RATE(
                Option.RATE,
                "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS",
                SECOND_TITLE),
        THRESHOLDS(
                Option.THRESHOLDS,
                "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn ",
                SECOND_TITLE),
        PERSISTENT_CONN(
                Option.PERSISTENT_CONN,
                "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn ",
                SECOND_TITLE),
        TUNNEL_INFO(
                Option.TUNNEL_INFO,
                "Prot LocalAddress:Port Scheduler Flags",
                SECOND_TITLE + "           Forward TunnelInfo    Weight ActiveConn InActConn"),
        PLAIN(
                Option.NUMERIC,
                "Prot LocalAddress:Port Scheduler Flags",
                SECOND_TITLE + "           Forward Weight ActiveConn InActConn");

        private final Option option;
        private final String title;
        private final String secondTitle;

        Form(Option option, String title, String secondTitle) {
            this.option = option;
            this.title = title;
            this.secondTitle = secondTitle;
        }

        static Form of(Set<Option> options) {
            for (Form form : values()) {
                if (options.contains(form.option)) {
                    return form;
                }
            }
            return PLAIN;
        }
    }

    private final Form form;
    private final boolean exact;
    private final Display display;
    private final Order order;
    private final PrintStream out;

    ServiceListing(Set<Option> options, Display display, Order order, PrintStream out) {
        form = Form.of(options);
        exact = options.contains(Option.EXACT);
        this.display = display;
        this.order = order;
        this.out = out;
    }

    /** Titles, services and servers. */
    void print(List<Ipvs.Service> services) {
        out.println(form.title);
        out.println(form.secondTitle);
        for (Ipvs.Service service : order.services(services)) {
            out.println(line(service));
            for (Ipvs.Server server : order.servers(service.servers())) {
                out.println(line(service.id(), server));
            }
        }
    }

    private String line(Ipvs.Service service) {
        Ipvs.Traffic traffic = service.traffic();
        return switch (form) {
            case STATS -> Text.left(name(service.id()), SERVICE_WIDTH) + counted(traffic);
            case RATE ->
                    Text.left(name(service.id()), SERVICE_WIDTH)
                            + number(traffic.connectionRate())
                            + number(traffic.inPacketRate())
                            + number(traffic.outPacketRate())
                            + byteRates(traffic);
            case THRESHOLDS, PERSISTENT_CONN, TUNNEL_INFO, PLAIN ->
                    name(service.id()) + " " + settings(service);
        };
    }

    private String line(Ipvs.ServiceId service, Ipvs.Server server) {
        Ipvs.ServerSettings settings = server.settings();
        Ipvs.Traffic traffic = server.traffic();
        String endpoint = display.endpoint(service, server);
        if (settings.address().indexOf(':') < 0) {
            endpoint = Text.cut(endpoint, SERVER_WIDTH);
        }
        String name = "  -> " + Text.left(endpoint, SERVER_WIDTH);
        String connections =
                " " + Text.left(server.active(), 10) + " " + Text.left(server.inactive(), 10);
        return switch (form) {
            case STATS -> name + counted(traffic);
            // these three come from counters of 32 bits, and are never shortened
            case RATE ->
                    name
                            + " "
                            + Text.right(
                                    Integer.toUnsignedString((int) traffic.connectionRate()), 8)
                            + " "
                            + Text.right(Integer.toUnsignedString((int) traffic.inPacketRate()), 8)
                            + " "
                            + Text.right(Integer.toUnsignedString((int) traffic.outPacketRate()), 8)
                            + byteRates(traffic);
            case THRESHOLDS ->
                    name
                            + " "
                            + Text.left(settings.upperThreshold(), 10)
                            + " "
                            + Text.left(settings.lowerThreshold(), 10)
                            + connections;
            case PERSISTENT_CONN ->
                    name
                            + " "
                            + Text.left(settings.weight(), 9)
                            + " "
                            + Text.left(server.persistent(), 11)
                            + connections;
            case TUNNEL_INFO ->
                    name
                            + " "
                            + Text.left(forwarding(settings), 7)
                            + " "
                            + Text.left(tunnel(settings), 13)
                            + " "
                            + Text.left(settings.weight(), 6)
                            + connections;
            case PLAIN ->
                    name
                            + " "
                            + Text.left(forwarding(settings), 7)
                            + " "
                            + Text.left(settings.weight(), 6)
                            + connections;
        };
    }

    private String counted(Ipvs.Traffic traffic) {
        return number(traffic.connections())
                + number(traffic.inPackets())
                + number(traffic.outPackets())
                + number(traffic.inBytes())
                + number(traffic.outBytes());
    }

    private String byteRates(Ipvs.Traffic traffic) {
        return number(traffic.inByteRate()) + number(traffic.outByteRate());
    }

    private String number(long value) {
        return exact ? Numbers.exact(value) : Numbers.large(value);
    }

    private String name(Ipvs.ServiceId id) {
        if (id.mark() != 0) {
            return "FWM  " + (int) id.mark() + (id.ipv6() ? " IPv6" : "");
        }
        String endpoint = display.endpoint(id);
        return Text.left(id.protocol(), 4)
                + " "
                + (id.ipv6() ? endpoint : Text.cut(endpoint, NAME_LIMIT));
    }

    private static String settings(Ipvs.Service service) {
        Ipvs.ServiceSettings settings = service.settings();
        StringBuilder text = new StringBuilder(settings.scheduler());
        String flags = SchedulerFlags.text(settings);
        if (!flags.isEmpty()) {
            text.append(" (").append(flags).append(')');
        }
        if (settings.has(Ipvs.PERSISTENT)) {
            text.append(" persistent ").append(settings.timeout());
            if (Netmask.narrows(service)) {
                text.append(" mask ").append(settings.netmask());
            }
        }
        if (!settings.engine().isEmpty()) {
            text.append(" pe ").append(settings.engine());
        }
        if (settings.has(Ipvs.ONE_PACKET)) {
            text.append(" ops");
        }
        return text.toString();
    }

    /** What listings call a forwarding method. */
    static String forwarding(Ipvs.ServerSettings settings) {
        return switch (settings.forwarding()) {
            case "nat" -> "Masq";
            case "local" -> "Local";
            case "tunnel" -> "Tunnel";
            default -> "Route";
        };
    }

    private static String tunnel(Ipvs.ServerSettings settings) {
        if (!settings.forwarding().equals("tunnel")) {
            return "n/a";
        }
        Ipvs.Tunnel tunnel = settings.tunnel();
        String checksum =
                switch (tunnel.flags()) {
                    case Ipvs.TUNNEL_CHECKSUM -> "+c";
                    case Ipvs.TUNNEL_REMOTE_CHECKSUM -> "r+c";
                    default -> "-c";
                };
        return switch (tunnel.type()) {
            case "gue" -> "gue:" + tunnel.port() + ":" + checksum;
            case "gre" -> "gre:" + checksum;
            default -> "ipip";
        };
    }
}
