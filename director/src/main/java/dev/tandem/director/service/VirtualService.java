package dev.tandem.director.service;

import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.sched.Flow;
import dev.tandem.director.sched.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service, alive: its scheduler, its servers, its counters. Changed by the worker thread
 * only; options, the server list and the counters may be read by any thread.
 */
public final class VirtualService {
    private static final int IPV6_BITS = 128;

    private final ServiceId id;
    private final long addressHigh;
    private final long addressLow;
    private final TrafficCounters traffic = new TrafficCounters();
    private volatile ServiceOptions options;
    private long clientMaskHigh;
    private long clientMaskLow;

    /** Null: has changed since it was asked for. */
    private @Nullable VirtualServiceConfig config;

    /** Null: the service schedules nothing. */
    private @Nullable Scheduler scheduler;

    /** In scan order, newest first; replaced, never changed. */
    private volatile RealServer[] servers = {};

    /**
     * @param checks provides the scheduler that the options ask for
     */
    VirtualService(ServiceId id, ServiceOptions options, ServiceChecks checks) {
        this.id = id;
        boolean byAddress = id instanceof AddressService;
        addressHigh = byAddress ? Addresses.high(((AddressService) id).address()) : 0;
        addressLow = byAddress ? Addresses.low(((AddressService) id).address()) : 0;
        this.options = options;
        measureMask();
        schedule(checks.scheduler(options, 0));
    }

    public ServiceId id() {
        return id;
    }

    public ServiceOptions options() {
        return options;
    }

    /** The family of its clients. */
    public boolean isIpv6() {
        return id.isIpv6();
    }

    /** 0: a service by address. */
    public int fwmark() {
        return id instanceof MarkService(int fwmark, _) ? fwmark : 0;
    }

    /** TCP for a service by mark, as in the kernel. */
    public Transport protocol() {
        return id instanceof AddressService(Transport protocol, _, _) ? protocol : Transport.TCP;
    }

    /** Bytes 0 to 7 of the address; 0 for IPv4 and for a service by mark. */
    public long addressHigh() {
        return addressHigh;
    }

    /** Bytes 8 to 15 of the address, or the IPv4 address; 0 for a service by mark. */
    public long addressLow() {
        return addressLow;
    }

    /** 0: every port that has no service of its own; also for a service by mark. */
    public int port() {
        return id instanceof AddressService(_, _, int port) ? port : 0;
    }

    /** Bytes 0 to 7 of the mask over client addresses that persistence uses; 0 for IPv4. */
    public long clientMaskHigh() {
        return clientMaskHigh;
    }

    /** Bytes 8 to 15, or the IPv4 mask. */
    public long clientMaskLow() {
        return clientMaskLow;
    }

    public TrafficCounters traffic() {
        return traffic;
    }

    /** The servers in the order in which schedulers and listings see them: newest first. */
    public List<RealServer> servers() {
        return List.of(servers);
    }

    /** The service as it stands; servers in the order in which they were added. Worker thread. */
    VirtualServiceConfig config() {
        VirtualServiceConfig made = config;
        if (made == null) {
            RealServer[] list = servers;
            List<RealServerConfig> configs = new ArrayList<>(list.length);
            for (int i = list.length - 1; i >= 0; i--) {
                configs.add(list[i].config());
            }
            made = new VirtualServiceConfig(id, options, configs);
            config = made;
        }
        return made;
    }

    /** The scheduler's choice for a new connection, or null when no server is available. */
    public @Nullable RealServer pick(Flow flow, long nowNs) {
        if (scheduler == null) {
            return null;
        }
        RealServer[] list = servers;
        int index = scheduler.pick(list, flow, nowNs);
        return index == Scheduler.NONE ? null : list[index];
    }

    /** The server with this address and port, or null. Allocates nothing. */
    public @Nullable RealServer server(boolean ipv6, long high, long low, int serverPort) {
        for (RealServer server : servers) {
            if (server.addressLow() == low
                    && server.port() == serverPort
                    && server.addressHigh() == high
                    && server.isIpv6() == ipv6) {
                return server;
            }
        }
        return null;
    }

    /** The server that this configures, or null. */
    @Nullable RealServer server(RealServerConfig wanted) {
        for (RealServer server : servers) {
            if (server.is(wanted)) {
                return server;
            }
        }
        return null;
    }

    /** Whether one more server would be too many for the scheduler. */
    boolean isFull() {
        return scheduler != null && servers.length >= scheduler.maxServers();
    }

    /**
     * Gives it other options; connections stay as they are.
     *
     * @param checks provides another scheduler when they ask for one
     */
    void edit(ServiceOptions edited, ServiceChecks checks) {
        if (!edited.scheduler().equals(options.scheduler())
                || edited.schedulerFlags() != options.schedulerFlags()) {
            schedule(checks.scheduler(edited, servers.length));
        }
        options = edited;
        config = null;
        measureMask();
    }

    /** A scheduler knows all servers before it takes over. */
    private void schedule(@Nullable Scheduler next) {
        if (next != null) {
            next.bound(servers);
        }
        scheduler = next;
    }

    void add(RealServer server) {
        RealServer[] old = servers;
        RealServer[] list = new RealServer[old.length + 1];
        list[0] = server;
        System.arraycopy(old, 0, list, 1, old.length);
        servers = list;
        config = null;
        if (scheduler != null) {
            scheduler.added(list);
        }
    }

    void remove(RealServer server) {
        RealServer[] old = servers;
        int index = List.of(old).indexOf(server);
        RealServer[] list = new RealServer[old.length - 1];
        System.arraycopy(old, 0, list, 0, index);
        System.arraycopy(old, index + 1, list, index, list.length - index);
        servers = list;
        config = null;
        if (scheduler != null) {
            scheduler.removed(list, index);
        }
    }

    /**
     * Puts the servers into another order: that in which they shall seem to have been added. The
     * scheduler starts anew when it is another one than before.
     *
     * @param added exactly the servers that it has
     */
    void order(List<RealServer> added) {
        List<RealServer> list = added.reversed();
        if (!list.equals(servers())) {
            servers = list.toArray(RealServer[]::new);
            config = null;
            if (scheduler != null) {
                scheduler.bound(servers);
            }
        }
    }

    /** A server of it was edited. */
    void edited() {
        config = null;
        if (scheduler != null) {
            scheduler.edited(servers);
        }
    }

    /** To be called every {@link RateEstimator#PERIOD_SECONDS}. */
    void sample() {
        traffic.sample();
        for (RealServer server : servers) {
            server.traffic().sample();
        }
    }

    private void measureMask() {
        if (!isIpv6()) {
            clientMaskLow = Integer.toUnsignedLong(options.netmask());
            return;
        }
        int prefix = options.netmask();
        clientMaskHigh = prefix == 0 ? 0 : -1L << Math.max(0, IPV6_BITS / 2 - prefix);
        clientMaskLow = prefix <= IPV6_BITS / 2 ? 0 : -1L << (IPV6_BITS - prefix);
    }
}
