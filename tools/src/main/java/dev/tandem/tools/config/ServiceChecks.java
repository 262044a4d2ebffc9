package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** What must hold between keys of services, servers and mark rules. */
final class ServiceChecks {
    private final Problems problems;
    private final String prefix;

    /**
     * @param prefix of the cluster's keys: empty, or {@code clusters[n].}
     */
    ServiceChecks(Problems problems, String prefix) {
        this.problems = problems;
        this.prefix = prefix;
    }

    /**
     * @param elsewhere whether addresses of services are not ours to list
     */
    void check(DirectorConfig director, boolean elsewhere) {
        List<InetAddress> owned =
                director.addresses().stream().map(VirtualAddress::address).toList();
        services(director, owned, elsewhere);
        for (int i = 0; i < director.marks().size(); i++) {
            mark(director, director.marks().get(i), prefix + "marks[" + i + "]", owned, elsewhere);
        }
    }

    private void services(DirectorConfig director, List<InetAddress> owned, boolean elsewhere) {
        List<VirtualServiceConfig> services = director.services();
        problems.unique(services, prefix + "services", "", service -> service.id().toString());
        for (int i = 0; i < services.size(); i++) {
            String path = prefix + "services[" + i + "]";
            VirtualServiceConfig service = services.get(i);
            if (service.id() instanceof AddressService(_, InetAddress address, _)) {
                problems.require(
                        elsewhere || owned.contains(address),
                        path + ".address",
                        address.getHostAddress() + " is not one of the virtual addresses",
                        prefix + "addresses");
            }
            problems.unique(
                    service.servers(), path + ".servers", "", server -> "server " + server.name());
            for (int k = 0; k < service.servers().size(); k++) {
                RealServerConfig server = service.servers().get(k);
                String item = path + ".servers[" + k + "]";
                server(service, server, path, item);
                family(director, service, server, item);
                problems.require(
                        !owned.contains(server.address()),
                        item + ".address",
                        server.address().getHostAddress()
                                + " is a virtual address: packets would go in a circle",
                        prefix + "addresses");
            }
        }
    }

    private void server(
            VirtualServiceConfig service, RealServerConfig server, String path, String item) {
        if (service.id() instanceof AddressService(_, _, int port)) {
            problems.require(
                    server.forwarding() == Forwarding.NAT || server.port() == port,
                    item + ".port",
                    server.port()
                            + " must equal the service's port "
                            + port
                            + ": "
                            + (server.forwarding() == Forwarding.DR
                                    ? "direct routing does"
                                    : "tunnels do")
                            + " not rewrite ports",
                    path + ".port",
                    item + ".forwarding");
        }
        problems.require(
                server.lowerThreshold() <= server.upperThreshold(),
                item + ".lower-threshold",
                server.lowerThreshold() + " is above upper-threshold " + server.upperThreshold(),
                item + ".upper-threshold");
    }

    private void family(
            DirectorConfig director,
            VirtualServiceConfig service,
            RealServerConfig server,
            String item) {
        boolean same = server.isIpv6() == service.id().isIpv6();
        String mixed = "is of another address family than its service, ";
        String address = server.address().getHostAddress() + " ";
        problems.require(
                same || server.forwarding() == Forwarding.TUNNEL,
                item + ".address",
                address + mixed + "which can be reached by tunnel only",
                item + ".forwarding");
        problems.require(
                same || director.sync().isEmpty(),
                item + ".address",
                address + mixed + "which connections that are replicated cannot express",
                prefix + "sync");
    }

    private void mark(
            DirectorConfig director,
            MarkRule rule,
            String item,
            List<InetAddress> owned,
            boolean elsewhere) {
        InetAddress destination = rule.destination().address();
        boolean ipv6 = destination instanceof Inet6Address;
        boolean block = rule.destination().length() < destination.getAddress().length * Byte.SIZE;
        problems.require(
                elsewhere || block || owned.contains(destination),
                item + ".destination",
                destination.getHostAddress()
                        + " is not one of the virtual addresses; a network that is routed to this"
                        + " node is given with its prefix length",
                prefix + "addresses");
        rule.source()
                .ifPresent(source ->
                        problems.require(
                                source.address() instanceof Inet6Address == ipv6,
                                item + ".source",
                                source + " is of another address family than the destination",
                                item + ".destination"));
        rule.interfaceName()
                .ifPresent(name ->
                        problems.require(
                                director.interfaces().contains(name),
                                item + ".interface",
                                "'" + name + "' is not one of the director's interfaces",
                                prefix + "director.interfaces"));
    }
}
