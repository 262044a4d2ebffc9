package dev.tandem.director.config;

import java.net.InetAddress;
import java.util.List;

/**
 * A virtual service and its servers, in the order in which they were added.
 *
 * @param scheduler name of the scheduler: rr, wrr or wlc
 */
public record VirtualServiceConfig(
        Transport protocol,
        InetAddress address,
        int port,
        String scheduler,
        List<RealServerConfig> servers) {
    public VirtualServiceConfig {
        servers = List.copyOf(servers);
    }
}
