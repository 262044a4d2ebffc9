package dev.tandem.director.guard;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which packets the host must not see, as elements of the table's sets, immutable.
 *
 * @param elements of each set, in nft's notation
 */
record HiddenPackets(Map<GuardSet, NavigableSet<String>> elements) {
    /** From which an FTP server calls a client. */
    private static final int FTP_DATA_PORT = 20;

    static final HiddenPackets NONE = new HiddenPackets(Map.of());

    /**
     * Those of a director with these services.
     *
     * <p>An address that the director holds is hidden as a whole. Where the host holds it, only
     * what has a service is: the host goes on to serve the rest. Of servers behind NAT, what they
     * send from the server's port is hidden, and the data connections of FTP, see {@link
     * GuardTable}.
     */
    static HiddenPackets of(DirectorConfig config, List<VirtualServiceConfig> services) {
        Map<GuardSet, NavigableSet<String>> elements = new EnumMap<>(GuardSet.class);
        if (config.addressHolder() == AddressHolder.DIRECTOR) {
            for (VirtualAddress address : config.addresses()) {
                add(elements, GuardSet.Kind.ADDRESSES, address.address(), "");
            }
        }
        for (VirtualServiceConfig service : services) {
            if (!(service.id() instanceof AddressService id)) {
                continue;
            }
            String protocol = " . " + id.protocol().number();
            addEndpoint(
                    elements,
                    id.port() == 0 ? GuardSet.Kind.WHOLE_SERVICES : GuardSet.Kind.SERVICES,
                    id.address(),
                    protocol,
                    id.port());
            for (RealServerConfig server : service.servers()) {
                if (server.forwarding() == Forwarding.NAT) {
                    addEndpoint(
                            elements,
                            server.port() == 0
                                    ? GuardSet.Kind.WHOLE_SERVERS
                                    : GuardSet.Kind.SERVERS,
                            server.address(),
                            protocol,
                            server.port());
                    if (isFtp(config, id)) {
                        hideData(elements, server);
                    }
                }
            }
            if (isFtp(config, id) && config.addressHolder() == AddressHolder.HOST) {
                add(elements, GuardSet.Kind.DATA_ADDRESSES, id.address(), "");
            }
        }
        return new HiddenPackets(elements);
    }

    private static boolean isFtp(DirectorConfig config, AddressService id) {
        return id.protocol() == Transport.TCP && config.ftpPorts().contains(id.port());
    }

    /** Both ways of data connections: the server calls from its data port, or it is called. */
    private static void hideData(
            Map<GuardSet, NavigableSet<String>> elements, RealServerConfig server) {
        addEndpoint(
                elements,
                GuardSet.Kind.SERVERS,
                server.address(),
                " . " + Transport.TCP.number(),
                FTP_DATA_PORT);
        add(elements, GuardSet.Kind.DATA_SERVERS, server.address(), "");
    }

    private static void addEndpoint(
            Map<GuardSet, NavigableSet<String>> elements,
            GuardSet.Kind kind,
            InetAddress address,
            String protocol,
            int port) {
        add(elements, kind, address, port == 0 ? protocol : protocol + " . " + port);
    }

    private static void add(
            Map<GuardSet, NavigableSet<String>> elements,
            GuardSet.Kind kind,
            InetAddress address,
            String rest) {
        GuardSet set = GuardSet.of(kind, address instanceof Inet6Address);
        elements.computeIfAbsent(set, _ -> new TreeSet<>()).add(address.getHostAddress() + rest);
    }

    NavigableSet<String> of(GuardSet set) {
        return elements.getOrDefault(set, new TreeSet<>());
    }

    /** Whether packets from servers are among them. */
    boolean hasServers() {
        return elements.keySet().stream().anyMatch(set -> set.kind().isServers());
    }

    /** Whether the host's refusals of data connections are among them. */
    boolean hasData() {
        return elements.keySet().stream()
                .anyMatch(set -> set.kind() == GuardSet.Kind.DATA_ADDRESSES);
    }

    /** How many elements the sets of these kinds have. */
    int count(GuardSet.Kind... kinds) {
        List<GuardSet.Kind> counted = List.of(kinds);
        return elements.entrySet().stream()
                .filter(entry -> counted.contains(entry.getKey().kind()))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }
}
