package dev.tandem.failover.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that the state machine knows at one moment; immutable.
 *
 * @param role the state, with what belongs to it alone
 * @param visit number of states entered so far; names this stay in the state
 * @param sinceNs when the state was entered
 * @param reason why it was
 * @param master who is believed to be master; empty when nobody is
 * @param epoch the highest epoch heard or owned; a master's own
 * @param promisedEpoch the highest epoch heard, owned or granted; the next one is above it
 * @param holdDownUntilNs until then a master that merely fell silent is not replaced
 * @param ballot for whom this node votes, where there is an arbiter
 * @param condition what this node is fit for
 * @param peers those heard so far
 * @param gatewayNs where a gateway is the arbiter, when the newest heartbeat was sent after which
 *     it has answered; null: it never has
 */
public record Situation(
        Role role,
        long visit,
        long sinceNs,
        String reason,
        String master,
        long epoch,
        long promisedEpoch,
        long holdDownUntilNs,
        Ballot ballot,
        Condition condition,
        List<PeerView> peers,
        @Nullable Long gatewayNs) {
    public Situation {
        peers = List.copyOf(peers);
    }

    /**
     * A node that has just started.
     *
     * @param kept the last vote that its disk knows of; without an arbiter {@link Vote#NONE}
     */
    public static Situation start(Settings settings, Vote kept, long nowNs) {
        return new Situation(
                settings.witness()
                        ? new Role.Witness()
                        : new Role.Init(nowNs + settings.detectionNs()),
                0,
                nowNs,
                "started",
                "",
                0,
                kept.epoch(),
                nowNs,
                Voting.start(settings, kept, nowNs),
                Condition.start(settings),
                List.of(),
                null);
    }

    /** What the node is. */
    public State state() {
        return role.state();
    }

    /** What is known of a peer; null when it was never heard. */
    public @Nullable PeerView peer(String node) {
        for (PeerView peer : peers) {
            if (peer.node().equals(node)) {
                return peer;
            }
        }
        return null;
    }

    /** Until when the director was told to work; null for a node that holds no lease. */
    public @Nullable Long leaseUntilNs() {
        if (role instanceof Role.Handover handover) {
            return handover.leaseUntilNs();
        }
        return role instanceof Role.Master master ? master.leaseUntilNs() : null;
    }

    /** Whether the director may own the addresses in this state: a master, until it is silent. */
    public boolean mayOwn() {
        return role instanceof Role.Master
                || (role instanceof Role.Handover handover && handover.stage() != Role.Stage.GRANT);
    }

    /** What this node says of its vote in a heartbeat. */
    public Vote vote(Settings settings) {
        return Voting.vote(settings, this);
    }

    /** Whether the gateway that is the arbiter answers this node; false where there is none. */
    public boolean seesGateway(Settings settings, long nowNs) {
        return Gateway.answers(settings, this, nowNs);
    }

    Situation inRole(Role nextRole) {
        return changed(draft -> draft.role = nextRole);
    }

    Situation inRole(Role nextRole, String nextReason) {
        return changed(draft -> {
            draft.role = nextRole;
            draft.reason = nextReason;
        });
    }

    Situation entering(Role nextRole, String nextReason, long nowNs) {
        return changed(draft -> {
            draft.role = nextRole;
            draft.visit++;
            draft.sinceNs = nowNs;
            draft.reason = nextReason;
        });
    }

    Situation withMaster(String nextMaster) {
        return changed(draft -> draft.master = nextMaster);
    }

    /** Knowing of an epoch that somebody owns; lower ones change nothing. */
    Situation knowingEpoch(long known) {
        return changed(draft -> {
            draft.epoch = Math.max(epoch, known);
            draft.promisedEpoch = Math.max(promisedEpoch, known);
        });
    }

    /** Having promised an epoch to somebody who does not own it yet. */
    Situation promising(long promised) {
        return changed(draft -> draft.promisedEpoch = Math.max(promisedEpoch, promised));
    }

    Situation heldDownUntil(long untilNs) {
        return changed(draft -> draft.holdDownUntilNs = untilNs);
    }

    Situation withBallot(Ballot nextBallot) {
        return changed(draft -> draft.ballot = nextBallot);
    }

    Situation withCondition(Condition nextCondition) {
        return changed(draft -> draft.condition = nextCondition);
    }

    Situation withPeers(List<PeerView> nextPeers) {
        return changed(draft -> draft.peers = nextPeers);
    }

    Situation withPeer(PeerView changed) {
        List<PeerView> next = new ArrayList<>(peers.size() + 1);
        for (PeerView peer : peers) {
            if (!peer.node().equals(changed.node())) {
                next.add(peer);
            }
        }
        next.add(changed);
        return withPeers(next);
    }

    Situation withGateway(long sentNs) {
        return changed(draft -> draft.gatewayNs = sentNs);
    }

    private Situation changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** The next situation while it is being written. */
    private static final class Draft {
        private Role role;
        private long visit;
        private long sinceNs;
        private String reason;
        private String master;
        private long epoch;
        private long promisedEpoch;
        private long holdDownUntilNs;
        private Ballot ballot;
        private Condition condition;
        private List<PeerView> peers;
        private @Nullable Long gatewayNs;

        Draft(Situation before) {
            role = before.role;
            visit = before.visit;
            sinceNs = before.sinceNs;
            reason = before.reason;
            master = before.master;
            epoch = before.epoch;
            promisedEpoch = before.promisedEpoch;
            holdDownUntilNs = before.holdDownUntilNs;
            ballot = before.ballot;
            condition = before.condition;
            peers = before.peers;
            gatewayNs = before.gatewayNs;
        }

        Situation done() {
            return new Situation(
                    role,
                    visit,
                    sinceNs,
                    reason,
                    master,
                    epoch,
                    promisedEpoch,
                    holdDownUntilNs,
                    ballot,
                    condition,
                    peers,
                    gatewayNs);
        }
    }
}
