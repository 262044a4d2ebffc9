package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.anyPort;
import static dev.tandem.tools.config.Syntax.eitherNetworkAddress;
import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.fwmark;
import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.oneOf;
import static dev.tandem.tools.config.Syntax.port;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.sched.Schedulers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads virtual services, their real servers, and the rules that give firewall marks. */
final class ServiceReader {
    /** 31 days, the most that ipvsadm takes too. */
    private static final int MAX_PERSISTENCE_SECONDS = 2_678_400;

    private static final Syntax<Integer> COUNT = integer(0, Integer.MAX_VALUE);

    /** The words of {@code family}. */
    private enum Family {
        IPV4,
        IPV6
    }

    private ServiceReader() {}

    static VirtualServiceConfig service(Section section) {
        ServiceId id = section.has("fwmark") ? markService(section) : addressService(section);
        ServiceOptions options = options(section, id);
        int port = id instanceof AddressService(_, _, int own) ? own : 0;
        return new VirtualServiceConfig(
                id,
                options,
                section.blocks("servers", "real servers", server -> server(server, port)));
    }

    static MarkRule mark(Section section) {
        PortRange ports = section.optional("ports", Syntax.portRange(), PortRange.ALL);
        return new MarkRule(
                section.required("mark", fwmark()),
                section.value("protocol", oneOf(Transport.class)),
                section.value("source", Syntax.prefix()),
                section.required("destination", Syntax.prefix()),
                ports.first(),
                ports.last(),
                section.value("interface", interfaceName()));
    }

    private static ServiceId addressService(Section section) {
        section.refuse("family", "is for a service with fwmark; this one has an address");
        return new AddressService(
                section.required("protocol", oneOf(Transport.class)),
                section.required("address", eitherNetworkAddress()),
                section.required("port", anyPort()));
    }

    private static ServiceId markService(Section section) {
        for (String key : List.of("protocol", "address", "port")) {
            section.refuse(key, "is not for a service with fwmark");
        }
        return new MarkService(
                section.required("fwmark", fwmark()),
                section.optional("family", oneOf(Family.class), Family.IPV4) == Family.IPV6);
    }

    private static ServiceOptions options(Section section, ServiceId id) {
        List<String> schedulers = new ArrayList<>(Schedulers.names());
        schedulers.add(ServiceOptions.NO_SCHEDULER);
        String scheduler = section.optional("scheduler", oneOf(schedulers), "wlc");
        int netmask =
                id.isIpv6()
                        ? section.optional("netmask", integer(1, 128), ServiceOptions.HOST_PREFIX)
                        : section.optional("netmask", Syntax.netmask(), ServiceOptions.HOST_MASK);
        int flags =
                section.has("scheduler-flags")
                        ? section
                                .values(
                                        "scheduler-flags",
                                        "flags of the scheduler",
                                        schedulerFlag(scheduler))
                                .stream()
                                .reduce(0, (a, b) -> a | b)
                        : 0;
        return new ServiceOptions(
                scheduler,
                flags,
                section.optional("persistence", integer(1, MAX_PERSISTENCE_SECONDS), 0),
                netmask,
                section.optional("engine", oneOf(List.of("sip")), ""),
                section.optional("one-packet", flag(), false));
    }

    private static Syntax<Integer> schedulerFlag(String scheduler) {
        Map<String, Integer> bits = new LinkedHashMap<>();
        for (int bit = ServiceOptions.FLAG_1; bit <= ServiceOptions.FLAG_3; bit <<= 1) {
            for (String word : Schedulers.flagNames(scheduler, bit)) {
                bits.put(word, bit);
            }
        }
        bits.putIfAbsent("flag-1", ServiceOptions.FLAG_1);
        bits.putIfAbsent("flag-2", ServiceOptions.FLAG_2);
        bits.putIfAbsent("flag-3", ServiceOptions.FLAG_3);
        Syntax<String> words = oneOf(List.copyOf(bits.keySet()));
        return new Syntax<>(
                words.expected(),
                0,
                value -> words.parse(value).map(word -> bits.getOrDefault(word, 0)));
    }

    private static RealServerConfig server(Section section, int servicePort) {
        InetAddress address = section.required("address", eitherNetworkAddress());
        int port = section.optional("port", anyPort(), servicePort);
        Forwarding forwarding = section.required("forwarding", Syntax.forwarding());
        return new RealServerConfig(
                address,
                port,
                forwarding,
                section.optional("weight", COUNT, 1),
                section.optional("upper-threshold", COUNT, 0),
                section.optional("lower-threshold", COUNT, 0),
                tunnel(section, forwarding));
    }

    private static Tunnel tunnel(Section section, Forwarding forwarding) {
        if (forwarding != Forwarding.TUNNEL) {
            for (String key : List.of("tunnel-type", "tunnel-port", "tunnel-checksum")) {
                section.refuse(key, "is for forwarding tunnel; this is " + Syntax.word(forwarding));
            }
            return Tunnel.IPIP;
        }
        Tunnel.Type type =
                section.optional("tunnel-type", oneOf(Tunnel.Type.class), Tunnel.Type.IPIP);
        int port = 0;
        if (type == Tunnel.Type.GUE) {
            port = section.required("tunnel-port", port());
        } else {
            section.refuse("tunnel-port", "is for tunnel-type gue; this is " + Syntax.word(type));
        }
        List<String> checksums =
                switch (type) {
                    case IPIP -> List.of("none");
                    case GRE -> List.of("none", "csum");
                    case GUE -> List.of("none", "csum", "remcsum");
                };
        String checksum = section.optional("tunnel-checksum", oneOf(checksums), "none");
        return new Tunnel(type, port, Tunnel.Checksum.valueOf(checksum.toUpperCase(Locale.ROOT)));
    }
}
