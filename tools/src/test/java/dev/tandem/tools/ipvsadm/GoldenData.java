package dev.tandem.tools.ipvsadm;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.Ipvs.Server;
import dev.tandem.tools.api.Ipvs.ServerSettings;
import dev.tandem.tools.api.Ipvs.Service;
import dev.tandem.tools.api.Ipvs.ServiceId;
import dev.tandem.tools.api.Ipvs.ServiceSettings;
import dev.tandem.tools.api.Ipvs.Traffic;
import dev.tandem.tools.api.Ipvs.Tunnel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The synthetic data that the golden output is made of. */
final class GoldenData {
    private static final String NO_MASK = Netmask.NONE;

    private GoldenData() {}

    /** Everything, with small counters or with the large ones of a few listings. */
    static Ipvs ipvs(boolean large) {
        return ipvs(services(large));
    }

    static Ipvs ipvs(List<Service> services) {
        return new Ipvs(
                4096,
                new Ipvs.Timeouts(900, 120, 300),
                List.of(
                        new Ipvs.SyncDaemon("master", "eth0", 5, 1472, "224.0.0.81", 8848, 1),
                        new Ipvs.SyncDaemon("backup", "eth1", 0, 1452, "ff05::51", 8848, 1)),
                traffic(0, false),
                services,
                List.of(new Ipvs.App("TCP", 21, 1, "ftp")));
    }

    private static List<Service> services(boolean large) {
        List<Server> others =
                List.of(server("192.168.20.1", 53, "nat", 1, 0, 0, Tunnel.IPIP, 0, 0, 0, 0, large));
        List<Server> ofIpv6 =
                List.of(
                        server(
                                "2001:db8::a0a0",
                                80,
                                "nat",
                                1,
                                0,
                                0,
                                Tunnel.IPIP,
                                1,
                                2,
                                3,
                                0,
                                large),
                        server("2001:db8::1", 80, "dr", 1, 0, 0, Tunnel.IPIP, 1, 2, 3, 1, large));
        List<Service> services = new ArrayList<>();
        services.add(
                service(
                        0,
                        address("TCP", "10.0.0.1", 80),
                        "wlc",
                        0x02,
                        0,
                        NO_MASK,
                        "",
                        first(large),
                        large));
        services.add(
                service(
                        1,
                        address("UDP", "10.0.0.1", 53),
                        "rr",
                        0x06,
                        0,
                        NO_MASK,
                        "",
                        others,
                        large));
        services.add(
                service(
                        2,
                        address("UDP", "10.0.0.2", 5060),
                        "rr",
                        0x07,
                        60,
                        NO_MASK,
                        "sip",
                        others,
                        large));
        services.add(
                service(
                        3,
                        address("SCTP", "10.0.0.1", 7777),
                        "rr",
                        0x02,
                        0,
                        NO_MASK,
                        "",
                        others,
                        large));
        services.add(
                service(
                        4,
                        address("TCP", "10.0.0.9", 443),
                        "sh",
                        0x1b,
                        300,
                        "255.255.255.0",
                        "",
                        others,
                        large));
        services.add(
                service(
                        5,
                        address("TCP", "10.0.0.10", 443),
                        "mh",
                        0x1a,
                        0,
                        NO_MASK,
                        "",
                        others,
                        large));
        services.add(
                service(
                        6,
                        address("TCP", "10.0.0.11", 443),
                        "wrr",
                        0x3a,
                        0,
                        NO_MASK,
                        "",
                        others,
                        large));
        services.add(
                service(
                        7,
                        address("TCP", "2001:db8::80", 80),
                        "wlc",
                        0x03,
                        300,
                        "64",
                        "",
                        ofIpv6,
                        large));
        services.add(
                service(
                        8,
                        new ServiceId("", "", 0, 7, false),
                        "wlc",
                        0x03,
                        300,
                        NO_MASK,
                        "",
                        others,
                        large));
        services.add(
                service(
                        9,
                        new ServiceId("", "", 0, 8, true),
                        "wlc",
                        0x02,
                        0,
                        Netmask.NONE6,
                        "",
                        others,
                        large));
        return services;
    }

    private static List<Server> first(boolean large) {
        return List.of(
                server("192.168.10.3", 80, "nat", 1, 0, 0, Tunnel.IPIP, 3, 4, 5, 0, large),
                server("192.168.10.1", 80, "dr", 0, 100, 75, Tunnel.IPIP, 12, 34, 1, 1, large),
                tunnel("192.168.10.2", 10, Tunnel.IPIP, 2, large),
                tunnel("192.168.10.4", 10, new Tunnel("gue", 6080, 0), 3, large),
                tunnel("192.168.10.5", 10, new Tunnel("gue", 6080, 1), 4, large),
                tunnel("192.168.10.6", 10, new Tunnel("gue", 6080, 2), 5, large),
                tunnel("192.168.10.7", 10, new Tunnel("gre", 0, 0), 6, large),
                tunnel("192.168.10.8", 10, new Tunnel("gre", 0, 1), 7, large),
                server("192.168.10.9", 80, "local", 65535, 0, 0, Tunnel.IPIP, 0, 0, 0, 8, large),
                tunnel("2001:db8::a0a0", 5, Tunnel.IPIP, 9, large));
    }

    static ServiceId address(String protocol, String address, int port) {
        return new ServiceId(protocol, address, port, 0, address.indexOf(':') >= 0);
    }

    static Service service(
            int number,
            ServiceId id,
            String scheduler,
            int flags,
            int timeout,
            String netmask,
            String engine,
            List<Server> servers,
            boolean large) {
        return new Service(
                id,
                new ServiceSettings(scheduler, flags, timeout, netmask, engine),
                traffic(number, large),
                servers);
    }

    private static Server tunnel(
            String address, int weight, Tunnel tunnel, int number, boolean large) {
        return server(address, 80, "tunnel", weight, 0, 0, tunnel, 0, 0, 0, number, large);
    }

    static Server server(
            String address,
            int port,
            String forwarding,
            int weight,
            int upper,
            int lower,
            Tunnel tunnel,
            int active,
            int inactive,
            int persistent,
            int number,
            boolean large) {
        return new Server(
                new ServerSettings(address, port, forwarding, weight, upper, lower, tunnel),
                active,
                inactive,
                persistent,
                traffic(number, large));
    }

    private static Traffic traffic(int number, boolean large) {
        return large
                ? new Traffic(
                        99_999_999L,
                        100_000_000L,
                        999_999_999L,
                        1_000_000_000L,
                        99_999_999_999L,
                        100_000_000_000L,
                        99_999_999_999_999L,
                        100_000_000_000_000L,
                        100_000_000L,
                        1)
                : new Traffic(
                        12 + number,
                        3_456_789L * (number + 1),
                        2_345_678,
                        1_234_567_890_123L * (number + 1),
                        99_999_999,
                        7,
                        1234,
                        999,
                        123_456_789,
                        100_000_000);
    }

    static List<ConnectionView> connections() {
        return List.of(
                connection(
                        "TCP",
                        "10.0.0.2:50000",
                        "10.0.0.1:80",
                        "192.168.10.1:80",
                        "ESTABLISHED",
                        899),
                connection("TCP", "10.0.0.2:0", "10.0.0.9:443", "192.168.10.1:443", "ASSURED", 299),
                connection(
                        "UDP", "10.0.0.2:5060", "10.0.0.2:5060", "192.168.10.1:5060", "UDP", 300),
                new ConnectionView(
                        "UDP",
                        "10.0.0.2:0",
                        "10.0.0.2:5060",
                        "192.168.10.1:5060",
                        "NONE",
                        59,
                        60,
                        "nat",
                        true,
                        false,
                        true,
                        0,
                        0,
                        0,
                        "sip",
                        HexFormat.of()
                                .formatHex("abc123@host".getBytes(StandardCharsets.US_ASCII))),
                connection("IP", "10.0.0.2:0", "0.0.0.7:0", "192.168.10.1:0", "NONE", 120),
                connection(
                        "SCTP",
                        "10.0.0.2:1024",
                        "10.0.0.1:7777",
                        "192.168.10.1:7777",
                        "ESTABLISHED",
                        900),
                connection(
                        "TCP",
                        "[2001:db8::2]:50000",
                        "[2001:db8::80]:80",
                        "[2001:db8::a0a0]:80",
                        "SYN_RECV",
                        59));
    }

    private static ConnectionView connection(
            String protocol,
            String client,
            String virtual,
            String real,
            String state,
            int expires) {
        return new ConnectionView(
                protocol, client, virtual, real, state, expires, 900, "nat", true, false, false, 0,
                0, 1, "", "");
    }
}
