package dev.tandem.failover.config;

import dev.tandem.sync.hardening.SyncKey;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failover node is told.
 *
 * @param cluster name of the pair; nodes of another cluster on the same wire are ignored
 * @param node this node's name, unique in the cluster, 1 to 63 bytes in UTF-8
 * @param bind own address on the link to the peers; nothing listens anywhere else
 * @param heartbeatPort UDP port of the heartbeat, and TCP port at which the peers see that this
 *     process lives; on every node the same
 * @param groupPort UDP port of the group's transport, on every node the same
 * @param priority 1 to 254; the higher of two eligible nodes becomes master
 * @param preempt whether a node of higher priority takes the addresses back from a healthy master
 * @param preemptDelayMs how long it must have been ready before it does
 * @param promoteStaleMs after so long without an owner a node that never had all the connections
 *     stands, though one that has them may come back; null: never
 * @param heartbeatIntervalMs time between two heartbeats, default 50
 * @param heartbeatCount so many intervals without a heartbeat mean that the peer is lost, default 6
 * @param leaseMs for so long a master may own the addresses without a sign of life from its own
 *     failover thread, default 200
 * @param drainMs for so long a master that handed over still forwards what is under way, default
 *     200
 * @param peers the other nodes, a witness among them
 * @param witness the node that votes and does nothing else, this one or a peer; empty: there is no
 *     arbiter
 * @param voteFile where the last vote is kept; null: nowhere, only without a witness
 * @param keys what the nodes prove themselves by to each other: the first one signs, any is
 *     believed; none: whoever can send to the ports is believed
 * @param track what changes the priority or is a fault; none for a witness
 * @param gateway a neighbour whose answers decide who may own the addresses; null: none does; not
 *     with a witness
 */
public record FailoverConfig(
        String cluster,
        String node,
        InetAddress bind,
        int heartbeatPort,
        int groupPort,
        int priority,
        boolean preempt,
        int preemptDelayMs,
        @Nullable Integer promoteStaleMs,
        int heartbeatIntervalMs,
        int heartbeatCount,
        int leaseMs,
        int drainMs,
        List<Peer> peers,
        String witness,
        @Nullable Path voteFile,
        List<SyncKey> keys,
        List<Check> track,
        @Nullable InetAddress gateway) {

    /** Shortest lease where a gateway decides: it has to be asked several times in one. */
    public static final int MIN_GATEWAY_LEASE_MS = 60;

    private static final int LEASE_MARGIN_MS = 50;
    private static final int MIN_QUESTION_MS = 20;
    private static final int QUESTIONS = 8;

    private static final int MAX_NAME_BYTES = 63;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_MS = 3_600_000;

    public FailoverConfig {
        peers = List.copyOf(peers);
        keys = List.copyOf(keys);
        track = List.copyOf(track);
    }

    /** Whether owning the addresses takes the votes of a majority. */
    public boolean hasWitness() {
        return !witness.isEmpty();
    }

    /** Whether this node is the witness. */
    public boolean isWitness() {
        return witness.equals(node);
    }

    /**
     * Longest lease: it must have run out 50 ms before a backup may take a silent master's place.
     * Without votes the backup counts from the last heartbeat it heard, and the master goes on
     * being well for up to an interval after it.
     */
    public int maxLeaseMs() {
        int marginMs =
                hasWitness() ? LEASE_MARGIN_MS : Math.max(LEASE_MARGIN_MS, heartbeatIntervalMs);
        return heartbeatIntervalMs * heartbeatCount - marginMs;
    }

    /**
     * Time between two questions to the gateway: eight in a lease, and not more than one in 20 ms.
     */
    public int gatewayIntervalMs() {
        return Math.max(MIN_QUESTION_MS, leaseMs / QUESTIONS);
    }

    /** Another node of the cluster: its name and its address on the link between the nodes. */
    public record Peer(String node, InetAddress address) {}

    /** All that is wrong with this, one sentence each; empty when it is sound. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (cluster.isBlank()) {
            problems.add("cluster must have a name");
        }
        checkNames(problems);
        checkWitness(problems);
        checkTracked(problems);
        checkRange(problems, "heartbeat-port", heartbeatPort, 1, MAX_PORT);
        checkRange(problems, "group-port", groupPort, 1, MAX_PORT);
        if (heartbeatPort == groupPort) {
            problems.add("heartbeat-port and group-port must differ");
        }
        checkRange(problems, "priority", priority, 1, 254);
        checkRange(problems, "preempt-delay-ms", preemptDelayMs, 0, MAX_MS);
        checkRange(problems, "heartbeat-interval-ms", heartbeatIntervalMs, 5, 10_000);
        checkRange(problems, "heartbeat-count", heartbeatCount, 2, 100);
        checkRange(problems, "drain-ms", drainMs, 0, MAX_MS);
        int minLeaseMs = gateway == null ? 1 : MIN_GATEWAY_LEASE_MS;
        if (leaseMs < minLeaseMs || leaseMs > maxLeaseMs()) {
            problems.add(
                    ("lease-ms is %d, but must be %d to %d: %d ms before a backup takes over"
                                    + " (heartbeat-interval-ms times heartbeat-count is %d)")
                            .formatted(
                                    leaseMs,
                                    minLeaseMs,
                                    maxLeaseMs(),
                                    heartbeatIntervalMs * heartbeatCount - maxLeaseMs(),
                                    heartbeatIntervalMs * heartbeatCount));
        }
        if (gateway != null && hasWitness()) {
            problems.add("gateway and witness: only one of them can be the arbiter");
        }
        return problems;
    }

    private void checkNames(List<String> problems) {
        Set<String> names = new HashSet<>();
        Set<InetAddress> addresses = new HashSet<>();
        checkName(problems, names, node);
        addresses.add(bind);
        if (peers.isEmpty()) {
            problems.add("peers must name at least one other node");
        }
        for (Peer peer : peers) {
            checkName(problems, names, peer.node());
            if (!addresses.add(peer.address())) {
                problems.add("two nodes have the address " + peer.address().getHostAddress());
            }
        }
    }

    private void checkWitness(List<String> problems) {
        if (!hasWitness()) {
            return;
        }
        if (!isWitness() && peers.stream().noneMatch(peer -> peer.node().equals(witness))) {
            problems.add("witness is %s, which is none of the nodes".formatted(witness));
        }
        if (peers.size() < 2) {
            problems.add("with a witness there must be two directors at least");
        }
        if (voteFile == null) {
            problems.add("with a witness there must be a vote-file");
        }
    }

    private void checkTracked(List<String> problems) {
        Set<String> tracked = new HashSet<>();
        for (Check check : track) {
            if (!tracked.add(check.name())) {
                problems.add("track names %s twice".formatted(check.name()));
            }
        }
        if (isWitness() && !track.isEmpty()) {
            problems.add("track is for nodes that can be master, and a witness never is");
        }
    }

    private static void checkName(List<String> problems, Set<String> names, String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (name.isBlank() || length > MAX_NAME_BYTES) {
            problems.add("node name '%s' must be 1 to %d bytes".formatted(name, MAX_NAME_BYTES));
        }
        if (!names.add(name)) {
            problems.add("two nodes are called " + name);
        }
    }

    private static void checkRange(
            List<String> problems, String key, int value, int least, int most) {
        if (value < least || value > most) {
            problems.add("%s is %d, but must be %d to %d".formatted(key, value, least, most));
        }
    }
}
