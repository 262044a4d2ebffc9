package dev.tandem.director.service;

import static dev.tandem.director.service.ServiceError.EEXIST;
import static dev.tandem.director.service.ServiceError.EINVAL;
import static dev.tandem.director.service.ServiceError.ENOENT;
import static dev.tandem.director.service.ServiceError.ESRCH;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.packet.Packet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The virtual services of a director: found for packets, changed by commands. Worker thread only,
 * or before there is one; any thread may read {@link #list()}, {@link #snapshot()} and {@link
 * #total()}.
 *
 * <p>Commands do what the kernel's do (ip_vs_ctl.c) and fail with its errors: {@link
 * ServiceException}, and nothing has changed. The connections of a service or server that is
 * deleted stay. A server that is deleted can come back with its counters and connections, see
 * {@link ServerTable}.
 */
public final class Services {
    private static final long SAMPLE_NS = TimeUnit.SECONDS.toNanos(RateEstimator.PERIOD_SECONDS);

    private final TrafficCounters total = new TrafficCounters();
    private final ServerTable servers = new ServerTable(total);
    private final Surroundings surroundings;
    private final ServiceChecks checks;
    private final List<Consumer<ServicesSnapshot>> listeners = new CopyOnWriteArrayList<>();
    private Map<ServiceId, VirtualService> byId = new LinkedHashMap<>();
    private ServiceIndex index = new ServiceIndex(List.of());
    private volatile List<VirtualService> list = List.of();
    private volatile ServicesSnapshot snapshot = new ServicesSnapshot(0, List.of());
    private MarkRules marks = MarkRules.NONE;

    /** Null: has to be built anew before the next use. */
    private @Nullable ServerIndex serverIndex;

    /** Whether what was changed is told of when all of it has been. */
    private boolean together;

    private boolean stale;
    private boolean identitiesStale;
    private long nextSampleNs;
    private boolean sampling;

    /** Services of a director of which nothing else is known. */
    public Services() {
        this(Surroundings.none());
    }

    public Services(Surroundings surroundings) {
        this.surroundings = surroundings;
        checks = new ServiceChecks(surroundings);
    }

    /** The service that a client's packet is for, or null. Allocates nothing. */
    public @Nullable VirtualService find(Packet packet) {
        return index.find(
                packet.ipv6,
                packet.fwmark,
                packet.protocol,
                packet.destinationHigh,
                packet.destinationLow,
                packet.destinationPort);
    }

    /** The service of IPv4 packets to this address, or null. Allocates nothing. */
    public @Nullable VirtualService find(int protocol, int address, int port) {
        return index.find(false, 0, protocol, 0, Integer.toUnsignedLong(address), port);
    }

    /**
     * The server that a connection of a peer belongs to here, or null (ip_vs_ctl.c,
     * ip_vs_find_dest). Allocates nothing.
     *
     * @param ipv6 the family of client and virtual address
     * @param fwmark of the connection; 0 for none
     * @param realIpv6 the family of the server's address
     * @param method the peer's forwarding method, a code of {@link Forwarding}
     */
    public @Nullable RealServer findSynced(
            boolean ipv6,
            int fwmark,
            int protocol,
            long virtualHigh,
            long virtualLow,
            int virtualPort,
            boolean realIpv6,
            long realHigh,
            long realLow,
            int realPort,
            int method) {
        VirtualService service =
                index.find(ipv6, fwmark, protocol, virtualHigh, virtualLow, virtualPort);
        if (service == null) {
            return null;
        }
        // servers of port 0 take the port that the client called
        int first = fwmark != 0 && method != Forwarding.NAT.code() ? 0 : realPort;
        RealServer server = service.server(realIpv6, realHigh, realLow, first);
        return server == null
                ? service.server(realIpv6, realHigh, realLow, first ^ realPort)
                : server;
    }

    /**
     * The firewall mark of a client's packet, by this director's own rules; 0 for none. Allocates
     * nothing.
     *
     * @param portIndex the port on which it arrived
     */
    public int mark(Packet packet, int portIndex) {
        return marks.mark(packet, portIndex);
    }

    /** From now on these rules mark. */
    public void marks(MarkRules rules) {
        marks = rules;
    }

    /** The server with this address and port that is reached by NAT, or null. */
    public @Nullable RealServer findNatServer(
            boolean ipv6, int protocol, long high, long low, int port) {
        return serverIndex().nat(ipv6, protocol, high, low, port);
    }

    /** The server that an entry is bound to; null for id 0. */
    public @Nullable RealServer server(int id) {
        return servers.get(id);
    }

    /** All services: those by address in the order of their adding, then those by mark. */
    public List<VirtualService> list() {
        return list;
    }

    /** What went through all services since the beginning. */
    public TrafficCounters total() {
        return total;
    }

    /** The configuration as it stands. */
    public ServicesSnapshot snapshot() {
        return snapshot;
    }

    /** Will be told of every change, on the worker thread, when it has been made. */
    public void onChange(Consumer<ServicesSnapshot> listener) {
        listeners.add(listener);
    }

    /**
     * Makes many changes, and looks them over once: what packets find, and what listeners are told,
     * is built anew behind the last of them. Each for itself costs a walk over all services.
     */
    public void together(Runnable changes) {
        together = true;
        try {
            changes.run();
        } finally {
            together = false;
            if (identitiesStale) {
                identitiesChanged();
            } else if (stale) {
                changed();
            }
            identitiesStale = false;
            stale = false;
        }
    }

    /** Adds a service without servers: EEXIST, ENOENT, EINVAL. */
    public void add(ServiceId id, ServiceOptions options) {
        ServiceChecks.require(
                !byId.containsKey(id), EEXIST, () -> "service %s is there already".formatted(id));
        checks.service(id, options);
        byId.put(id, new VirtualService(id, options, checks));
        identitiesChanged();
    }

    /** Gives a service other options: ESRCH, ENOENT, EINVAL. */
    public void edit(ServiceId id, ServiceOptions options) {
        VirtualService service = service(id);
        checks.service(id, options);
        service.edit(options, checks);
        changed();
    }

    /** Removes a service and its servers: ESRCH. */
    public void delete(ServiceId id) {
        servers.discardAll(service(id));
        byId.remove(id);
        identitiesChanged();
    }

    /** Removes all services. */
    public void flush() {
        byId.values().forEach(servers::discardAll);
        byId.clear();
        identitiesChanged();
    }

    /** Adds a server at the head of its service's list: ESRCH, EINVAL, ERANGE, EEXIST. */
    public void add(ServiceId id, RealServerConfig config) {
        VirtualService service = service(id);
        checks.settings(service, config);
        ServiceChecks.require(
                service.server(config) == null,
                EEXIST,
                () -> "server %s is there already".formatted(config.name()));
        checks.address(config);
        ServiceChecks.require(
                !service.isFull(), EINVAL, () -> "the scheduler can choose from no more servers");
        service.add(servers.provide(service, config));
        changed();
    }

    /** Gives a server other settings: ESRCH, EINVAL, ERANGE, ENOENT. */
    public void edit(ServiceId id, RealServerConfig config) {
        VirtualService service = service(id);
        checks.settings(service, config);
        server(service, config).edit(config);
        service.edited();
        changed();
    }

    /** Removes a server: ESRCH, ENOENT. */
    public void delete(ServiceId id, InetAddress address, int port) {
        VirtualService service = service(id);
        var wanted = new RealServerConfig(address, port, Forwarding.NAT, 0);
        servers.discard(service, server(service, wanted));
        changed();
    }

    /** Counts and rates of a service and its servers are shown as 0 from here on: ESRCH. */
    public void zero(ServiceId id) {
        zero(service(id));
    }

    /** Zeroes every service, every server, and the total. */
    public void zero() {
        byId.values().forEach(Services::zero);
        total.zero();
    }

    /**
     * Makes these the services. Checks all of them first: after an exception nothing has changed.
     *
     * <p>What keeps its identity keeps its live state. What differs is applied as commands would
     * be: removals, then edits and additions. Services and servers stand in the order given after
     * it.
     *
     * @throws ServiceException with the first thing that is wrong
     */
    public void replace(List<VirtualServiceConfig> configs) {
        byId = new Replacement(checks, servers, byId).by(configs);
        identitiesChanged();
    }

    /**
     * What is due by time: rates, and the servers in the trash.
     *
     * @return above 0 when something was done
     */
    public int doWork(long nowNs) {
        int work = servers.doWork(nowNs);
        if (!sampling) {
            sampling = true;
            nextSampleNs = nowNs + SAMPLE_NS;
        }
        if (nextSampleNs - nowNs > 0) {
            return work;
        }
        nextSampleNs = nowNs + SAMPLE_NS;
        if (!surroundings.settings().is(Setting.RUN_ESTIMATION)) {
            return work;
        }
        total.sample();
        for (VirtualService service : byId.values()) {
            service.sample();
        }
        return work + 1;
    }

    private VirtualService service(ServiceId id) {
        VirtualService service = byId.get(id);
        if (service == null) {
            throw new ServiceException(ESRCH, "there is no service %s".formatted(id));
        }
        return service;
    }

    private static RealServer server(VirtualService service, RealServerConfig wanted) {
        RealServer server = service.server(wanted);
        if (server == null) {
            throw new ServiceException(ENOENT, "there is no server %s".formatted(wanted.name()));
        }
        return server;
    }

    private static void zero(VirtualService service) {
        service.traffic().zero();
        service.servers().forEach(server -> server.traffic().zero());
    }

    private void identitiesChanged() {
        if (together) {
            identitiesStale = true;
            return;
        }
        List<VirtualService> all = new ArrayList<>(byId.size());
        byId.values().stream().filter(s -> !(s.id() instanceof MarkService)).forEach(all::add);
        byId.values().stream().filter(s -> s.id() instanceof MarkService).forEach(all::add);
        index = new ServiceIndex(all);
        list = List.copyOf(all);
        changed();
    }

    private ServerIndex serverIndex() {
        ServerIndex built = serverIndex;
        if (built == null) {
            built = new ServerIndex(list);
            serverIndex = built;
        }
        return built;
    }

    private void changed() {
        if (together) {
            stale = true;
            return;
        }
        serverIndex = null;
        ServicesSnapshot now =
                new ServicesSnapshot(
                        snapshot.version() + 1, list.stream().map(VirtualService::config).toList());
        snapshot = now;
        listeners.forEach(listener -> listener.accept(now));
    }
}
