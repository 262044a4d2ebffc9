package dev.tandem.tools.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A guest as a real server at the end of tunnels, which its kernel's own devices unwrap: it holds
 * the virtual addresses on its loopback interface, and answers clients directly.
 */
final class TunnelHost {
    private static final String SERVER = "10.82.0.12";

    /** A kernel takes GRE from one peer either with or without checksums. */
    private static final String OTHER_SERVER = "10.82.0.112";

    private static final String SERVER6 = "fd82::12";

    /** One way into the server. */
    enum Way {
        IPIP(7100, false, SERVER, "ipip0", "ipip", "-i"),
        GRE(7101, false, SERVER, "gre1", "gre", "-i --tun-type gre"),
        GRE_WITH_CHECKSUM(
                7102, false, OTHER_SERVER, "gre2", "gre csum", "-i --tun-type gre --tun-csum"),
        GUE(7103, false, SERVER, "ipip0", "ipip", "-i --tun-type gue --tun-port 6080"),
        GUE_WITH_CHECKSUM(
                7104,
                false,
                SERVER,
                "ipip0",
                "ipip",
                "-i --tun-type gue --tun-csum --tun-port 6080"),
        IPV6_IN_IPV4(7105, true, SERVER, "sit1", "sit", "-i"),
        IPV6_IN_IPV6(7106, true, SERVER6, "six0", "ip6tnl mode any", "-i"),
        IPV4_IN_IPV6(7107, false, SERVER6, "six0", "ip6tnl mode any", "-i"),
        GRE_OVER_IPV6(7108, true, SERVER6, "gresix0", "ip6gre", "-i --tun-type gre"),
        GUE_OVER_IPV6(
                7109,
                true,
                SERVER6,
                "six0",
                "ip6tnl mode any",
                "-i --tun-type gue --tun-csum --tun-port 6080");

        private final int port;
        private final boolean inner6;
        private final String server;
        private final String device;
        private final String type;
        private final String options;

        Way(int port, boolean inner6, String server, String device, String type, String options) {
            this.port = port;
            this.inner6 = inner6;
            this.server = server;
            this.device = device;
            this.type = type;
            this.options = options;
        }

        String virtual() {
            return inner6 ? Plan.VIRTUAL6 : Plan.VIRTUAL.getFirst();
        }

        String client() {
            return inner6 ? Plan.CLIENT6 : Plan.CLIENT;
        }

        int port() {
            return port;
        }

        /** As {@code host:port}. */
        String service() {
            return (inner6 ? "[" + virtual() + "]:" : virtual() + ":") + port();
        }

        private boolean outer6() {
            return server.indexOf(':') >= 0;
        }

        /** The tunnel's device in the words of {@code ip}, to a director of those last digits. */
        private String link(int director) {
            return "link add %s type %s local %s remote %s%d"
                    .formatted(device, type, server, outer6() ? "fd82::" : "10.82.0.", director);
        }

        /** Lines of {@code ipvsadm --restore}: TCP and UDP. */
        Stream<String> rules() {
            String at = (outer6() ? "[" + server + "]:" : server + ":") + port;
            return Stream.of("-t", "-u")
                    .flatMap(protocol ->
                            Stream.of(
                                    "-A %s %s -s rr".formatted(protocol, service()),
                                    "-a %s %s -r %s %s"
                                            .formatted(protocol, service(), at, options)));
        }
    }

    private final Guest guest;

    private TunnelHost(Guest guest) {
        this.guest = guest;
    }

    /**
     * Makes one of a guest.
     *
     * @param director last digits of the director's addresses, from which the tunnels come
     */
    static TunnelHost open(Guest guest, int director) throws IOException {
        var script = new ArrayList<>(List.of("set -e"));
        script.add("modprobe -a ipip ip_gre fou fou6 sit ip6_tunnel ip6_gre");
        script.add("ip netns add s");
        script.add("ip -n d link set rs0 netns s");
        script.add(
                "ip netns exec s sysctl -qw net.ipv4.conf.all.rp_filter=0"
                        + " net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.rs0.rp_filter=0"
                        + " net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2");
        script.add("ip -n s fou add port 6080 gue");
        script.add("ip -n s -6 fou add port 6080 gue");
        script.add("ip -n s -batch - <<END");
        script.add("link set lo up");
        script.add("link set rs0 up");
        script.add("address add " + SERVER + "/24 dev rs0");
        script.add("address add " + OTHER_SERVER + "/24 dev rs0");
        script.add("address add " + SERVER6 + "/64 dev rs0 nodad");
        script.add("address add " + Plan.VIRTUAL.getFirst() + "/32 dev lo");
        script.add("address add " + Plan.VIRTUAL6 + "/128 dev lo nodad");
        script.add("route add 10.81.0.0/16 via 10.82.0.2");
        script.add("route add fd81::/64 via fd82::2");
        Arrays.stream(Way.values())
                .collect(Collectors.toMap(way -> way.device, way -> way, (one, _) -> one))
                .forEach((device, way) -> {
                    script.add(way.link(director));
                    script.add("link set " + device + " up");
                });
        script.add("END");
        guest.run(script.toArray(String[]::new));
        return new TunnelHost(guest);
    }

    /** Starts the servers, and waits until they listen. */
    void serve() throws IOException {
        var script = new ArrayList<String>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            List<Way> ways = Arrays.stream(Way.values()).filter(way -> way.inner6 == ipv6).toList();
            String ports =
                    ways.stream().map(way -> way.port() + "").collect(Collectors.joining(" "));
            script.add(
                    "ip netns exec s perl /run/share/server.pl %s %s >/run/share/served%s 2>&1 &"
                            .formatted(ways.getFirst().virtual(), ports, ipv6));
            script.add("for try in 1 2 3 4 5 6 7 8 9 10; do");
            script.add(
                    "    ip netns exec s ss -Hln%stu | grep -q :%d && break"
                            .formatted(ipv6 ? "6" : "4", ways.getLast().port()));
            script.add("    sleep 0.2");
            script.add("done");
        }
        guest.run(script.toArray(String[]::new));
    }

    /** Packets that came out of a way's device so far. */
    long unwrapped(Way way) throws IOException {
        String text = guest.run("ip -n s -s link show dev " + way.device);
        List<String> lines = text.lines().map(String::strip).toList();
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).startsWith("RX:")) {
                return Long.parseLong(lines.get(i + 1).split("\\s+", -1)[1]);
            }
        }
        throw new IOException("no counters of " + way.device + ":\n" + text);
    }

    /** What the devices counted and the servers said, for people. */
    String story() throws IOException {
        return guest.attempt(5, "ip -n s -s -d link; cat /run/share/served*").output();
    }
}
