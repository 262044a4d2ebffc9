package dev.tandem.failover.simulation;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;

import dev.tandem.failover.core.PeerView;
import dev.tandem.failover.core.Situation;
import dev.tandem.failover.core.State;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What must hold after every event, whatever happened. With a witness there are never two owners,
 * and never two of one epoch, whatever befalls network, nodes and disks. Without one, what is
 * promised is this; where a gateway is the arbiter, a cut between two nodes of which it answers one
 * at most is no trouble once a lease is over since:
 *
 * <ol>
 *   <li><b>One owner.</b> Two nodes own the addresses at once only while the network between them
 *       is troubled (a cut either way, loss, delay beyond 20 ms), or was within the last 300 ms: a
 *       lease (200) and the way of a heartbeat. In a schedule with kills, pauses, hangs, commands
 *       and restarts but a sound network, never.
 *   <li><b>One owner per epoch</b>, as long as the network was always sound.
 *   <li><b>Epochs grow:</b> within the life of a process its epoch never goes back.
 *   <li><b>A stale table is not promoted:</b> a node that never had all the connections does not
 *       become master while it knows of one that has them and lives.
 *   <li><b>Lease:</b> nobody owns anything without a turn of its machine within the lease, nor in a
 *       state other than MASTER, or HANDOVER before it is silent.
 * </ol>
 *
 * That there is an owner again in time is for the schedules to check, which know when they are
 * calm.
 */
public final class Invariants {
    private static final long SETTLE_NS = 300 * MS;

    private final SimulatedWorld world;
    private final Map<Long, String> ownerOfEpoch = new HashMap<>();
    private final Map<State, Set<State>> seenTransitions = new EnumMap<>(State.class);
    private long untroubledSinceNs;
    private boolean everTroubled;
    private boolean everUnsound;
    private long ownerless;
    private long ownerlessSinceNs;
    private boolean ownerNow;

    Invariants(SimulatedWorld world) {
        this.world = world;
        this.untroubledSinceNs = world.nowNs();
        this.ownerlessSinceNs = world.nowNs();
    }

    /** To be thrown: this did not hold, in this scene. */
    public Violation violated(String invariant, String scene) {
        return new Violation(invariant, scene + "\n" + world.trace());
    }

    void stepped(SimulatedNode node, Situation before, Situation after) {
        if (after.state() != before.state()) {
            seenTransitions
                    .computeIfAbsent(before.state(), _ -> EnumSet.noneOf(State.class))
                    .add(after.state());
        }
        if (after.state() == State.MASTER && before.state() != State.MASTER) {
            checkTable(node, before);
        }
        if (after.epoch() < before.epoch() || after.promisedEpoch() < before.promisedEpoch()) {
            throw violated("epochs grow", "from %d to %s".formatted(before.epoch(), node));
        }
    }

    /** Who knows of a node with the connections, and has them not, does not take its place. */
    private void checkTable(SimulatedNode node, Situation before) {
        if (node.hasTable()) {
            return;
        }
        for (PeerView peer : before.peers()) {
            SimulatedNode holder = world.node(peer.node());
            boolean knownOf =
                    peer.said().incarnation() == holder.incarnation()
                            && peer.said().holdsTable()
                            && holder.hasTable()
                            && peer.state() != State.MAINTENANCE;
            if (holder.isUp() && knownOf) {
                throw violated("a stale table is not promoted", node + ", and not " + holder);
            }
        }
    }

    void check() {
        everUnsound |= !world.isNetworkSound();
        if (world.isNetworkTroubled()) {
            everTroubled = true;
            untroubledSinceNs = world.nowNs();
        }
        forgetEpochsNobodyKnows();
        SimulatedNode owner = null;
        for (SimulatedNode node : world.nodes) {
            if (!node.owns()) {
                continue;
            }
            checkRight(node);
            if (owner != null) {
                checkTwoOwners(owner, node);
            }
            owner = node;
            checkEpoch(node);
        }
        measureOwnerless(owner != null);
    }

    private void checkRight(SimulatedNode node) {
        if (!node.situation().mayOwn()) {
            throw violated("lease", node + " owns the addresses");
        }
        if (world.nowNs() - node.lastTurnNs() > node.settings.leaseNs()) {
            throw violated("lease", node + " owns without a turn for longer than its lease");
        }
    }

    private void checkTwoOwners(SimulatedNode one, SimulatedNode other) {
        boolean settles =
                !world.hasArbiter()
                        && everTroubled
                        && world.nowNs() - untroubledSinceNs <= SETTLE_NS;
        boolean leased =
                world.hasGateway()
                        && world.nowNs() - world.gatewayCutNs() <= one.settings.leaseNs();
        if (!settles && !leased) {
            throw violated("one owner", one + " and " + other);
        }
    }

    private void checkEpoch(SimulatedNode node) {
        long epoch = node.situation().epoch();
        String name = node.settings.node();
        String known = ownerOfEpoch.putIfAbsent(epoch, name);
        if (known != null && !known.equals(name) && (world.hasArbiter() || !everUnsound)) {
            throw violated("one owner per epoch", known + " and " + name + " in epoch " + epoch);
        }
    }

    /**
     * Without an arbiter epochs are not on disk: one that no living process knows may come again.
     */
    private void forgetEpochsNobodyKnows() {
        if (world.hasArbiter()) {
            return;
        }
        long highest = 0;
        for (SimulatedNode node : world.nodes) {
            if (node.isTurning()) {
                highest = Math.max(highest, node.situation().epoch());
            }
        }
        long known = highest;
        ownerOfEpoch.keySet().removeIf(epoch -> epoch > known);
    }

    private void measureOwnerless(boolean owned) {
        if (owned && !ownerNow) {
            ownerless = Math.max(ownerless, world.nowNs() - ownerlessSinceNs);
        } else if (!owned && ownerNow) {
            ownerlessSinceNs = world.nowNs();
        }
        ownerNow = owned;
    }

    /** Forgets how long nobody owned so far. */
    public void restartOwnerlessClock() {
        ownerless = 0;
        ownerlessSinceNs = world.nowNs();
    }

    /** The longest time without an owner since the clock was restarted. */
    public long longestOwnerlessNs() {
        return ownerNow ? ownerless : Math.max(ownerless, world.nowNs() - ownerlessSinceNs);
    }

    /** Every transition of every node so far. */
    public Map<State, Set<State>> seenTransitions() {
        return seenTransitions;
    }
}
