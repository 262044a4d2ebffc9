package dev.tandem.tools.config;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.packet.Addresses;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A virtual service as the lines of a configuration file, without what goes without saying. */
final class ServiceWriter {
    private ServiceWriter() {}

    /** The lines of one item of a list, not indented. */
    static List<String> lines(VirtualServiceConfig service) {
        List<String> lines = new ArrayList<>();
        switch (service.id()) {
            case AddressService(var protocol, var address, int port) -> {
                lines.add("protocol: " + Syntax.word(protocol));
                lines.add("address: " + text(address));
                lines.add("port: " + port);
            }
            case MarkService(int mark, boolean ipv6) -> {
                lines.add("fwmark: " + Integer.toUnsignedString(mark));
                if (ipv6) {
                    lines.add("family: ipv6");
                }
            }
        }
        options(service.id(), service.options(), lines);
        if (service.servers().isEmpty()) {
            lines.add("servers: []");
        } else {
            lines.add("servers:");
            service.servers().forEach(server -> lines.add("  - " + server(service.id(), server)));
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.set(i, (i == 0 ? "- " : "  ") + lines.get(i));
        }
        return lines;
    }

    private static void options(ServiceId id, ServiceOptions options, List<String> lines) {
        lines.add("scheduler: " + options.scheduler());
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if ((options.schedulerFlags() & ServiceOptions.FLAG_1 << i) != 0) {
                flags.add("flag-" + (i + 1));
            }
        }
        if (!flags.isEmpty()) {
            lines.add("scheduler-flags: [" + String.join(", ", flags) + "]");
        }
        if (options.isPersistent()) {
            lines.add("persistence: " + options.persistenceSeconds());
        }
        int whole = id.isIpv6() ? ServiceOptions.HOST_PREFIX : ServiceOptions.HOST_MASK;
        if (options.netmask() != whole) {
            lines.add(
                    "netmask: "
                            + (id.isIpv6()
                                    ? Integer.toString(options.netmask())
                                    : Addresses.format(options.netmask())));
        }
        if (!options.engine().isEmpty()) {
            lines.add("engine: " + options.engine());
        }
        if (options.onePacket()) {
            lines.add("one-packet: true");
        }
    }

    private static String server(ServiceId service, RealServerConfig server) {
        List<String> keys = new ArrayList<>();
        keys.add("address: " + text(server.address()));
        boolean samePort =
                service instanceof AddressService(_, _, int port)
                        ? server.port() == port
                        : server.port() == 0;
        if (!samePort) {
            keys.add("port: " + server.port());
        }
        keys.add("forwarding: " + Syntax.word(server.forwarding()));
        if (server.weight() != 1) {
            keys.add("weight: " + server.weight());
        }
        if (server.upperThreshold() != 0) {
            keys.add("upper-threshold: " + server.upperThreshold());
        }
        if (server.lowerThreshold() != 0) {
            keys.add("lower-threshold: " + server.lowerThreshold());
        }
        if (server.forwarding() == Forwarding.TUNNEL) {
            tunnel(server.tunnel(), keys);
        }
        return "{" + String.join(", ", keys) + "}";
    }

    private static void tunnel(Tunnel tunnel, List<String> keys) {
        if (tunnel.type() != Tunnel.Type.IPIP) {
            keys.add("tunnel-type: " + Syntax.word(tunnel.type()));
        }
        if (tunnel.port() != 0) {
            keys.add("tunnel-port: " + tunnel.port());
        }
        if (tunnel.checksum() != Tunnel.Checksum.NONE) {
            keys.add("tunnel-checksum: " + Syntax.word(tunnel.checksum()));
        }
    }

    /** IPv6 in quotes: its colons mean something to YAML. */
    private static String text(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4
                ? Addresses.format(bytes.getInt())
                : "'" + Addresses.format(bytes.getLong(), bytes.getLong()) + "'";
    }
}
