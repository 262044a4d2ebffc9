package dev.tandem.tools.daemon;

import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.tools.api.Ipvs;
import java.util.List;

/**
 * What the nodes of a cluster share of their directors: everything that commands can change, but
 * for counters and sync daemons, which are each node's own.
 *
 * @param services in the director's order
 * @param timeouts those that {@code ipvsadm --set} sets
 */
record ServicesContent(List<VirtualServiceConfig> services, Ipvs.Timeouts timeouts) {
    ServicesContent {
        services = List.copyOf(services);
    }
}
