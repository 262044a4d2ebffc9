package dev.tandem.director.service;

import static dev.tandem.director.service.ServiceError.EEXIST;

import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.VirtualServiceConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes of the services that there are those that a configuration wants. What keeps its identity
 * keeps its live state; what differs is applied as commands would be: removals, then edits and
 * additions.
 */
final class Replacement {
    private final ServiceChecks checks;
    private final ServerTable servers;
    private final Map<ServiceId, VirtualService> present;

    Replacement(ServiceChecks checks, ServerTable servers, Map<ServiceId, VirtualService> present) {
        this.checks = checks;
        this.servers = servers;
        this.present = present;
    }

    /**
     * The services, in the order given; the others have no servers afterwards. Checks all of them
     * first.
     *
     * @throws ServiceException with the first thing that is wrong; nothing has changed then
     */
    Map<ServiceId, VirtualService> by(List<VirtualServiceConfig> configs) {
        Map<ServiceId, VirtualServiceConfig> wanted = new LinkedHashMap<>();
        for (VirtualServiceConfig config : configs) {
            ServiceChecks.require(
                    wanted.put(config.id(), config) == null,
                    EEXIST,
                    () -> "%s: given twice".formatted(config.id()));
            if (!isAsBefore(config)) {
                check(config);
            }
        }
        for (VirtualService service : present.values()) {
            if (!wanted.containsKey(service.id())) {
                servers.discardAll(service);
            }
        }
        Map<ServiceId, VirtualService> services = new LinkedHashMap<>();
        for (VirtualServiceConfig config : wanted.values()) {
            VirtualService known = present.get(config.id());
            VirtualService service =
                    known == null
                            ? new VirtualService(config.id(), config.options(), checks)
                            : known;
            if (known == null || !known.config().equals(config)) {
                update(service, config);
            }
            services.put(config.id(), service);
        }
        return services;
    }

    private boolean isAsBefore(VirtualServiceConfig config) {
        VirtualService known = present.get(config.id());
        return known != null && known.config().equals(config);
    }

    private void check(VirtualServiceConfig config) {
        Set<Endpoint> seen = new HashSet<>();
        try {
            checks.service(config.id(), config.options());
            checks.scheduler(config.options(), config.servers().size());
            for (RealServerConfig server : config.servers()) {
                checks.settings(config.id(), server);
                ServiceChecks.require(
                        seen.add(Endpoint.of(server)),
                        EEXIST,
                        () -> "server %s given twice".formatted(server.name()));
                checks.address(server);
            }
        } catch (ServiceException e) {
            throw new ServiceException(e.error(), config.id() + ": " + e.getMessage());
        }
    }

    private void update(VirtualService service, VirtualServiceConfig wanted) {
        Map<Endpoint, RealServer> others = new LinkedHashMap<>();
        service.servers().forEach(server -> others.put(Endpoint.of(server.config()), server));
        Map<RealServerConfig, RealServer> kept = new HashMap<>();
        for (RealServerConfig config : wanted.servers()) {
            RealServer server = others.remove(Endpoint.of(config));
            if (server != null) {
                kept.put(config, server);
            }
        }
        others.values().forEach(server -> servers.discard(service, server));
        if (!service.options().equals(wanted.options())) {
            service.edit(wanted.options(), checks);
        }
        List<RealServer> all = new ArrayList<>(wanted.servers().size());
        for (RealServerConfig config : wanted.servers()) {
            RealServer server = kept.get(config);
            if (server == null) {
                server = servers.provide(service, config);
                service.add(server);
            } else if (!server.config().equals(config)) {
                server.edit(config);
                service.edited();
            }
            all.add(server);
        }
        service.order(all);
    }

    /** What a server of a service is known by. */
    private record Endpoint(InetAddress address, int port) {
        static Endpoint of(RealServerConfig server) {
            return new Endpoint(server.address(), server.port());
        }
    }
}
