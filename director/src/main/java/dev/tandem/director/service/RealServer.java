package dev.tandem.director.service;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.sched.Candidate;

/**
 * A real server of a virtual service, alive: its settings, its connections, its counters. Written
 * by the worker thread only; settings and counters may be read by any thread.
 *
 * <p>A server that was taken out of the configuration lives on in the trash ({@link ServerTable}),
 * unavailable, until its last connection has long gone: packets of those connections are dropped
 * meanwhile, and when the server comes back they go on.
 */
public final class RealServer implements Candidate {
    private final int id;
    private final boolean ipv6;
    private final long addressHigh;
    private final long addressLow;
    private final int port;
    private final TrafficCounters traffic = new TrafficCounters();
    private final TrafficCounters total;
    private final ConnectionCounts connections = new ConnectionCounts();
    private VirtualService service;
    private volatile RealServerConfig config;
    private volatile int weight;
    private volatile int lastWeight;
    private boolean configured = true;

    RealServer(int id, VirtualService service, RealServerConfig config, TrafficCounters total) {
        this.id = id;
        this.ipv6 = config.isIpv6();
        this.addressHigh = Addresses.high(config.address());
        this.addressLow = Addresses.low(config.address());
        this.port = config.port();
        this.service = service;
        this.config = config;
        this.total = total;
        take(config);
    }

    /** Number that connection entries hold, from 1; reused after the server has gone for good. */
    public int id() {
        return id;
    }

    @Override
    public boolean isIpv6() {
        return ipv6;
    }

    /** Bytes 0 to 7 of the address; 0 for IPv4. */
    @Override
    public long addressHigh() {
        return addressHigh;
    }

    /** Bytes 8 to 15 of the address, or the IPv4 address as an unsigned number. */
    @Override
    public long addressLow() {
        return addressLow;
    }

    /** IPv4 only. */
    public int address() {
        return (int) addressLow;
    }

    /** 0 to 65535; 0: the port that the client called. */
    @Override
    public int port() {
        return port;
    }

    public VirtualService service() {
        return service;
    }

    /** The settings as last edited. */
    public RealServerConfig config() {
        return config;
    }

    /** How packets of new connections reach it; entries keep the method they were made with. */
    public Forwarding forwarding() {
        return config.forwarding();
    }

    /** How packets are wrapped when it is reached by {@link Forwarding#TUNNEL}. */
    public Tunnel tunnel() {
        return config.tunnel();
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public int lastWeight() {
        return lastWeight;
    }

    @Override
    public boolean overloaded() {
        return connections.overloaded();
    }

    /** False once it was taken out of the configuration: its packets are to be dropped. */
    public boolean configured() {
        return configured;
    }

    @Override
    public int activeConnections() {
        return connections.get(ConnectionCounts.ACTIVE);
    }

    @Override
    public int inactiveConnections() {
        return connections.get(ConnectionCounts.INACTIVE);
    }

    /** Persistence templates bound to it. */
    public int persistentConnections() {
        return connections.get(ConnectionCounts.TEMPLATES);
    }

    public TrafficCounters traffic() {
        return traffic;
    }

    /** Counts a new connection of this director's own scheduling. */
    public void countScheduled() {
        traffic.connection();
        service.traffic().connection();
        total.connection();
    }

    /** Counts a client's packet, unless the server is out of the configuration. */
    public void countIn(int lengthBytes) {
        if (configured) {
            traffic.in(lengthBytes);
            service.traffic().in(lengthBytes);
            total.in(lengthBytes);
        }
    }

    /** Counts a server's packet, unless the server is out of the configuration. */
    public void countOut(int lengthBytes) {
        if (configured) {
            traffic.out(lengthBytes);
            service.traffic().out(lengthBytes);
            total.out(lengthBytes);
        }
    }

    /** An entry was bound to it. */
    public void bind(boolean inactive) {
        connections.bind(cell(inactive));
    }

    /** An entry bound to it went away. */
    public void unbind(boolean inactive) {
        connections.unbind(cell(inactive));
    }

    /** A bound entry became active or inactive. */
    public void shift(boolean toInactive) {
        connections.move(cell(!toInactive), cell(toInactive));
    }

    /** A persistence template was bound to it. */
    public void bindTemplate() {
        connections.bind(ConnectionCounts.TEMPLATES);
    }

    /** A template bound to it went away. */
    public void unbindTemplate() {
        connections.unbind(ConnectionCounts.TEMPLATES);
    }

    boolean isUnused() {
        return connections.isZero();
    }

    boolean is(RealServerConfig other) {
        return port == other.port() && config.address().equals(other.address());
    }

    /** Takes over new settings. */
    void edit(RealServerConfig edited) {
        config = edited;
        take(edited);
    }

    void takeOut() {
        configured = false;
    }

    /** Back in the configuration; counters go on, unless its service was made anew meanwhile. */
    void revive(VirtualService owner, RealServerConfig revived) {
        if (service != owner) {
            service = owner;
            traffic.zero();
        }
        edit(revived);
        configured = true;
    }

    private void take(RealServerConfig settings) {
        weight = settings.weight();
        if (weight != 0) {
            lastWeight = weight;
        }
        connections.thresholds(settings.upperThreshold(), settings.lowerThreshold());
    }

    private static int cell(boolean inactive) {
        return inactive ? ConnectionCounts.INACTIVE : ConnectionCounts.ACTIVE;
    }
}
