package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/**
 * Services and servers as the command lines that make them. What ipvsadm leaves out is there only
 * when it is asked for: thresholds, timeouts, and how the sync daemon was started.
 */
final class SaveFormat {
    private final Set<Option> options;
    private final Display display;

    SaveFormat(Set<Option> options, Display display) {
        this.options = options;
        this.display = display;
    }

    /** A line, without its end, for each. */
    void print(Ipvs ipvs, PrintStream out) {
        if (options.contains(Option.TIMEOUT)) {
            Ipvs.Timeouts timeouts = ipvs.timeouts();
            out.println("--set " + timeouts.tcp() + " " + timeouts.tcpFin() + " " + timeouts.udp());
        }
        for (Ipvs.Service service : Order.COMPATIBLE.services(ipvs.services())) {
            out.println(line(service));
            for (Ipvs.Server server : Order.COMPATIBLE.servers(service.servers())) {
                out.println(line(service.id(), server));
            }
        }
        if (options.contains(Option.DAEMON)) {
            ipvs.daemons().forEach(daemon -> out.println(line(daemon)));
        }
    }

    private String line(Ipvs.Service service) {
        Ipvs.ServiceSettings settings = service.settings();
        StringBuilder line = new StringBuilder("-A ").append(name(service.id()));
        line.append(" -s ").append(settings.scheduler());
        if (settings.has(Ipvs.PERSISTENT)) {
            line.append(" -p ").append(settings.timeout());
            if (Netmask.narrows(service)) {
                line.append(" -M ").append(settings.netmask());
            }
        }
        if (!settings.engine().isEmpty()) {
            line.append(" --pe ").append(settings.engine());
        }
        if (settings.has(Ipvs.ONE_PACKET)) {
            line.append(" -o");
        }
        String flags = SchedulerFlags.text(settings);
        if (!flags.isEmpty()) {
            line.append(" -b ").append(flags);
        }
        return line.toString();
    }

    private String line(Ipvs.ServiceId service, Ipvs.Server server) {
        Ipvs.ServerSettings settings = server.settings();
        StringBuilder line = new StringBuilder("-a ").append(name(service));
        line.append(" -r ").append(display.endpoint(service, server));
        line.append(
                switch (settings.forwarding()) {
                    case "nat" -> " -m";
                    case "tunnel" -> " -i";
                    default -> " -g";
                });
        line.append(" -w ").append(settings.weight());
        if (settings.forwarding().equals("tunnel")) {
            line.append(tunnel(settings.tunnel()));
        }
        if (options.contains(Option.THRESHOLDS)) {
            if (settings.upperThreshold() != 0) {
                line.append(" -x ").append(settings.upperThreshold());
            }
            if (settings.lowerThreshold() != 0) {
                line.append(" -y ").append(settings.lowerThreshold());
            }
        }
        return line.toString();
    }

    private static String tunnel(Ipvs.Tunnel tunnel) {
        String checksum =
                switch (tunnel.flags()) {
                    case Ipvs.TUNNEL_CHECKSUM -> " --tun-csum";
                    case Ipvs.TUNNEL_REMOTE_CHECKSUM -> " --tun-remcsum";
                    default -> " --tun-nocsum";
                };
        return " --tun-type "
                + switch (tunnel.type()) {
                    case "gue" -> "gue --tun-port " + tunnel.port() + checksum;
                    case "gre" -> "gre" + checksum;
                    default -> "ipip";
                };
    }

    private static String line(Ipvs.SyncDaemon daemon) {
        return String.join(
                " ",
                List.of(
                        "--start-daemon",
                        daemon.role(),
                        "--mcast-interface",
                        daemon.interfaceName(),
                        "--syncid",
                        Integer.toString(daemon.syncId()),
                        "--sync-maxlen",
                        Integer.toString(daemon.maxLength()),
                        "--mcast-group",
                        daemon.group(),
                        "--mcast-port",
                        Integer.toString(daemon.port()),
                        "--mcast-ttl",
                        Integer.toString(daemon.ttl())));
    }

    private String name(Ipvs.ServiceId id) {
        if (id.mark() != 0) {
            return "-f " + (int) id.mark() + (id.ipv6() ? " -6" : "");
        }
        String option =
                switch (id.protocol()) {
                    case "UDP" -> "-u ";
                    case "SCTP" -> "--sctp-service ";
                    default -> "-t ";
                };
        return option + display.endpoint(id);
    }
}
