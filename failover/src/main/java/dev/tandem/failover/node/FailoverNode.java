package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.Settings;
import dev.tandem.failover.core.Situation;
import dev.tandem.failover.detect.HeartbeatCodec;
import dev.tandem.failover.detect.HeartbeatSocket;
import dev.tandem.failover.detect.Liveness;
import dev.tandem.failover.group.Group;
import dev.tandem.failover.group.GroupListener;
import dev.tandem.failover.group.GroupMessage;
import dev.tandem.failover.track.Tracking;
import dev.tandem.sync.hardening.SyncKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the pair: decides whether its director owns the addresses. Ties the state machine to
 * its thread, its sockets and its director. Its methods may be called from any thread.
 */
public final class FailoverNode implements ClusterNode {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverNode.class);

    /** Most bytes of a document in UTF-8. */
    public static final int MAX_DOCUMENT_BYTES = GroupMessage.Document.MAX_BYTES;

    /** A handover at the end may take each of its three stages to its limit. */
    private static final long STOP_LIMIT_MS = 4_000;

    private final FailoverConfig config;
    private final DirectorControl director;
    private final Listeners listeners;
    private final Group group;
    private final Commands commands;
    private final Tracking tracking;
    private volatile List<SyncKey> keys;
    private final Queue<Event> events = FailoverLoop.newQueue();

    /** The machine's uptime, in ms: it grows from process to process, whoever sets the clock. */
    private final long incarnation = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    private volatile @Nullable HeartbeatSocket socket;
    private volatile @Nullable Liveness liveness;
    private volatile @Nullable Effects effects;
    private volatile @Nullable FailoverLoop loop;
    private @Nullable Thread thread;

    /**
     * A node that does nothing until it is started.
     *
     * @throws IllegalArgumentException when the configuration is not sound; says all that is wrong
     */
    public FailoverNode(
            FailoverConfig config, DirectorControl director, FailoverListener listener) {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        this.config = config;
        this.keys = config.keys();
        this.director = director;
        this.listeners = new Listeners(listener);
        this.group = new Group(config, new FromGroup());
        this.commands = new Commands(config.node(), incarnation, group, listeners);
        this.tracking = new Tracking(config.priority(), config.track(), this::wakeUp);
    }

    /**
     * Opens the heartbeat and the liveness and begins to take part; returns at once, the group is
     * joined in the background.
     *
     * @throws IOException when a socket cannot be opened, or the vote not be kept
     */
    @Override
    public synchronized void start() throws IOException {
        if (loop != null) {
            throw new IllegalStateException("started already");
        }
        Settings settings = NodeSettings.of(config);
        VoteStore votes = VoteStore.open(config.voteFile());
        HeartbeatCodec codec =
                new HeartbeatCodec(
                        config.cluster(), config.node(), settings.peers(), config.keys());
        HeartbeatSocket opened =
                HeartbeatSocket.open(codec, config.bind(), config.heartbeatPort(), peerSockets());
        socket = opened;
        liveness = openLiveness();
        Effects performing = new Effects(director, group, commands, votes, this::post);
        FailoverLoop started =
                new FailoverLoop(
                        settings,
                        director,
                        opened,
                        events,
                        performing,
                        votes,
                        tracking,
                        this::changed,
                        incarnation);
        tracking.start();
        effects = performing;
        loop = started;
        thread = Thread.ofPlatform().name("failover").start(started);
        group.join();
    }

    /** The keys by which the nodes prove themselves, the one that signs first. */
    public List<SyncKey> keys() {
        return keys;
    }

    /**
     * Signs by the first of these, and believes any of them, from now on. Nobody is interrupted
     * where every node believes the key that signs.
     *
     * @param fresh none where there were none, else one at least
     * @throws IllegalStateException when it is not so, or the node is not started
     */
    public synchronized void keys(List<SyncKey> fresh) {
        HeartbeatSocket heartbeats = socket;
        Liveness proofs = liveness;
        if (heartbeats == null || proofs == null || fresh.isEmpty() != keys.isEmpty()) {
            throw new IllegalStateException("not started, or keys where there were none");
        }
        heartbeats.keys(fresh);
        proofs.keys(fresh);
        group.keys(fresh);
        keys = List.copyOf(fresh);
    }

    private List<InetSocketAddress> peerSockets() {
        return config.peers().stream().map(this::socketOf).toList();
    }

    private InetSocketAddress socketOf(FailoverConfig.Peer peer) {
        return new InetSocketAddress(peer.address(), config.heartbeatPort());
    }

    private Liveness openLiveness() throws IOException {
        return Liveness.open(
                config.cluster(),
                config.node(),
                incarnation,
                config.bind(),
                config.heartbeatPort(),
                config.peers().stream()
                        .map(peer -> new Liveness.Watched(peer.node(), socketOf(peer)))
                        .toList(),
                config.keys(),
                (peer, process) -> {
                    post(new Event.PeerDied(peer, process));
                    group.died(peer);
                });
    }

    private void post(Event event) {
        events.add(event);
        wakeUp();
    }

    private void wakeUp() {
        HeartbeatSocket open = socket;
        if (open != null) {
            open.wakeUp();
        }
    }

    /** Names of the interfaces whose changes this node has to be told of. */
    public Set<String> trackedInterfaces() {
        return config.track().stream()
                .filter(Check.Interface.class::isInstance)
                .map(check -> ((Check.Interface) check).interfaceName())
                .collect(Collectors.toSet());
    }

    /**
     * An interface is as it is said, or has come to be; others than the tracked ones are passed
     * over. Tracked ones count as down until they are told of.
     *
     * @param usable there, up and with carrier
     */
    public void linkChanged(String interfaceName, boolean usable) {
        tracking.link(interfaceName, usable);
    }

    private void changed(Situation before, Situation after) {
        if (after.visit() != before.visit()
                || after.epoch() != before.epoch()
                || !after.master().equals(before.master())
                || !after.reason().equals(before.reason())) {
            listeners.stateChanged(status());
        }
    }

    @Override
    public NodeStatus status() {
        return NodeStatuses.of(config, loop, socket, liveness, group, tracking, keys);
    }

    /**
     * Moves the addresses to another node, wherever the master is.
     *
     * @param target who shall be master; null for the ready backup of the highest priority
     * @param forced though the target has never had all the connections, or lags
     * @return the report; or, exceptionally, a {@link HandoverException} that says why not
     */
    public CompletableFuture<FailoverReport> handover(@Nullable String target, boolean forced) {
        if (loop == null) {
            return CompletableFuture.failedFuture(
                    new HandoverException(config.node() + " is not started"));
        }
        return commands.give(target == null ? "" : target, forced, this::post);
    }

    /**
     * Keeps this node from owning the addresses, or lets it again. A master hands them over first.
     *
     * @return the report if they were handed over; or, exceptionally, a {@link HandoverException}
     *     that says why not
     */
    public CompletableFuture<Optional<FailoverReport>> maintenance(boolean on) {
        if (loop == null) {
            return CompletableFuture.failedFuture(
                    new HandoverException(config.node() + " is not started"));
        }
        return commands.maintenance(on, this::post);
    }

    /** When this process started, in ms of its machine's uptime: names the process. */
    public long incarnation() {
        return incarnation;
    }

    /** The other nodes that are in the group at present. */
    public Set<String> present() {
        return group.present().stream().filter(this::isPeer).collect(Collectors.toSet());
    }

    /**
     * Sends another node a document, whose listener receives it after those sent before. What is in
     * it is between the callers. It may get lost with the receiver's process or its place in the
     * group, so send it again when the node has joined.
     *
     * @throws IllegalArgumentException when it is longer than {@link #MAX_DOCUMENT_BYTES}
     */
    public void send(String to, String document) {
        int bytes = document.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_DOCUMENT_BYTES) {
            throw new IllegalArgumentException(
                    "a document of %d bytes, the most is %d".formatted(bytes, MAX_DOCUMENT_BYTES));
        }
        group.send(to, new GroupMessage.Document(document));
    }

    private boolean isPeer(String node) {
        return config.peers().stream().anyMatch(peer -> peer.node().equals(node));
    }

    /**
     * Hands over to a ready backup if this is the master, says goodbye and leaves. Waits for it.
     */
    @Override
    public synchronized void close() {
        post(new Event.Stop());
        try {
            if (thread != null) {
                thread.join(STOP_LIMIT_MS);
                if (thread.isAlive()) {
                    LOG.warn("the failover thread does not stop");
                }
                awaitDrained();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        tracking.close();
        group.close();
        closeLiveness();
        closeSocket();
        listeners.close();
    }

    /**
     * A master that handed over still forwards what is under way; its director is needed for it.
     */
    private void awaitDrained() throws InterruptedException {
        Effects performed = effects;
        if (performed != null) {
            long leftNs = performed.leaseUntilNs() - System.nanoTime();
            long limitNs = TimeUnit.MILLISECONDS.toNanos(config.drainMs());
            TimeUnit.NANOSECONDS.sleep(Math.min(leftNs, limitNs));
        }
    }

    /**
     * The peers take this process for dead then. Should its director have a lease still, which is
     * an error, only the end of the process proves its death.
     */
    private void closeLiveness() {
        Liveness open = liveness;
        Effects performed = effects;
        boolean running = thread != null && thread.isAlive();
        if (running || (performed != null && performed.leaseUntilNs() - System.nanoTime() > 0)) {
            LOG.error("the director still has a lease: its peers must not take it for dead");
        } else if (open != null) {
            open.close();
        }
    }

    private void closeSocket() {
        HeartbeatSocket open = socket;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            LOG.warn("closing the heartbeat's socket: {}", e.toString());
        }
    }

    /** What comes out of the group goes to the failover thread. */
    private final class FromGroup implements GroupListener {
        @Override
        public void joined(String node) {
            director.peerJoined();
            if (isPeer(node)) {
                listeners.joined(node);
            }
        }

        @Override
        public void received(String from, GroupMessage message) {
            switch (message) {
                case GroupMessage.Hello _ -> {}
                case GroupMessage.Grant(long epoch) -> post(new Event.Granted(from, epoch));
                case GroupMessage.Taken(long epoch, int connections, long tookNs) ->
                        post(new Event.Acknowledged(from, epoch, connections, tookNs));
                case GroupMessage.HandOver command ->
                        commands.receive(from, command, FailoverNode.this::post);
                case GroupMessage.Refused(String id, String reason) -> commands.refuse(id, reason);
                case GroupMessage.Done(var report) -> commands.done(report);
                case GroupMessage.Document(String text) -> {
                    if (isPeer(from)) {
                        listeners.received(from, text);
                    }
                }
            }
        }

        @Override
        public void undelivered(String to, GroupMessage message) {
            switch (message) {
                case GroupMessage.Grant(long epoch) -> post(new Event.GrantLost(epoch));
                case GroupMessage.HandOver(String id, _, _) ->
                        commands.refuse(id, to + " is master, but not in the group");
                case GroupMessage.Hello _,
                        GroupMessage.Taken _,
                        GroupMessage.Refused _,
                        GroupMessage.Done _,
                        GroupMessage.Document _ ->
                        LOG.warn("{} is not in the group any more, not sent: {}", to, message);
            }
        }
    }
}
