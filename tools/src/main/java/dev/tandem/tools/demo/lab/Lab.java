package dev.tandem.tools.demo.lab;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.config.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hosts and wires of a run, all in namespaces of its own, so that several runs can live side by
 * side and none touches the machine it runs on.
 *
 * <p>The namespaces are called {@code tandem-<pid>-<host>} after the process that owns them: what a
 * killed run left behind is recognised by {@link Leftovers}.
 */
public final class Lab implements AutoCloseable {
    private final LabPlan plan;
    private final String id = Long.toString(ProcessHandle.current().pid());
    private final Namespace wire = host("wire");
    private final Namespace client = host("client");
    private final List<Namespace> directors = List.of(host("a"), host("b"));
    private final Namespace witness = host("w");
    private final List<Namespace> servers =
            IntStream.rangeClosed(1, LabPlan.SERVERS).mapToObj(n -> host("s" + n)).toList();
    private final Wires wires = new Wires(wire, directors);
    private volatile Function<String, Map<String, String>> environment = _ -> Map.of();
    private @Nullable Path directory;
    private boolean leave;
    private boolean leaveFiles;
    private boolean closed;

    public Lab(LabPlan plan) {
        this.plan = plan;
    }

    /** Makes the namespaces and their wires; on failure {@link #close} removes what there is. */
    public synchronized void build() throws IOException {
        if (closed) {
            throw new IOException("the lab was closed while it was being made");
        }
        Leftovers.removeAll(id);
        directory = Leftovers.directory(id);
        if (plan.signs()) {
            KeyFiles.make(NodeFile.key(directory));
        }
        Commands.run(
                List.of("ip", "-batch", "-"),
                String.join("\n", hosts().map(host -> "netns add " + host.name()).toList()) + "\n");
        for (Namespace host : hosts().toList()) {
            host.sysctl(parameters(host));
        }
        Commands.run(List.of("ip", "-batch", "-"), String.join("\n", links()) + "\n");
        wire.ip(bridges());
        client.ip(up("outside", LabPlan.CLIENT));
        for (int i = 0; i < directors.size(); i++) {
            directors.get(i).ip(directorAddresses(i));
        }
        if (plan.witness()) {
            witness.ip(up("link", LabPlan.WITNESS));
        }
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).ip(serverAddresses(i + 1));
        }
        if (!plan.offloads()) {
            switchOffloadsOff();
        }
    }

    public LabPlan plan() {
        return plan;
    }

    /** The number by which this run's namespaces are told from others'. */
    public String id() {
        return id;
    }

    public Namespace client() {
        return client;
    }

    /** A director's host, 0 for a and 1 for b. */
    public Namespace director(int index) {
        return directors.get(index);
    }

    /** The witness's host; only where the plan has one. */
    Namespace witness() {
        return witness;
    }

    /** What can happen to the cables. */
    public Wires wires() {
        return wires;
    }

    static String linkMac(int director) {
        return "02:77:03:00:00:0" + (director + 2);
    }

    /**
     * What else the process of a node, called by its name, finds in its environment from now on.
     */
    public void environment(Function<String, Map<String, String>> ofNode) {
        environment = ofNode;
    }

    Map<String, String> environment(String node) {
        return environment.apply(node);
    }

    /** A server's host, from 1. */
    public Namespace server(int number) {
        return servers.get(number - 1);
    }

    /** Holds the bridges; their ports are named host-leg, as in a-outside. */
    public Namespace wire() {
        return wire;
    }

    /** The link-level address of a director outside: who the client believes has the address. */
    public static String outsideMac(int director) {
        return "02:77:01:00:00:0" + (director + 2);
    }

    /** Name of the director that the client sends to at present, or a question mark. */
    public String ownerByClient() throws IOException {
        String entry = Commands.run("ip", "-n", client.name(), "neigh", "show", LabPlan.VIRTUAL);
        for (int index = 0; index < directors.size(); index++) {
            if (entry.contains(outsideMac(index))) {
                return NodeFile.node(index);
            }
        }
        return "?";
    }

    /** Where the configurations, sockets and logs of this run are. */
    public synchronized Path directory() throws IOException {
        if (directory == null) {
            throw new IOException("the lab is not built");
        }
        return directory;
    }

    /** Makes {@link #close} leave everything as it is. */
    public synchronized void leave() throws IOException {
        Leftovers.keep(id);
        leave = true;
    }

    /** Makes {@link #close} leave the directory, for its logs. */
    public synchronized void leaveFiles() throws IOException {
        directory();
        Leftovers.keep(id);
        leaveFiles = true;
    }

    /**
     * Ends what runs inside, removes the namespaces and the directory. Any thread, any number of
     * times.
     */
    @Override
    public synchronized void close() {
        closed = true;
        if (!leave) {
            Leftovers.remove(id);
            if (!leaveFiles) {
                Leftovers.removeDirectory(id);
            }
        }
    }

    private Namespace host(String host) {
        return new Namespace(Leftovers.PREFIX + id + "-" + host);
    }

    private Stream<Namespace> hosts() {
        List<Namespace> voters = plan.witness() ? List.of(witness) : List.of();
        return Stream.of(List.of(wire, client), directors, voters, servers).flatMap(List::stream);
    }

    /**
     * The hosts' kernels shall not forward (two directors would), nor filter what takes another way
     * back, nor fill captures with IPv6 chatter; a bridge shall pass on what it gets, broken
     * packets too. A server of direct routing must not answer ARP for the virtual address on its
     * loopback.
     */
    private Map<String, String> parameters(Namespace host) {
        boolean quiet = plan.forwarding() == Forwarding.DR && servers.contains(host);
        return Map.of(
                "net.ipv4.ip_forward", "0",
                "net.bridge.bridge-nf-call-iptables", "0",
                "net.ipv4.conf.all.rp_filter", "0",
                "net.ipv4.conf.default.rp_filter", "0",
                "net.ipv6.conf.all.disable_ipv6", "1",
                "net.ipv6.conf.default.disable_ipv6", "1",
                "net.ipv4.conf.all.arp_ignore", quiet ? "1" : "0",
                "net.ipv4.conf.all.arp_announce", quiet ? "2" : "0");
    }

    private List<String> links() {
        var lines = new ArrayList<String>();
        lines.add(leg(client, "outside", "02:77:01:00:00:10"));
        for (int i = 0; i < directors.size(); i++) {
            lines.add(leg(directors.get(i), "outside", outsideMac(i)));
            lines.add(leg(directors.get(i), "inside", "02:77:02:00:00:0" + (i + 2)));
            lines.add(leg(directors.get(i), "link", linkMac(i)));
        }
        if (plan.witness()) {
            lines.add(leg(witness, "link", "02:77:03:00:00:10"));
        }
        for (int i = 0; i < servers.size(); i++) {
            lines.add(leg(servers.get(i), serverLeg(), "02:77:02:00:00:1" + (i + 1)));
        }
        return lines;
    }

    private String leg(Namespace host, String name, String mac) {
        return "link add name %s netns %s type veth peer name %s address %s netns %s"
                .formatted(port(host, name), wire.name(), name, mac, host.name());
    }

    static String port(Namespace host, String leg) {
        return host.name().substring(host.name().lastIndexOf('-') + 1) + "-" + leg;
    }

    private String serverLeg() {
        return plan.forwarding() == Forwarding.NAT ? "inside" : "outside";
    }

    private List<String> bridges() {
        var lines = new ArrayList<String>();
        for (String bridge : List.of("outside", "inside", "between")) {
            lines.add(
                    "link add name %s type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
                            .formatted(bridge));
            lines.add("link set dev " + bridge + " up");
        }
        lines.add(plug(client, "outside"));
        for (Namespace director : directors) {
            lines.add(plug(director, "outside"));
            lines.add(plug(director, "inside"));
            lines.add(plug(director, "link", "between"));
        }
        if (plan.witness()) {
            lines.add(plug(witness, "link", "between"));
        }
        for (Namespace server : servers) {
            lines.add(plug(server, serverLeg()));
        }
        return lines;
    }

    private static String plug(Namespace host, String leg) {
        return plug(host, leg, leg);
    }

    private static String plug(Namespace host, String leg, String bridge) {
        return "link set dev %s master %s up".formatted(port(host, leg), bridge);
    }

    private List<String> directorAddresses(int index) {
        var lines = new ArrayList<String>();
        lines.addAll(up("outside", "10.77.1." + (index + 2)));
        lines.addAll(up("inside", "10.77.2." + (index + 2)));
        lines.addAll(up("link", "10.77.3." + (index + 1)));
        return lines;
    }

    private List<String> serverAddresses(int number) {
        var lines = new ArrayList<>(up(serverLeg(), plan.server(number)));
        lines.add(
                plan.forwarding() == Forwarding.NAT
                        ? "route add default via " + LabPlan.GATEWAY
                        : "address add " + LabPlan.VIRTUAL + "/32 dev lo");
        return lines;
    }

    private static List<String> up(String leg, String address) {
        return List.of(
                "link set dev lo up",
                "address add %s/24 dev %s".formatted(address, leg),
                "link set dev " + leg + " up");
    }

    private void switchOffloadsOff() throws IOException {
        for (Namespace host : hosts().toList()) {
            String interfaces =
                    Commands.run("ip", "-n", host.name(), "-br", "link", "show", "type", "veth");
            for (String line : interfaces.lines().toList()) {
                String name = line.substring(0, line.indexOf('@'));
                Commands.run(
                        host.command("ethtool", "-K", name, "tx", "off", "tso", "off")
                                .toArray(String[]::new));
                Commands.run(
                        host.command("ethtool", "-K", name, "gso", "off", "gro", "off")
                                .toArray(String[]::new));
            }
        }
    }
}
