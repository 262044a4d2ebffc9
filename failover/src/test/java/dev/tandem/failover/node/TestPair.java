package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.fail;

import dev.tandem.director.control.Readiness;
import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.core.State;
import dev.tandem.sync.hardening.SyncKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Some nodes on loopback addresses, with real sockets, a real group and fake directors. */
final class TestPair implements AutoCloseable {
    private static final AtomicInteger PORTS = new AtomicInteger(20_000 + pidOffset());
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    final Map<String, FailoverNode> nodes = new LinkedHashMap<>();
    final Map<String, FakeDirector> directors = new LinkedHashMap<>();
    final List<FailoverReport> reports = new CopyOnWriteArrayList<>();

    /** What listeners were told of the group. */
    final List<String> heard = new CopyOnWriteArrayList<>();

    static final String WITNESS = "w";

    private final @Nullable Path epochs;
    private final Map<String, List<Check>> tracked = new LinkedHashMap<>();
    private final List<String> names;
    private final int port = nextPort();
    private boolean gateway;
    private @Nullable FailoverNode impostor;
    private @Nullable FakeDirector impostorsDirector;

    TestPair(String... names) {
        this(null, names);
    }

    /** To be called before the node is started. */
    void track(String node, List<Check> checks) {
        tracked.put(node, checks);
    }

    /**
     * With the node {@link #WITNESS} as one that only votes.
     *
     * @param epochs where the nodes keep their epochs; null: there is no witness
     */
    TestPair(@Nullable Path epochs, String... names) {
        this.epochs = epochs;
        this.names = List.of(names);
    }

    /** A gateway decides; to be called before the nodes are started. */
    TestPair withGateway() {
        gateway = true;
        return this;
    }

    static int nextPort() {
        return PORTS.addAndGet(3);
    }

    static int lastPort() {
        return PORTS.get();
    }

    private static int pidOffset() {
        return (int) (ProcessHandle.current().pid() % 300) * 30;
    }

    void start() throws IOException {
        for (String name : names) {
            start(name);
        }
    }

    void start(String name) throws IOException {
        start(name, List.of());
    }

    void start(String name, List<SyncKey> keys) throws IOException {
        start(name, keys, Readiness.NOT_REPLICATED);
    }

    /** With a table that stands so to the master's. */
    void start(String name, List<SyncKey> keys, Readiness readiness) throws IOException {
        FakeDirector director = new FakeDirector();
        director.ready(readiness);
        director.onWire(() -> others(name).stream().anyMatch(FakeDirector::owns) ? "other" : "");
        directors.put(name, director);
        FailoverConfig config =
                config(name, names, port, epochs, keys, tracked.getOrDefault(name, List.of()));
        FailoverNode node =
                new FailoverNode(
                        with(
                                config,
                                config.cluster(),
                                config.bind(),
                                gateway ? address("z") : null),
                        director,
                        new Listener(name));
        nodes.put(name, node);
        node.start();
    }

    /** Another node with this name, of another cluster maybe, at the address of {@code home}. */
    void startImpostor(String cluster, String name, String home) throws IOException {
        FakeDirector director = new FakeDirector();
        director.onWire(() -> owner());
        FailoverConfig config = config(name, names, port, epochs, List.of(), List.of());
        FailoverNode node =
                new FailoverNode(
                        with(config, cluster, address(home), null), director, new Listener(name));
        impostor = node;
        impostorsDirector = director;
        node.start();
    }

    /** Whether the impostor would be master, but for who answers its probe. */
    boolean impostorHasProbed() {
        return impostor != null && impostor.status().reason().startsWith("vip-in-use");
    }

    boolean impostorOwns() {
        return impostorsDirector != null && impostorsDirector.owns();
    }

    private static FailoverConfig with(
            FailoverConfig config,
            String cluster,
            InetAddress bind,
            @Nullable InetAddress gateway) {
        return new FailoverConfig(
                cluster,
                config.node(),
                bind,
                config.heartbeatPort(),
                config.groupPort(),
                config.priority(),
                config.preempt(),
                config.preemptDelayMs(),
                config.promoteStaleMs(),
                config.heartbeatIntervalMs(),
                config.heartbeatCount(),
                config.leaseMs(),
                config.drainMs(),
                config.peers(),
                config.witness(),
                config.voteFile(),
                config.keys(),
                config.track(),
                gateway);
    }

    private List<FakeDirector> others(String name) {
        List<FakeDirector> others = new ArrayList<>();
        directors.forEach((other, director) -> {
            if (!other.equals(name)) {
                others.add(director);
            }
        });
        return others;
    }

    FailoverConfig config(String name) {
        return config(name, names, port, epochs, List.of(), List.of());
    }

    static FailoverConfig config(String name, List<String> names, int port) {
        return config(name, names, port, null, List.of(), List.of());
    }

    private static FailoverConfig config(
            String name,
            List<String> names,
            int port,
            @Nullable Path epochs,
            List<SyncKey> keys,
            List<Check> checks) {
        return new FailoverConfig(
                "test-" + port,
                name,
                address(name),
                port,
                port + 1,
                name.equals("a") ? 100 : 90,
                false,
                60_000,
                null,
                50,
                6,
                200,
                200,
                names.stream()
                        .filter(other -> !other.equals(name))
                        .map(other -> new FailoverConfig.Peer(other, address(other)))
                        .toList(),
                epochs == null ? "" : WITNESS,
                epochs == null ? null : epochs.resolve(name),
                keys,
                checks,
                null);
    }

    private static InetAddress address(String name) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, 0, 0, (byte) (name.charAt(0) - 'a' + 1)});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    FailoverNode node(String name) {
        return Objects.requireNonNull(nodes.get(name));
    }

    FakeDirector director(String name) {
        return Objects.requireNonNull(directors.get(name));
    }

    State state(String name) {
        return node(name).status().state();
    }

    /** One master, the others its backups, and the group joined by all. */
    String awaitSettled() {
        await("one master and its ready backups", this::isSettled);
        return owner();
    }

    private boolean isSettled() {
        String owner = owner();
        return nodes.keySet().stream()
                .filter(name -> !name.equals(owner) && !name.equals(WITNESS))
                .allMatch(name ->
                        !owner.isEmpty()
                                && state(name) == State.BACKUP
                                && node(name).status().master().equals(owner)
                                && sees(owner, name)
                                && sees(name, owner));
    }

    private boolean sees(String node, String other) {
        return node(node).status().peers().stream()
                .anyMatch(peer ->
                        peer.node().equals(other)
                                && peer.inGroup()
                                && peer.syncLag() == 0
                                && peer.state().equals(state(other).name()));
    }

    String owner() {
        List<String> owners =
                nodes.keySet().stream().filter(name -> director(name).owns()).toList();
        if (owners.size() > 1) {
            fail("two owners: " + owners);
        }
        return owners.isEmpty() ? "" : owners.getFirst();
    }

    void await(String what, BooleanSupplier condition) {
        long untilNs = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - untilNs > 0) {
                List<NodeStatus> statuses =
                        nodes.values().stream().map(FailoverNode::status).toList();
                fail("not in time: " + what + "; " + statuses);
            }
            Thread.onSpinWait();
            LockSupport.parkNanos(1_000_000);
        }
    }

    void remove(String name) {
        node(name).close();
        nodes.remove(name);
        directors.remove(name);
    }

    @Override
    public void close() {
        if (impostor != null) {
            impostor.close();
        }
        List.copyOf(nodes.keySet()).reversed().forEach(this::remove);
    }

    private final class Listener implements FailoverListener {
        private final String name;

        Listener(String name) {
            this.name = name;
        }

        @Override
        public void stateChanged(NodeStatus status) {}

        @Override
        public void failedOver(FailoverReport report) {
            reports.add(report);
        }

        @Override
        public void joined(String other) {
            heard.add(name + " meets " + other);
        }

        @Override
        public void received(String from, String document) {
            heard.add(name + " hears " + from + ": " + document);
        }
    }
}
