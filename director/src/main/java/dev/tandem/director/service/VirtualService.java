package dev.tandem.director.service;

import dev.tandem.director.config.Transport;
import dev.tandem.director.sched.Flow;
import dev.tandem.director.sched.Scheduler;
import dev.tandem.director.sched.Schedulers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service, alive: its scheduler, its servers, its counters. Changed by the worker thread
 * only; the server list and the counters may be read by any thread.
 */
public final class VirtualService {
    private final Transport protocol;
    private final int address;
    private final int port;
    private final TrafficCounters traffic = new TrafficCounters();
    private volatile String schedulerName;
    private Scheduler scheduler;

    /** In scan order, newest first; replaced, never changed. */
    private volatile RealServer[] servers = {};

    VirtualService(Transport protocol, int address, int port, String schedulerName) {
        this.protocol = protocol;
        this.address = address;
        this.port = port;
        this.schedulerName = schedulerName;
        this.scheduler = Schedulers.create(schedulerName);
        scheduler.bound(servers);
    }

    public Transport protocol() {
        return protocol;
    }

    /** IPv4 address. */
    public int address() {
        return address;
    }

    /** 1 to 65535. */
    public int port() {
        return port;
    }

    public String schedulerName() {
        return schedulerName;
    }

    public TrafficCounters traffic() {
        return traffic;
    }

    /** The servers in the order in which schedulers and listings see them: newest first. */
    public List<RealServer> servers() {
        return List.of(servers);
    }

    /** The scheduler's choice for a new connection, or null when no server is available. */
    public @Nullable RealServer pick(Flow flow, long nowNs) {
        RealServer[] list = servers;
        int index = scheduler.pick(list, flow, nowNs);
        return index == Scheduler.NONE ? null : list[index];
    }

    /** The server with this address and port, or null. */
    public @Nullable RealServer server(int serverAddress, int serverPort) {
        for (RealServer server : servers) {
            if (server.address() == serverAddress && server.port() == serverPort) {
                return server;
            }
        }
        return null;
    }

    void schedule(String name) {
        if (!name.equals(schedulerName)) {
            scheduler = Schedulers.create(name);
            scheduler.bound(servers);
            schedulerName = name;
        }
    }

    void add(RealServer server) {
        RealServer[] old = servers;
        RealServer[] list = new RealServer[old.length + 1];
        list[0] = server;
        System.arraycopy(old, 0, list, 1, old.length);
        servers = list;
        scheduler.added(list);
    }

    void remove(RealServer server) {
        RealServer[] old = servers;
        int index = List.of(old).indexOf(server);
        RealServer[] list = new RealServer[old.length - 1];
        System.arraycopy(old, 0, list, 0, index);
        System.arraycopy(old, index + 1, list, index, list.length - index);
        servers = list;
        scheduler.removed(list, index);
    }

    void edited() {
        scheduler.edited(servers);
    }
}
