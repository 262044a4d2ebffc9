package dev.tandem.tools.ipvsadm;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.tools.ConnectionText;
import dev.tandem.tools.api.Ipvs;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a kernel's files in /proc/net say of IPVS, byte for byte: ip_vs, ip_vs_app, ip_vs_conn,
 * ip_vs_conn_sync and ip_vs_stats (ip_vs_ctl.c, ip_vs_app.c and ip_vs_conn.c, the functions that
 * end in seq_show).
 */
final class ProcFormat {
    private static final int IPV4 = 4;

    /** Where the kernel's listing of a time ends: milliseconds in 32 bits. */
    private static final long LONGEST_SECONDS = 4_294_967;

    private final PrintStream out;

    ProcFormat(PrintStream out) {
        this.out = out;
    }

    /**
     * ip_vs. Servers and services come as the director has them.
     *
     * @param ticks a second: the kernel gives the time of persistence in its ticks
     */
    void services(Ipvs ipvs, int ticks) {
        line("IP Virtual Server version 1.2.1 (size=%d)".formatted(ipvs.tableSize()));
        line("Prot LocalAddress:Port Scheduler Flags");
        line("  -> RemoteAddress:Port Forward Weight ActiveConn InActConn");
        for (Ipvs.Service service : ipvs.services()) {
            line("%s%s".formatted(service(service), persistence(service, ticks)));
            for (Ipvs.Server server : service.servers()) {
                Ipvs.ServerSettings settings = server.settings();
                line(
                        "  -> %s      %-7s %-6d %-10d %-10d"
                                .formatted(
                                        endpoint(settings.address(), settings.port()),
                                        ServiceListing.forwarding(settings),
                                        settings.weight(),
                                        server.active(),
                                        server.inactive()));
            }
        }
    }

    private static String service(Ipvs.Service service) {
        Ipvs.ServiceId id = service.id();
        String scheduler = service.settings().scheduler();
        String ops = service.settings().has(Ipvs.ONE_PACKET) ? "ops " : "";
        if (id.mark() != 0) {
            return "FWM  %08X %s %s".formatted(id.mark(), scheduler, ops);
        }
        String name =
                "%s  %s %s ".formatted(id.protocol(), endpoint(id.address(), id.port()), scheduler);
        return id.ipv6() ? name : name + ops + " ";
    }

    private static String persistence(Ipvs.Service service, int ticks) {
        Ipvs.ServiceSettings settings = service.settings();
        if (!settings.has(Ipvs.PERSISTENT)) {
            return "";
        }
        // an IPv6 prefix's length is a host's number that goes through ntohl() as a mask does
        int mask =
                service.id().ipv6()
                        ? Integer.reverseBytes(Integer.parseInt(settings.netmask()))
                        : Inet.aton(settings.netmask()).orElse(-1);
        return "persistent %d %08X".formatted((long) settings.timeout() * ticks, mask);
    }

    private static String endpoint(String address, int port) {
        String hex = hex(address);
        return (Inet.bytes(address).length == IPV4 ? hex : "[" + hex + "]")
                + ":%04X".formatted(port);
    }

    /** 0A000001, or all eight groups of an IPv6 address. */
    private static String hex(String address) {
        byte[] bytes = Inet.bytes(address);
        String digits = HexFormat.of().formatHex(bytes);
        return bytes.length == IPV4
                ? digits.toUpperCase(Locale.ROOT)
                : digits.replaceAll("(....)(?!$)", "$1:");
    }

    /** ip_vs_app. */
    void apps(Ipvs ipvs) {
        line("prot port    usecnt name");
        for (Ipvs.App app : ipvs.apps()) {
            line(
                    "%-3s  %-7d %-6d %-17s"
                            .formatted(app.protocol(), app.port(), app.uses(), app.name()));
        }
    }

    /** ip_vs_stats. */
    void stats(Ipvs ipvs) {
        Ipvs.Traffic traffic = ipvs.traffic();
        line("   Total Incoming Outgoing         Incoming         Outgoing");
        line("   Conns  Packets  Packets            Bytes            Bytes");
        line(
                "%8X %8X %8X %16X %16X\n"
                        .formatted(
                                traffic.connections(),
                                traffic.inPackets(),
                                traffic.outPackets(),
                                traffic.inBytes(),
                                traffic.outBytes()));
        line(" Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s");
        line(
                "%8X %8X %8X %16X %16X"
                        .formatted(
                                traffic.connectionRate(),
                                traffic.inPacketRate(),
                                traffic.outPacketRate(),
                                traffic.inByteRate(),
                                traffic.outByteRate()));
    }

    /** ip_vs_conn, or with {@code origin} ip_vs_conn_sync. */
    void connections(List<ConnectionView> connections, boolean origin) {
        line(
                origin
                        ? "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires"
                        : "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName"
                                + " PEData");
        for (ConnectionView connection : connections) {
            String row =
                    "%-3s %s %s %s %-11s "
                            .formatted(
                                    connection.protocol(),
                                    columns(connection.client()),
                                    columns(connection.virtual()),
                                    columns(connection.real()),
                                    connection.state());
            long seconds = Math.min(connection.expiresSeconds(), LONGEST_SECONDS);
            line(
                    "%s%s%7d%s"
                            .formatted(
                                    row,
                                    origin ? connection.synced() ? "SYNC   " : "LOCAL  " : "",
                                    seconds,
                                    origin ? "" : engine(connection)));
        }
    }

    private static String columns(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, colon).replaceAll("[\\[\\]]", "");
        return "%s %04X".formatted(hex(host), Integer.parseInt(endpoint.substring(colon + 1)));
    }

    private static String engine(ConnectionView connection) {
        return connection.peName().isEmpty() ? "" : " " + ConnectionText.engine(connection);
    }

    private void line(String text) {
        out.print(text);
        out.print('\n');
    }
}
