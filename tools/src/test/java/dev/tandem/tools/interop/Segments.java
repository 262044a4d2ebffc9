package dev.tandem.tools.interop;

import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Leftovers;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The wires: bridges {@code sync}, {@code cli} and {@code rs} in a namespace of ours, with the
 * client, the real servers and the hosts of Tandem's directors in namespaces of their own, and taps
 * for the guests. Named after this process, so that {@link Leftovers} knows them.
 */
final class Segments {
    private static final List<String> BRIDGES = List.of("sync", "cli", "rs");

    private final String id = Long.toString(ProcessHandle.current().pid());
    private final Namespace wire = host("wire");
    private final Namespace client = host("client");
    private final List<Namespace> servers =
            IntStream.rangeClosed(1, Plan.SERVERS).mapToObj(n -> host("s" + n)).toList();
    private final List<Namespace> tandems = List.of(host("t3"), host("t4"));

    /** Makes everything, for guests of these names. */
    void build(List<String> guests) throws IOException {
        Leftovers.removeAll(id);
        Commands.run(
                List.of("ip", "-batch", "-"),
                String.join("\n", hosts().map(host -> "netns add " + host.name()).toList()) + "\n");
        for (Namespace host : hosts().toList()) {
            host.sysctl(parameters(host));
        }
        wire.ip(bridges(guests));
        List<Leg> legs = legs();
        Commands.run(
                List.of("ip", "-batch", "-"),
                String.join("\n", legs.stream().map(this::pair).toList()) + "\n");
        wire.ip(legs.stream().map(Segments::plug).toList());
        client.ip(clientAddresses());
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).ip(serverAddresses(i + 1));
        }
        for (int i = 0; i < tandems.size(); i++) {
            tandems.get(i).ip(directorAddresses(13 + i));
        }
    }

    String id() {
        return id;
    }

    /** Holds the bridges; everything on a segment can be seen there. */
    Namespace wire() {
        return wire;
    }

    Namespace client() {
        return client;
    }

    /** A real server's host, from 1. */
    Namespace server(int number) {
        return servers.get(number - 1);
    }

    /** The host of a director of ours, 3 or 4. */
    Namespace tandem(int number) {
        return tandems.get(number - 3);
    }

    /** The hosts' own kernels forward nothing, and answer ARP for what is on that leg only. */
    private static Map<String, String> parameters(Namespace host) {
        return Map.ofEntries(
                Map.entry("net.ipv4.ip_forward", "0"),
                Map.entry("net.bridge.bridge-nf-call-iptables", "0"),
                Map.entry("net.bridge.bridge-nf-call-ip6tables", "0"),
                Map.entry("net.ipv4.conf.all.rp_filter", "0"),
                Map.entry("net.ipv4.conf.default.rp_filter", "0"),
                Map.entry("net.ipv4.conf.all.accept_redirects", "0"),
                Map.entry("net.ipv6.conf.all.accept_redirects", "0"),
                Map.entry("net.ipv4.conf.all.arp_ignore", "1"),
                Map.entry("net.ipv4.conf.all.arp_announce", "2"),
                // the bridges' own addresses would only make noise
                Map.entry(
                        "net.ipv6.conf.default.disable_ipv6",
                        host.name().endsWith("-wire") ? "1" : "0"),
                Map.entry("net.ipv6.conf.default.accept_ra", "0"),
                Map.entry("net.ipv6.conf.default.dad_transmits", "0"));
    }

    private static List<String> bridges(List<String> guests) {
        var lines = new ArrayList<String>();
        lines.add("link set dev lo up");
        for (String bridge : BRIDGES) {
            lines.add(
                    "link add %s type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
                            .formatted(bridge));
            lines.add("link set dev " + bridge + " up");
        }
        for (String guest : guests) {
            for (String nic : Guest.NICS) {
                String tap = Guest.tap(guest, nic);
                lines.add("tuntap add %s mode tap".formatted(tap));
                lines.add(
                        "link set dev %s master %s up".formatted(tap, nic.replaceFirst("\\d", "")));
            }
        }
        return lines;
    }

    /** A host's leg on a bridge. */
    private record Leg(Namespace host, String bridge) {}

    private List<Leg> legs() {
        var legs = new ArrayList<Leg>();
        legs.add(new Leg(client, "cli"));
        legs.add(new Leg(client, "rs"));
        servers.forEach(server -> legs.add(new Leg(server, "rs")));
        for (Namespace tandem : tandems) {
            BRIDGES.forEach(bridge -> legs.add(new Leg(tandem, bridge)));
        }
        return legs;
    }

    private String pair(Leg leg) {
        return "link add name %s netns %s type veth peer name %s netns %s"
                .formatted(port(leg), wire.name(), leg.bridge(), leg.host().name());
    }

    private static String plug(Leg leg) {
        return "link set dev %s master %s up".formatted(port(leg), leg.bridge());
    }

    private static String port(Leg leg) {
        String host = leg.host().name();
        return host.substring(host.lastIndexOf('-') + 1) + "-" + leg.bridge();
    }

    private static List<String> clientAddresses() {
        var lines = new ArrayList<String>(up("cli", "rs"));
        lines.add("address add " + Plan.CLIENT + "/16 dev cli");
        lines.add("address add " + Plan.CLIENT6 + "/64 dev cli nodad");
        Plan.clients().forEach(address -> lines.add("address add " + address + "/16 dev cli"));
        Plan.clients6()
                .forEach(address -> lines.add("address add " + address + "/64 dev cli nodad"));
        lines.add("address add 10.82.0.2/24 dev rs");
        lines.add("address add fd82::2/64 dev rs nodad");
        return lines;
    }

    /** What a server says as itself goes through the director, as the virtual address directly. */
    private static List<String> serverAddresses(int number) {
        var lines = new ArrayList<String>(up("rs"));
        lines.add("address add " + Plan.server(number) + "/24 dev rs");
        lines.add("address add " + Plan.server6(number) + "/64 dev rs nodad");
        for (String address : Plan.VIRTUAL) {
            lines.add("address add " + address + "/32 dev lo");
        }
        lines.add("address add " + Plan.VIRTUAL6 + "/128 dev lo nodad");
        lines.add("route add default via " + Plan.GATEWAY);
        lines.add("route add default via " + Plan.GATEWAY6);
        lines.add("route add 10.81.0.0/16 via 10.82.0.2 table 100");
        lines.add("rule add from 10.81.200.0/24 lookup 100");
        return lines;
    }

    private static List<String> directorAddresses(int host) {
        var lines = new ArrayList<String>(up("sync", "cli", "rs"));
        lines.add("address add 10.83.0.%d/24 dev sync".formatted(host));
        lines.add("address add fd83::%d/64 dev sync nodad".formatted(host));
        lines.add("address add 10.81.0.%d/16 dev cli".formatted(host));
        lines.add("address add fd81::%d/64 dev cli nodad".formatted(host));
        lines.add("address add 10.82.0.%d/24 dev rs".formatted(host));
        lines.add("address add fd82::%d/64 dev rs nodad".formatted(host));
        return lines;
    }

    private static List<String> up(String... legs) {
        return Stream.concat(Stream.of("lo"), Stream.of(legs))
                .map(leg -> "link set dev " + leg + " up")
                .toList();
    }

    private Namespace host(String host) {
        return new Namespace(Leftovers.PREFIX + id + "-" + host);
    }

    private Stream<Namespace> hosts() {
        return Stream.of(List.of(wire, client), servers, tandems).flatMap(List::stream);
    }
}
