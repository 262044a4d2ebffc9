package dev.tandem.director.service;

import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.sched.Schedulers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The virtual services of a director. The worker thread looks up and replaces; any thread may read
 * {@link #list()}.
 *
 * <p>The configuration comes as a whole and is compared with what is there: a service that keeps
 * its protocol, address and port, and a server of it that keeps its address and port, keep their
 * live state. What differs is applied as the kernel's commands would be: removals, edits, then
 * additions in the order of the configuration, each at the head of the server list.
 */
public final class Services {
    private ServiceIndex index = new ServiceIndex(List.of());
    private volatile List<VirtualService> list = List.of();

    /** By server id; null: the id is free. Element 0 is never used. */
    private @Nullable RealServer[] byId = new @Nullable RealServer[16];

    /** The service that a client's packet is for, or null. Allocates nothing. */
    public @Nullable VirtualService find(Packet packet) {
        return packet.ipv6
                ? null
                : index.find(packet.protocol, packet.destination4(), packet.destinationPort);
    }

    /** The service at this address, or null. Allocates nothing. */
    public @Nullable VirtualService find(int protocol, int address, int port) {
        return index.find(protocol, address, port);
    }

    /** The server that an entry is bound to; null for id 0. */
    public @Nullable RealServer server(int id) {
        return byId[id];
    }

    /** All services, in the order of the configuration. */
    public List<VirtualService> list() {
        return list;
    }

    /**
     * Makes these the services. Checks all of them first: after an exception nothing has changed.
     *
     * @throws IllegalArgumentException for an unknown scheduler, an address that is not IPv4, or
     *     the same service or server twice
     */
    public void replace(List<VirtualServiceConfig> configs) {
        check(configs);
        Map<Long, VirtualService> present = new HashMap<>();
        list.forEach(service -> present.put(key(service), service));
        List<VirtualService> wanted = new ArrayList<>();
        for (VirtualServiceConfig config : configs) {
            int address = Addresses.toInt(config.address());
            long key = ServiceIndex.key(config.protocol().number(), address, config.port());
            VirtualService service = present.remove(key);
            if (service == null) {
                service =
                        new VirtualService(
                                config.protocol(), address, config.port(), config.scheduler());
            } else {
                service.schedule(config.scheduler());
            }
            update(service, config.servers());
            wanted.add(service);
        }
        for (VirtualService gone : present.values()) {
            update(gone, List.of());
        }
        index = new ServiceIndex(wanted);
        list = List.copyOf(wanted);
    }

    /**
     * To be called after a server lost a connection: forgets it when it is out of the configuration
     * and that was the last one.
     */
    public void release(RealServer server) {
        if (!server.configured() && server.isUnused()) {
            byId[server.id()] = null;
        }
    }

    private void update(VirtualService service, List<RealServerConfig> configs) {
        Map<Long, RealServerConfig> added = new LinkedHashMap<>();
        for (RealServerConfig config : configs) {
            added.put(endpoint(Addresses.toInt(config.address()), config.port()), config);
        }
        for (RealServer server : service.servers()) {
            RealServerConfig config = added.remove(endpoint(server.address(), server.port()));
            if (config == null) {
                service.remove(server);
                server.takeOut();
                release(server);
            } else if (server.edit(config)) {
                service.edited();
            }
        }
        for (RealServerConfig config : added.values()) {
            service.add(revived(service, config));
        }
    }

    /** The server as it was when it was last in the configuration, or a new one. */
    private RealServer revived(VirtualService service, RealServerConfig config) {
        int address = Addresses.toInt(config.address());
        for (RealServer server : byId) {
            if (server != null
                    && !server.configured()
                    && server.address() == address
                    && server.port() == config.port()
                    && key(server.service()) == key(service)) {
                server.revive(service, config);
                return server;
            }
        }
        int id = freeId();
        RealServer server = new RealServer(id, address, service, config);
        byId[id] = server;
        return server;
    }

    private int freeId() {
        for (int id = 1; id < byId.length; id++) {
            if (byId[id] == null) {
                return id;
            }
        }
        int id = byId.length;
        byId = Arrays.copyOf(byId, 2 * id);
        return id;
    }

    private static void check(List<VirtualServiceConfig> configs) {
        Set<Long> services = new HashSet<>();
        for (VirtualServiceConfig config : configs) {
            String name =
                    config.protocol()
                            + " "
                            + config.address().getHostAddress()
                            + ":"
                            + config.port();
            if (!Schedulers.names().contains(config.scheduler())) {
                throw new IllegalArgumentException(
                        name
                                + ": unknown scheduler '"
                                + config.scheduler()
                                + "'; known: "
                                + String.join(", ", Schedulers.names()));
            }
            int address = Addresses.toInt(config.address());
            long key = ServiceIndex.key(config.protocol().number(), address, config.port());
            if (!services.add(key)) {
                throw new IllegalArgumentException(name + ": given twice");
            }
            Set<Long> servers = new HashSet<>();
            for (RealServerConfig server : config.servers()) {
                if (!servers.add(endpoint(Addresses.toInt(server.address()), server.port()))) {
                    throw new IllegalArgumentException(
                            name
                                    + ": server "
                                    + server.address().getHostAddress()
                                    + ":"
                                    + server.port()
                                    + " given twice");
                }
            }
        }
    }

    private static long key(VirtualService service) {
        return ServiceIndex.key(service.protocol().number(), service.address(), service.port());
    }

    private static long endpoint(int address, int port) {
        return (long) address << 16 | port;
    }
}
