package dev.tandem.director.service;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the real servers that are reached by NAT by their own address and port (the kernel's
 * rs_table). Built once and never changed.
 */
final class ServerIndex {
    private static final long NAT = 1L << 40;
    private static final long IPV6 = 1L << 39;

    private final EndpointTable<RealServer> table;

    ServerIndex(List<VirtualService> services) {
        int count = services.stream().mapToInt(service -> service.servers().size()).sum();
        table = new EndpointTable<>(count * Transport.values().length);
        for (VirtualService service : services) {
            for (RealServer server : service.servers()) {
                if (server.forwarding() == Forwarding.NAT) {
                    put(service, server);
                }
            }
        }
    }

    /** A server of this protocol, or of a service by mark, that is reached by NAT; or null. */
    @Nullable RealServer nat(boolean ipv6, int protocol, long high, long low, int port) {
        return table.get(natKind(ipv6, protocol, port), high, low);
    }

    private void put(VirtualService service, RealServer server) {
        boolean ipv6 = server.isIpv6();
        long high = server.addressHigh();
        long low = server.addressLow();
        if (service.id() instanceof AddressService(Transport protocol, _, _)) {
            table.put(natKind(ipv6, protocol.number(), server.port()), high, low, server);
            return;
        }
        for (Transport protocol : Transport.values()) {
            table.put(natKind(ipv6, protocol.number(), server.port()), high, low, server);
        }
    }

    private static long natKind(boolean ipv6, int protocol, int port) {
        return NAT | (ipv6 ? IPV6 : 0) | (long) protocol << 16 | port;
    }
}
