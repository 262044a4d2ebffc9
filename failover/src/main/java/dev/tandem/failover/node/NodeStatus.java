package dev.tandem.failover.node;

import dev.tandem.failover.core.Forecast;
import dev.tandem.failover.core.State;
import dev.tandem.failover.track.CheckStatus;
import java.util.List;
import java.util.Optional;

/**
 * A node as it sees itself and the others; an immutable snapshot.
 *
 * @param node this node's name
 * @param cluster the cluster's name
 * @param state what this node is
 * @param epoch the epoch it lives in; 0 before it knew of any
 * @param master the master's name, empty when it knows none
 * @param reason why it is in this state
 * @param whyNotMaster why it does not own the addresses, in words; empty when it does
 * @param whyNotReady why it could not take over, in words; empty when it could, or has
 * @param ifMasterDied what would follow
 * @param leaseLeftMs for so long it may own the addresses without another sign of life from its own
 *     failover thread; 0 when it does not own them
 * @param priority the configured one and what the tracked things add to it, 1 to 254
 * @param vote for whom it votes
 * @param checks the tracked things, in the order of the configuration
 * @param peers the other nodes of the configuration, in its order
 * @param counters what the heartbeat and the group counted
 * @param keys ids of the keys by which the nodes prove themselves, the one that signs first; empty:
 *     the group is open to whoever can send to its ports
 * @param gateway the gateway that is the arbiter, if one is
 * @param refusals whose heartbeats are not believed at present and why, a sentence each
 */
public record NodeStatus(
        String node,
        String cluster,
        State state,
        long epoch,
        String master,
        String reason,
        String whyNotMaster,
        String whyNotReady,
        Forecast ifMasterDied,
        long leaseLeftMs,
        int priority,
        VoteStatus vote,
        List<CheckStatus> checks,
        List<PeerStatus> peers,
        Counters counters,
        List<Integer> keys,
        Optional<GatewayStatus> gateway,
        List<String> refusals) {
    public NodeStatus {
        checks = List.copyOf(checks);
        peers = List.copyOf(peers);
        keys = List.copyOf(keys);
        refusals = List.copyOf(refusals);
    }

    /** Whether this node owns the addresses. */
    public boolean isMaster() {
        return state == State.MASTER;
    }

    /**
     * The gateway that is the arbiter.
     *
     * @param answers whether it answers this node
     * @param answeredMsAgo age of the newest question that it answered, -1 when it never did
     */
    public record GatewayStatus(String address, boolean answers, long answeredMsAgo) {}

    /**
     * Where there are votes, for whom a node votes.
     *
     * @param holder empty: for nobody
     * @param epoch of its last vote; 0 when it never gave one
     */
    public record VoteStatus(String holder, long epoch) {
        static final VoteStatus NONE = new VoteStatus("", 0);
    }

    /**
     * What this node last heard of another.
     *
     * @param state a state's name, or {@code UNKNOWN} when it was never heard
     * @param alive whether it was heard within the detection time
     * @param inGroup whether the group has its process too, which a handover needs
     * @param syncLag records it had marked for sending and not yet sent
     * @param vote for whom it said that it votes
     * @param seesGateway whether it said that the gateway that is the arbiter answers it
     * @param lastHeardMs age of its last heartbeat, -1 when it was never heard
     */
    public record PeerStatus(
            String node,
            String state,
            boolean alive,
            boolean inGroup,
            long epoch,
            int priority,
            int connections,
            int syncLag,
            VoteStatus vote,
            boolean seesGateway,
            long lastHeardMs) {}

    /**
     * Counted since the start.
     *
     * @param heartbeatsSent heartbeats that left
     * @param heartbeatSendErrors heartbeats that the socket did not take
     * @param heartbeatsReceived valid heartbeats of peers
     * @param heartbeatsMalformed datagrams on the heartbeat's port that were none
     * @param heartbeatsForeign valid heartbeats of another cluster or of a node that is no peer
     * @param heartbeatsUnproven heartbeats that no key proves to be of this cluster, or that are
     *     signed where this node has no keys
     * @param strangers TCP connections to the heartbeat's port that were closed
     * @param groupMalformed messages of the group that were none
     * @param groupRefused messages of the group that no key proves, or of no peer
     * @param ownPauses times that the failover thread itself was away for too long
     */
    public record Counters(
            long heartbeatsSent,
            long heartbeatSendErrors,
            long heartbeatsReceived,
            long heartbeatsMalformed,
            long heartbeatsForeign,
            long heartbeatsUnproven,
            long strangers,
            long groupMalformed,
            long groupRefused,
            long ownPauses) {}
}
