package dev.tandem.director.control;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.GatewayWatch;
import dev.tandem.director.address.Member;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.app.AppCounters;
import dev.tandem.director.app.SipEngine;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.GatewayConfig;
import dev.tandem.director.config.GuardMode;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.conn.ConnectionFilter;
import dev.tandem.director.conn.ConnectionListing;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.ConnectionView;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.forward.Egress;
import dev.tandem.director.forward.PacketPath;
import dev.tandem.director.forward.PathCounters;
import dev.tandem.director.guard.HostGuard;
import dev.tandem.director.io.Poller;
import dev.tandem.director.io.Wakeup;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.route.HostNetwork;
import dev.tandem.director.route.LinkListener;
import dev.tandem.director.route.OwnAddress;
import dev.tandem.director.service.MarkRules;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.ServicesSnapshot;
import dev.tandem.director.service.Surroundings;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.transport.SyncLink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A load-balancing director: its parts put together, its one worker thread, its life.
 *
 * <p>{@link #open}, {@link #start}, {@link #close}, once each. All other methods may be called from
 * any thread in between and return at once. It begins silent and stays so until it is told to take
 * the addresses and holds a lease.
 */
public final class Director implements DirectorControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Director.class);
    private static final int SCRATCH_FRAMES = 256;

    /** The packet path's rehearsal waits no longer than this for the master's table. */
    private static final long MOST_JOINING_NS = 5_000_000_000L;

    private static final long REHEARSAL_PAUSE_NS = 10_000_000;

    private final DirectorConfig config;
    private final Wiring wiring;
    private final Arena arena = Arena.ofShared();
    private final Faults faults;
    private final PathCounters counters = new PathCounters();
    private final AppCounters appCounters = new AppCounters();
    private final Ownership ownership = new Ownership(System.nanoTime());
    private final ConnectionTable table;
    private final LiveSettings settings;
    private final Services services;
    private final AddressGroup addresses;
    private final @Nullable GatewayWatch gateway;
    private final Wakeup wakeup;
    private final Poller poller;
    private final CommandQueue commands;
    private final ForwardingAgent agent;
    private final @Nullable SyncLink syncLink;
    private final LiveSync liveSync = new LiveSync();
    private final SyncDaemons syncDaemons;
    private final Connections connections;
    private final PacketPath path;
    private final Worker worker;
    private volatile @Nullable HostGuard guard;
    private volatile @Nullable HostNetwork network;

    /**
     * Puts a director together over the given ports.
     *
     * @throws IOException when the kernel refuses what the worker sleeps on
     * @throws IllegalArgumentException for services that make no sense, or an address on an
     *     interface that is no port
     */
    public Director(DirectorConfig config, Wiring wiring) throws IOException {
        this(config, wiring, new Faults(), _ -> false, null, false);
    }

    private Director(
            DirectorConfig config,
            Wiring wiring,
            Faults faults,
            Predicate<InetAddress> hostHas,
            @Nullable OwnAddress besideGateway,
            boolean silent)
            throws IOException {
        this.config = config;
        this.wiring = wiring;
        this.faults = faults;
        settings = new LiveSettings(config.settings());
        services = new Services(surroundings(hostHas));
        services.marks(new MarkRules(config.marks(), wiring::portIndex));
        services.replace(config.services());
        services.onChange(snapshot -> {
            keepResolved(snapshot);
            wakeGuard();
        });
        ScratchFrames scratch = new ScratchFrames(arena, SCRATCH_FRAMES);
        addresses =
                new AddressGroup(
                        wiring.members(config.addresses()), wiring.ports(), ownership, scratch);
        addresses.listen();
        gateway =
                besideGateway == null ? null : watch(config.gateway().orElseThrow(), besideGateway);
        table = new ConnectionTable(config.connectionLimit());
        wakeup = new Wakeup();
        poller = Poller.over(wakeup, wiring.ports());
        commands = new CommandQueue(wakeup::signal);
        var assembly = new SyncAssembly(table, wiring.nextHops());
        syncLink = SyncAssembly.link(config, wiring, silent);
        SyncSender sender =
                syncLink == null ? null : assembly.sender(syncLink, config.sync().orElseThrow());
        connections =
                new Connections(
                        table,
                        services,
                        sender == null ? liveSync : sender,
                        settings,
                        SipEngine.all(appCounters));
        Egress egress = new Egress(wiring.ports(), wiring.nextHops(), counters, arena);
        path =
                new PacketPath(
                        addresses,
                        connections,
                        egress,
                        scratch,
                        counters,
                        config.ftpPorts(),
                        appCounters);
        agent =
                new ForwardingAgent(
                        wiring.ports(),
                        path,
                        egress,
                        addresses,
                        gateway,
                        ownership,
                        connections,
                        sender == null || syncLink == null
                                ? null
                                : assembly.replication(
                                        syncLink,
                                        sender,
                                        config.sync().orElseThrow(),
                                        connections,
                                        wiring.tables().orElse(null)),
                        liveSync,
                        scratch,
                        commands,
                        arena.allocate(ForwardingAgent.NEIGHBOUR_BUFFER_BYTES, 8).address());
        syncDaemons =
                new SyncDaemons(
                        liveSync,
                        assembly,
                        connections,
                        commands,
                        wakeup::signal,
                        config.sync().isPresent());
        worker = new Worker(agent, poller, commands, faults, wiring.ports(), config.spinMicros());
    }

    /**
     * Opens the ports of this host.
     *
     * @throws PreflightException with everything that stands in the way
     * @throws IOException when the kernel refuses a socket
     */
    public static Director open(DirectorConfig config) throws IOException {
        if (config.sync().flatMap(SyncConfig::tables).isPresent()) {
            CompletableFuture<Void> _ = TableRehearsal.begin(); // while the rest is opened
        }
        HostNetwork network = HostNetwork.open();
        Wiring wiring;
        try {
            List<Preflight.Problem> problems = Preflight.check(config, network);
            if (!problems.isEmpty()) {
                throw new PreflightException(problems);
            }
            wiring = Wiring.toHost(config, network);
        } catch (IOException | RuntimeException e) {
            Wiring.closeAll(List.of(network), e);
            throw e;
        }
        Director director;
        try {
            Faults faults = new Faults();
            network.addLinkListener(new LinkWatch(network, wiring.ports(), faults));
            director =
                    new Director(
                            config,
                            wiring,
                            faults,
                            address -> network.addresses().containsKey(address),
                            besideGateway(config, network),
                            false);
        } catch (IOException | RuntimeException e) {
            Wiring.closeAll(wiring.resources(), e);
            throw e;
        }
        director.network = network;
        try {
            if (config.hostGuard() == GuardMode.AUTO) {
                director.guard = director.startGuard();
            } else if (Preflight.isSeenByHost(config)) {
                LOG.warn(
                        "host-guard is off, and this host's stack sees the director's packets: it"
                                + " forwards them too, or resets connections, unless something"
                                + " else hides them");
            }
            return director;
        } catch (IOException | RuntimeException e) {
            director.close();
            throw e;
        }
    }

    /** The host's address in the gateway's network, and its interface; null: none is watched. */
    private static @Nullable OwnAddress besideGateway(DirectorConfig config, HostNetwork network) {
        return config.gateway()
                .flatMap(gateway ->
                        network.addressBeside(gateway.address(), config.addressInterfaces()))
                .orElse(null);
    }

    private GatewayWatch watch(GatewayConfig watched, OwnAddress beside) {
        Member own = wiring.member(beside.address(), beside.interfaceName());
        return new GatewayWatch(
                Member.of(watched.address(), own.port()),
                own,
                TimeUnit.MILLISECONDS.toNanos(watched.intervalMs()),
                new ScratchFrames(arena, 1),
                System.nanoTime());
    }

    private HostGuard startGuard() throws IOException {
        return HostGuard.start(
                config,
                services::snapshot,
                () -> Preflight.isSeenByHost(config),
                () -> agent.state() != Ownership.State.SILENT,
                reason -> {
                    if (reason.isEmpty()) {
                        faults.clear(HostGuard.SOURCE);
                    } else {
                        faults.raise(HostGuard.SOURCE, reason);
                    }
                });
    }

    private void wakeGuard() {
        HostGuard present = guard;
        if (present != null) {
            present.wake();
        }
    }

    /**
     * Opens a silent listener: it has no ports and no addresses, follows the sync messages of
     * others off the wire, and sends not one byte.
     *
     * @throws IOException when the wire cannot be listened to
     */
    public static Director openShadow(DirectorConfig config) throws IOException {
        DirectorConfig listener =
                new DirectorConfig(
                        List.of(),
                        config.addressHolder(),
                        List.of(),
                        config.services(),
                        config.marks(),
                        config.sync(),
                        config.connectionLimit(),
                        config.spinMicros(),
                        config.settings(),
                        config.ftpPorts(),
                        GuardMode.OFF,
                        Optional.empty());
        Wiring wiring = Wiring.toWire(listener);
        try {
            return new Director(listener, wiring, new Faults(), _ -> false, null, true);
        } catch (IOException | RuntimeException e) {
            Wiring.closeAll(wiring.resources(), e);
            throw e;
        }
    }

    /**
     * Opens a director that carries nothing: of a node that only votes.
     *
     * @throws IOException when the kernel refuses what the worker sleeps on
     */
    public static Director openIdle(DirectorConfig config) throws IOException {
        return new Director(config, Wiring.toNothing(), new Faults(), _ -> false, null, true);
    }

    /**
     * Tells how these interfaces of the host are, before it returns, and of every change from now
     * on, on the thread "rtnetlink", which must not be held up. Nothing is told by a director that
     * was not opened on this host ({@link #open}).
     */
    public void followLinks(Set<String> interfaceNames, LinkListener listener) {
        HostNetwork host = network;
        if (host != null) {
            host.follow(interfaceNames, listener);
        }
    }

    /** Starts the worker thread; a packet path that will carry something is rehearsed beside it. */
    public void start() {
        if (!wiring.ports().isEmpty()) {
            Replication replication = agent.replication();
            TableTransfer tables = replication == null ? null : replication.tables();
            if (tables != null) {
                tables.awaitRehearsal();
                var _ = TableRehearsal.begin().whenComplete((_, _) -> tables.rehearsed());
            }
            Thread.ofPlatform().name("rehearsal").daemon().start(() -> rehearse(tables));
        }
        wiring.sync().ifPresent(link -> link.onReceive(wakeup::signal));
        wiring.tables().ifPresent(tables -> tables.onEvent(wakeup::signal));
        keepResolved(services.snapshot());
        worker.start();
        LOG.info(
                "director started on {} with {} services, {} addresses, room for {} connections",
                config.interfaces(),
                config.services().size(),
                config.addresses().size(),
                config.connectionLimit());
    }

    /** After that of tables: the master's is wanted first, and the processor until it is here. */
    private static void rehearse(@Nullable TableTransfer tables) {
        long untilNs = System.nanoTime() + MOST_JOINING_NS;
        while (tables != null && tables.isBusyJoining() && System.nanoTime() - untilNs < 0) {
            LockSupport.parkNanos(REHEARSAL_PAUSE_NS);
        }
        Rehearsal.warmUp();
    }

    /** A turn of the worker, for who has not started it and takes its turns himself. */
    int turn(long nowNs) {
        return agent.doWork(nowNs);
    }

    /** Packets forwarded so far, either way. */
    long forwarded() {
        return counters.toServer() + counters.toClient();
    }

    @Override
    public void leaseUntil(long deadlineNs) {
        ownership.leaseUntil(deadlineNs);
    }

    @Override
    public void endLease() {
        ownership.endLease();
    }

    @Override
    public CompletableFuture<Takeover> takeAddresses() {
        CompletableFuture<Takeover> taken =
                commands.submit((result, nowNs) -> {
                    agent.takeAddresses(nowNs);
                    wakeGuard();
                    result.complete(new Takeover(table.size(), System.nanoTime()));
                });
        keepResolved(services.snapshot());
        return taken;
    }

    @Override
    public CompletableFuture<Void> releaseAddresses(long drainMs) {
        return commands.submit((result, nowNs) -> {
            agent.releaseAddresses(TimeUnit.MILLISECONDS.toNanos(drainMs), nowNs);
            faults.clear(Worker.SOURCE);
            result.complete(null);
        });
    }

    @Override
    public CompletableFuture<String> probeAddresses(long waitMs) {
        return commands.submit((result, nowNs) ->
                addresses.probe(nowNs, TimeUnit.MILLISECONDS.toNanos(waitMs), result));
    }

    @Override
    public void epoch(long epoch) {
        CompletableFuture<Void> _ =
                commands.submit((result, _) -> {
                    Replication replication = agent.replication();
                    if (replication != null) {
                        replication.epoch(epoch);
                    }
                    result.complete(null);
                });
    }

    /**
     * Replaces the keys of sync messages, without an interruption; nothing happens when they are
     * not signed.
     */
    public void syncKeys(List<SyncKey> keys) {
        if (syncLink instanceof HardenedLink hardened) {
            hardened.keys(keys);
        }
        wiring.tables().ifPresent(tables -> tables.keys(keys));
    }

    @Override
    public CompletableFuture<Void> flushSync() {
        return commands.submit((result, _) -> {
            Replication replication = agent.replication();
            if (replication == null) {
                result.complete(null);
            } else {
                replication.flush(result);
            }
        });
    }

    @Override
    public void peerJoined() {
        CompletableFuture<Void> _ =
                commands.submit((result, _) -> {
                    Replication replication = agent.replication();
                    if (replication != null) {
                        replication.peerJoined();
                    }
                    result.complete(null);
                });
    }

    @Override
    public Vitals vitals() {
        long progress = worker.progress();
        Replication replication = agent.replication();
        return new Vitals(
                progress,
                table.size(),
                replication == null ? 0 : replication.sender().lagRecords(),
                syncLink instanceof HardenedLink hardened ? hardened.peerEpoch() : 0,
                addresses.conflicts(),
                faults.text(),
                readiness(replication),
                gateway == null ? null : gateway.answeredNs());
    }

    private static Readiness readiness(@Nullable Replication replication) {
        TableTransfer tables = replication == null ? null : replication.tables();
        return tables == null ? Readiness.NOT_REPLICATED : tables.readiness(System.nanoTime());
    }

    /**
     * Changes services on the worker thread; completes when it is done, by the exception of a
     * change that was refused ({@link dev.tandem.director.service.ServiceException}).
     */
    public CompletableFuture<Void> changeServices(Consumer<Services> change) {
        return commands.submit((result, _) -> {
            change.accept(services);
            result.complete(null);
        });
    }

    /** The sync daemons that are started and stopped while the director runs. */
    public SyncDaemons syncDaemons() {
        return syncDaemons;
    }

    /** The services as they stand. */
    public ServicesSnapshot services() {
        return services.snapshot();
    }

    /** What holds now, and may be replaced. */
    public LiveSettings settings() {
        return settings;
    }

    /** How the director stands. */
    public DirectorStatus status() {
        Ownership.State state = agent.state();
        return new DirectorStatus(
                faults.text(),
                table.size(),
                addresses.conflicts(),
                StatusReader.addresses(addresses, state),
                StatusReader.services(services),
                StatusReader.traffic(services.total()),
                StatusReader.ports(wiring.ports()),
                StatusReader.path(counters),
                StatusReader.drops(counters),
                StatusReader.defence(connections.defence()),
                StatusReader.helpers(appCounters),
                StatusReader.schedulerFailures(),
                Optional.ofNullable(guard).map(HostGuard::status),
                worker.failures(),
                StatusReader.sync(agent.replication(), state));
    }

    /**
     * Lists connections, a part of the table per turn of the worker; completes there.
     *
     * @param limit most connections to list
     */
    public CompletableFuture<List<ConnectionView>> connections(ConnectionFilter filter, int limit) {
        return commands.submit((result, _) ->
                agent.listings().add(new ConnectionListing(table, filter, limit), result));
    }

    /** Gives the addresses up, ends the worker, and closes ports and sockets. */
    @Override
    public void close() {
        worker.stop();
        HostGuard present = guard;
        if (present != null) {
            present.close();
        }
        Exception troubles = new Exception("closing the director");
        Wiring.closeAll(liveSync.stopAll(), troubles);
        Wiring.closeAll(wiring.resources(), troubles);
        Wiring.closeAll(List.of(path, poller, wakeup, table, arena), troubles);
        if (troubles.getSuppressed().length > 0) {
            LOG.warn("not everything could be closed", troubles);
        }
    }

    private Surroundings surroundings(Predicate<InetAddress> hostHas) {
        return new Surroundings(
                address ->
                        hostHas.test(address)
                                || config.addresses().stream()
                                        .anyMatch(own -> own.address().equals(address)),
                config.sync().isPresent(),
                SipEngine.all(appCounters).keySet(),
                settings);
    }

    /** Real servers, whose neighbours must be known before the first packet comes. */
    private void keepResolved(ServicesSnapshot snapshot) {
        Set<InetAddress> servers = new LinkedHashSet<>();
        for (VirtualServiceConfig service : snapshot.services()) {
            for (RealServerConfig server : service.servers()) {
                servers.add(server.address());
            }
        }
        wiring.keepResolved().accept(servers);
    }
}
