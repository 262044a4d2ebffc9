package dev.tandem.director.service;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds real servers by their own address (the kernel's rs_table): those reached by NAT with their
 * port, those reached by tunnel with the tunnel's type and, for GUE, its port. Built once and never
 * changed.
 */
final class ServerIndex {
    private static final long NAT = 1L << 40;
    private static final long TUNNEL = 1L << 41;
    private static final long IPV6 = 1L << 39;

    private final EndpointTable<RealServer> table;

    ServerIndex(List<VirtualService> services) {
        int count = services.stream().mapToInt(service -> service.servers().size()).sum();
        table = new EndpointTable<>(count * Transport.values().length);
        for (VirtualService service : services) {
            for (RealServer server : service.servers()) {
                put(service, server);
            }
        }
    }

    /** A server of this protocol, or of a service by mark, that is reached by NAT; or null. */
    @Nullable RealServer nat(boolean ipv6, int protocol, long high, long low, int port) {
        return table.get(natKind(ipv6, protocol, port), high, low);
    }

    /** A server that is reached by such a tunnel; or null. */
    @Nullable RealServer tunnel(boolean ipv6, Tunnel.Type type, long high, long low, int port) {
        return table.get(tunnelKind(ipv6, type, port), high, low);
    }

    private void put(VirtualService service, RealServer server) {
        boolean ipv6 = server.isIpv6();
        long high = server.addressHigh();
        long low = server.addressLow();
        if (server.forwarding() == Forwarding.TUNNEL) {
            Tunnel tunnel = server.tunnel();
            table.put(tunnelKind(ipv6, tunnel.type(), tunnel.port()), high, low, server);
        } else if (server.forwarding() == Forwarding.NAT) {
            if (service.id() instanceof AddressService(Transport protocol, _, _)) {
                table.put(natKind(ipv6, protocol.number(), server.port()), high, low, server);
                return;
            }
            for (Transport protocol : Transport.values()) {
                table.put(natKind(ipv6, protocol.number(), server.port()), high, low, server);
            }
        }
    }

    private static long natKind(boolean ipv6, int protocol, int port) {
        return NAT | (ipv6 ? IPV6 : 0) | (long) protocol << 16 | port;
    }

    private static long tunnelKind(boolean ipv6, Tunnel.Type type, int port) {
        int significant = type == Tunnel.Type.GUE ? port : 0;
        return TUNNEL | (ipv6 ? IPV6 : 0) | (long) type.code() << 16 | significant;
    }
}
