package dev.tandem.director.control;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.GatewayConfig;
import dev.tandem.director.config.GuardMode;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.guard.HostGuard;
import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.route.HostNetwork;
import dev.tandem.director.route.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What would keep a director from working on this host, found before it starts: all of it at once,
 * each with a cure. Called once, by who starts the director, in the director's network namespace.
 */
public final class Preflight {
    /** Bits of linux/capability.h. */
    private static final int CAP_NET_ADMIN = 12;

    private static final int CAP_NET_RAW = 13;

    private Preflight() {}

    /** A reason not to start, and what to do about it; both are sentences for people. */
    public record Problem(String reason, String cure) {}

    /** Judges this host; an empty list means that nothing stands in the way. */
    public static List<Problem> check(DirectorConfig config, HostNetwork network) {
        return judge(config, gather(config, network));
    }

    /**
     * Whether the host's stack would do something about packets that the director takes: it
     * forwards them, or has their addresses. Asked in the director's network namespace.
     */
    static boolean isSeenByHost(DirectorConfig config) {
        return config.addressHolder() == AddressHolder.HOST
                || config.interfaces().stream().anyMatch(Preflight::isForwarding);
    }

    private static HostFacts gather(DirectorConfig config, HostNetwork network) {
        Set<String> forwarding = new TreeSet<>();
        for (String name : network.links().keySet()) {
            if (isForwarding(name)) {
                forwarding.add(name);
            }
        }
        return new HostFacts(
                effectiveCapabilities(),
                AfPacketPort.probe(),
                config.hostGuard() == GuardMode.AUTO && isSeenByHost(config)
                        ? HostGuard.probe()
                        : "",
                gatewayFault(config, network),
                forwarding,
                network.links(),
                network.addresses());
    }

    private static String gatewayFault(DirectorConfig config, HostNetwork network) {
        return config.gateway()
                .map(GatewayConfig::address)
                .filter(it -> network.addressBeside(it, config.addressInterfaces()).isEmpty())
                .map(it ->
                        "gateway %s lies in no network of this host's own addresses on %s"
                                .formatted(
                                        it.getHostAddress(),
                                        String.join(", ", config.addressInterfaces())))
                .orElse("");
    }

    static List<Problem> judge(DirectorConfig config, HostFacts facts) {
        List<Problem> problems = new ArrayList<>();
        judgeCapabilities(facts, problems);
        Set<String> interfaces = new LinkedHashSet<>(config.interfaces());
        for (VirtualAddress address : config.addresses()) {
            interfaces.add(address.interfaceName());
        }
        for (String name : interfaces) {
            judgeInterface(name, facts, problems);
        }
        judgeGuard(config, interfaces, facts, problems);
        if (!facts.gatewayFault().isEmpty()) {
            problems.add(
                    new Problem(
                            facts.gatewayFault(),
                            "name a neighbour of an interface with virtual addresses, and give the"
                                    + " interface an address of the host's own in its network, from"
                                    + " which it is asked"));
        }
        for (VirtualAddress address : config.addresses()) {
            judgeAddress(address.address(), facts, problems);
        }
        config.services().stream()
                .flatMap(service -> service.servers().stream())
                .map(RealServerConfig::address)
                .distinct()
                .forEach(address -> judgeServer(address, facts, problems));
        return problems;
    }

    private static void judgeCapabilities(HostFacts facts, List<Problem> problems) {
        boolean raw = has(facts, CAP_NET_RAW);
        if (!raw) {
            problems.add(
                    new Problem(
                            "CAP_NET_RAW is missing: packet sockets cannot be opened",
                            "run as root, or give the service CAP_NET_RAW and CAP_NET_ADMIN"
                                    + " (systemd: AmbientCapabilities=)"));
        }
        if (!has(facts, CAP_NET_ADMIN)) {
            problems.add(
                    new Problem(
                            "CAP_NET_ADMIN is missing: neighbours cannot be kept resolved and"
                                    + " socket buffers cannot be raised",
                            "run as root, or give the service CAP_NET_RAW and CAP_NET_ADMIN"
                                    + " (systemd: AmbientCapabilities=)"));
        }
        if (raw && !facts.packetSocketFault().isEmpty()) {
            problems.add(
                    new Problem(
                            "packet sockets lack what is needed: " + facts.packetSocketFault(),
                            "run a Linux kernel of 4.20 or later, built with CONFIG_PACKET"));
        }
    }

    private static boolean has(HostFacts facts, int capability) {
        return ((facts.effectiveCapabilities() >>> capability) & 1) != 0;
    }

    private static void judgeInterface(String name, HostFacts facts, List<Problem> problems) {
        @Nullable Link link = facts.links().get(name);
        if (link == null) {
            problems.add(
                    new Problem(
                            "there is no interface " + name,
                            "correct the name in the configuration, or make the interface;"
                                    + " this host has "
                                    + String.join(", ", new TreeSet<>(facts.links().keySet()))));
            return;
        }
        if (!link.up()) {
            problems.add(
                    new Problem(
                            "interface " + name + " is down",
                            "bring it up: ip link set " + name + " up"));
        }
        if (!link.ethernet()) {
            problems.add(
                    new Problem(
                            "interface " + name + " is not an Ethernet interface",
                            "name the Ethernet interface that carries the traffic"));
        }
    }

    /** Without a guard the host's stack would answer or forward what the director takes too. */
    private static void judgeGuard(
            DirectorConfig config,
            Set<String> interfaces,
            HostFacts facts,
            List<Problem> problems) {
        if (facts.guardFault().isEmpty()) {
            return;
        }
        Set<String> forwarding = new TreeSet<>(interfaces);
        forwarding.retainAll(facts.forwarding());
        boolean holds = config.addressHolder() == AddressHolder.HOST;
        String reason =
                holds
                        ? "the host holds the services' addresses and would reset every connection"
                        : "the kernel forwards packets of interface "
                                + String.join(", ", forwarding)
                                + " itself, so every one would go out twice, once unchanged";
        problems.add(
                new Problem(
                        reason + "; they cannot be hidden from it: " + facts.guardFault(),
                        "install nftables 1.0 or later on Linux 5.12 or later"
                                + (holds
                                        ? ", or let the director hold the addresses"
                                        : ", or turn forwarding off: sysctl -w"
                                                + " net.ipv4.ip_forward=0")
                                + "; or hide them by rules of your own and say director:"
                                + " host-guard: off"));
    }

    private static void judgeServer(InetAddress server, HostFacts facts, List<Problem> problems) {
        @Nullable String holder = facts.addresses().get(server);
        if (holder != null) {
            problems.add(
                    new Problem(
                            "real server "
                                    + server.getHostAddress()
                                    + " is this host itself, by interface "
                                    + holder
                                    + ": packets go out to servers, and none would come back",
                            "run the server on another host, or in a network namespace of its"
                                    + " own with an address of its own"));
        }
    }

    private static void judgeAddress(InetAddress address, HostFacts facts, List<Problem> problems) {
        @Nullable String holder = facts.addresses().get(address);
        if (holder != null) {
            String text = address.getHostAddress();
            problems.add(
                    new Problem(
                            "virtual address "
                                    + text
                                    + " is also on interface "
                                    + holder
                                    + ": the kernel would answer for it, and reset every"
                                    + " connection",
                            "take it off: ip address del "
                                    + text
                                    + " dev "
                                    + holder
                                    + " (and out of the host's network configuration);"
                                    + " the director answers for it by itself; or say"
                                    + " address-holder: host"));
        }
    }

    /** The calling thread's, since capabilities belong to threads. No file: none. */
    private static long effectiveCapabilities() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.startsWith("CapEff:")) {
                    return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
                }
            }
            return 0;
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }

    private static boolean isForwarding(String interfaceName) {
        return isForwarding("ipv4", interfaceName) || isForwarding("ipv6", interfaceName);
    }

    private static boolean isForwarding(String family, String interfaceName) {
        try {
            Path file = Path.of("/proc/sys/net", family, "conf", interfaceName, "forwarding");
            return Files.readString(file).strip().equals("1");
        } catch (IOException _) {
            return false; // the interface has just vanished, or has no IPv6
        }
    }
}
