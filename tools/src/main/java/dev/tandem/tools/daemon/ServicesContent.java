package dev.tandem.tools.daemon;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.VirtualServiceConfig;
import java.util.List;

/**
 * What the nodes of a cluster share of their directors: everything that commands can change, but
 * for counters and sync daemons, which are each node's own.
 *
 * @param services in the director's order
 * @param settings all of them, as {@code tandem settings} sets them
 */
record ServicesContent(List<VirtualServiceConfig> services, DirectorSettings settings) {
    ServicesContent {
        services = List.copyOf(services);
    }
}
