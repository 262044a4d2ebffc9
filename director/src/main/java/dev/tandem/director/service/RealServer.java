package dev.tandem.director.service;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.sched.Candidate;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A real server of a virtual service, alive: its settings, its connections, its counters. Written
 * by the worker thread only; counters may be read by any thread.
 *
 * <p>A server that was taken out of the configuration lives on, unavailable, until its last
 * connection is gone: packets of those connections are dropped meanwhile, and when the server comes
 * back they go on.
 */
public final class RealServer implements Candidate {
    private static final VarHandle CONNECTIONS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int ACTIVE = 0;
    private static final int INACTIVE = 1;
    private static final int TEMPLATES = 2;

    private final int id;
    private final int address;
    private final int port;
    private final TrafficCounters traffic = new TrafficCounters();
    private final int[] connections = new int[3];
    private VirtualService service;
    private volatile Forwarding forwarding;
    private volatile int weight;
    private boolean configured = true;

    RealServer(int id, int address, VirtualService service, RealServerConfig config) {
        this.id = id;
        this.address = address;
        this.port = config.port();
        this.service = service;
        this.forwarding = config.forwarding();
        this.weight = config.weight();
    }

    /** Number that connection entries hold, from 1; reused after the server has gone for good. */
    public int id() {
        return id;
    }

    /** IPv4 address. */
    public int address() {
        return address;
    }

    /** 1 to 65535. */
    public int port() {
        return port;
    }

    public VirtualService service() {
        return service;
    }

    /** How packets of new connections reach it; entries keep the method they were made with. */
    public Forwarding forwarding() {
        return forwarding;
    }

    @Override
    public int weight() {
        return weight;
    }

    /** Never: servers have no connection thresholds. */
    @Override
    public boolean overloaded() {
        return false;
    }

    /** False once it was taken out of the configuration: its packets are to be dropped. */
    public boolean configured() {
        return configured;
    }

    @Override
    public int activeConnections() {
        return (int) CONNECTIONS.getOpaque(connections, ACTIVE);
    }

    @Override
    public int inactiveConnections() {
        return (int) CONNECTIONS.getOpaque(connections, INACTIVE);
    }

    /** Persistence templates bound to it. */
    public int persistentConnections() {
        return (int) CONNECTIONS.getOpaque(connections, TEMPLATES);
    }

    public TrafficCounters traffic() {
        return traffic;
    }

    /** Counts a new connection of this director's own scheduling. */
    public void countScheduled() {
        traffic.connection();
        service.traffic().connection();
    }

    /** Counts a client's packet, unless the server is out of the configuration. */
    public void countIn(int lengthBytes) {
        if (configured) {
            traffic.in(lengthBytes);
            service.traffic().in(lengthBytes);
        }
    }

    /** Counts a server's packet, unless the server is out of the configuration. */
    public void countOut(int lengthBytes) {
        if (configured) {
            traffic.out(lengthBytes);
            service.traffic().out(lengthBytes);
        }
    }

    /** An entry was bound to it. */
    public void bind(boolean inactive) {
        add(inactive ? INACTIVE : ACTIVE, 1);
    }

    /** An entry bound to it went away. */
    public void unbind(boolean inactive) {
        add(inactive ? INACTIVE : ACTIVE, -1);
    }

    /** A bound entry became active or inactive. */
    public void shift(boolean toInactive) {
        add(toInactive ? ACTIVE : INACTIVE, -1);
        add(toInactive ? INACTIVE : ACTIVE, 1);
    }

    /** A persistence template was bound to it. */
    public void bindTemplate() {
        add(TEMPLATES, 1);
    }

    /** A template bound to it went away. */
    public void unbindTemplate() {
        add(TEMPLATES, -1);
    }

    boolean isUnused() {
        return connections[ACTIVE] + connections[INACTIVE] + connections[TEMPLATES] == 0;
    }

    /** Takes over new settings; the weight of a server that stays is what schedulers care for. */
    boolean edit(RealServerConfig config) {
        boolean changed = weight != config.weight() || forwarding != config.forwarding();
        weight = config.weight();
        forwarding = config.forwarding();
        return changed;
    }

    void takeOut() {
        configured = false;
    }

    /** Back in the configuration; counters go on, unless its service was made anew meanwhile. */
    void revive(VirtualService owner, RealServerConfig config) {
        if (service != owner) {
            service = owner;
            traffic.zero();
        }
        edit(config);
        configured = true;
    }

    private void add(int cell, int amount) {
        CONNECTIONS.setOpaque(connections, cell, connections[cell] + amount);
    }
}
