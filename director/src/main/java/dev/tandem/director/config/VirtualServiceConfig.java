package dev.tandem.director.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** A virtual service and its servers, in the order in which they were added. */
public record VirtualServiceConfig(
        ServiceId id, ServiceOptions options, List<RealServerConfig> servers) {
    public VirtualServiceConfig {
        servers = List.copyOf(servers);
    }

    /** A service by protocol, address and port with nothing but a scheduler. */
    public VirtualServiceConfig(
            Transport protocol,
            InetAddress address,
            int port,
            String scheduler,
            List<RealServerConfig> servers) {
        this(
                new ServiceId.AddressService(protocol, address, port),
                ServiceOptions.of(scheduler, address instanceof Inet6Address),
                servers);
    }
}
