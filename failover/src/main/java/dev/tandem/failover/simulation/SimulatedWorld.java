package dev.tandem.failover.simulation;

import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.Settings;
import dev.tandem.failover.core.Situation;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Time, wire and operator of the simulation: a queue of things to happen, in order, and a network
 * that loses, delays, doubles, reorders and cuts. Everything follows from the seed.
 */
public final class SimulatedWorld {
    public static final long MS = 1_000_000;

    /** The simulated clock starts just before it wraps, where naive comparisons go wrong. */
    private static final long START_NS = Long.MAX_VALUE - 3_000 * MS;

    private static final int TRACE_LINES = 60;

    private record Task(long atNs, long number, Runnable what) {}

    /** The machine under test, or one with a planted fault. */
    public interface Core {
        Step step(Situation situation, Event event, long nowNs);
    }

    /** Makes the machine of a node. */
    public interface CoreMaker {
        Core make(Settings settings);
    }

    final SplittableRandom random;
    final List<SimulatedNode> nodes = new ArrayList<>();
    final Invariants invariants;
    private final Consumer<String> timeline;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>((a, b) -> {
                int byTime = Long.signum(a.atNs - b.atNs);
                return byTime != 0 ? byTime : Long.compare(a.number, b.number);
            });
    private final Deque<String> trace = new ArrayDeque<>();
    private long tasksSoFar;
    private long nowNs = START_NS;

    /** One-way cuts: {@code cut[from][to]}. */
    private final boolean[][] cut;

    private final boolean[] gatewayCut;
    private boolean serviceLanCut;
    private long gatewayCutNs = START_NS;
    private int lossPercent;
    private int duplicatePercent;
    private long maxDelayNs = MS;

    /**
     * A world in which nothing has started.
     *
     * @param timeline told of everything that happens, a line each
     */
    public SimulatedWorld(
            long seed, List<Settings> settings, CoreMaker maker, Consumer<String> timeline) {
        this.timeline = timeline;
        random = new SplittableRandom(seed);
        invariants = new Invariants(this);
        cut = new boolean[settings.size()][settings.size()];
        gatewayCut = new boolean[settings.size()];
        for (Settings each : settings) {
            nodes.add(new SimulatedNode(this, nodes.size(), each, maker.make(each)));
        }
    }

    boolean hasArbiter() {
        return nodes.getFirst().settings.hasArbiter();
    }

    boolean hasGateway() {
        return nodes.getFirst().settings.hasGateway();
    }

    long nowNs() {
        return nowNs;
    }

    long elapsedMs() {
        return (nowNs - START_NS) / MS;
    }

    void after(long delayNs, Runnable what) {
        tasks.add(new Task(nowNs + delayNs, tasksSoFar++, what));
    }

    /** Lets time pass; the invariants are checked after every single thing that happens. */
    public void run(long durationNs) {
        long endNs = nowNs + durationNs;
        while (true) {
            Task next = tasks.peek();
            if (next == null || next.atNs - endNs > 0) {
                break;
            }
            tasks.remove();
            nowNs = next.atNs;
            next.what.run();
            invariants.check();
        }
        nowNs = endNs;
    }

    /** The nodes, in the order of their settings. */
    public List<SimulatedNode> nodes() {
        return nodes;
    }

    /** What must hold in it. */
    public Invariants invariants() {
        return invariants;
    }

    /** Where everything that is random comes from. */
    public SplittableRandom random() {
        return random;
    }

    /** Who owns the addresses now; nobody, or as many as there are. */
    public List<SimulatedNode> owners() {
        return nodes.stream().filter(SimulatedNode::owns).toList();
    }

    /**
     * To be asked when it is calm.
     *
     * @throws Violation when nobody owns the addresses, or more than one does
     */
    public void expectOneOwner() {
        int owners = owners().size();
        if (owners != 1) {
            throw invariants.violated("an owner exists", owners + " owners among " + nodes);
        }
    }

    /**
     * Asks who owns the addresses.
     *
     * @param name empty: nobody shall
     * @throws Violation when it is not so
     */
    void expectOwner(String name) {
        String owners =
                owners().stream()
                        .map(node -> node.settings.node())
                        .collect(Collectors.joining(" "));
        if (!owners.equals(name)) {
            throw invariants.violated(
                    "expected owner", "'%s', not '%s', among %s".formatted(owners, name, nodes));
        }
    }

    // the wire

    void sendDatagram(SimulatedNode from, Event.Heartbeat heartbeat) {
        for (SimulatedNode to : nodes) {
            if (to == from) {
                continue;
            }
            int copies = random.nextInt(100) < duplicatePercent ? 2 : 1;
            for (int copy = 0; copy < copies; copy++) {
                if (!isCut(from, to) && random.nextInt(100) >= lossPercent) {
                    after(delay(), () -> to.receive(heartbeat));
                }
            }
        }
    }

    /** As the group does it: sent again until it arrives; but some die with a connection. */
    void sendMessage(SimulatedNode from, String toName, Event event, int attempt) {
        SimulatedNode to = node(toName);
        if (attempt == 0 && random.nextInt(100) < lossPercent / 2) {
            return;
        }
        if (attempt < 20 && (isCut(from, to) || random.nextInt(100) < lossPercent)) {
            after(100 * MS, () -> sendMessage(from, toName, event, attempt + 1));
        } else if (attempt < 20) {
            after(delay(), () -> to.receive(event));
        }
    }

    private long delay() {
        return 50_000 + random.nextLong(maxDelayNs);
    }

    private boolean isCut(SimulatedNode from, SimulatedNode to) {
        return cut[from.index][to.index];
    }

    /** Whether a node gets the connections of a master by TCP. */
    boolean canPull(SimulatedNode node, String master) {
        SimulatedNode from = node(master);
        return from.isTurning()
                && from.situation().state() == State.MASTER
                && !isCut(node, from)
                && !isCut(from, node);
    }

    /** Who answers an ARP probe of this node now; empty when nobody does. */
    String probe(SimulatedNode asker) {
        for (SimulatedNode node : nodes) {
            if (node != asker && node.answersArp() && !serviceLanCut) {
                return node.settings.node();
            }
        }
        return "";
    }

    /** The gateway answers this node's question, or does not. */
    void askGateway(SimulatedNode from) {
        long sentNs = from.heartbeatSentNs();
        if (!gatewayCut[from.index] && random.nextInt(100) >= lossPercent) {
            after(delay(), () -> from.answered(sentNs));
        }
    }

    /** The last things that happened, for whoever has to understand a failure. */
    void note(String what) {
        String line = "%6d ms  %s".formatted(elapsedMs(), what);
        timeline.accept(line);
        trace.add(line);
        if (trace.size() > TRACE_LINES) {
            trace.removeFirst();
        }
    }

    String trace() {
        return String.join("\n", trace);
    }

    SimulatedNode node(String name) {
        return nodes.stream().filter(n -> n.settings.node().equals(name)).findAny().orElseThrow();
    }

    // what may befall it

    void cut(int from, int to) {
        note(
                "cut from %s to %s"
                        .formatted(nodes.get(from).settings.node(), nodes.get(to).settings.node()));
        cut[from][to] = true;
    }

    void cutServiceLan() {
        note("service LAN cut");
        serviceLanCut = true;
    }

    void cutGateway(SimulatedNode node) {
        note("gateway cut from " + node.settings.node());
        gatewayCut[node.index] = true;
        gatewayCutNs = nowNs;
    }

    /** These nodes hear each other, and neither the others nor the gateway. */
    void split(List<SimulatedNode> side) {
        for (SimulatedNode node : side) {
            cutGateway(node);
            for (SimulatedNode other : nodes) {
                if (!side.contains(other)) {
                    cut(node.index, other.index);
                    cut(other.index, node.index);
                }
            }
        }
        cutServiceLan();
    }

    public void degrade(int loss, int duplicates, long delayNs) {
        note("loss %d %%, duplicates %d %%, delay %d ms".formatted(loss, duplicates, delayNs / MS));
        lossPercent = loss;
        duplicatePercent = duplicates;
        maxDelayNs = delayNs;
    }

    void healNetwork() {
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
        Arrays.fill(gatewayCut, false);
        serviceLanCut = false;
        note("the network is sound");
        lossPercent = 0;
        duplicatePercent = 0;
        maxDelayNs = MS;
    }

    /**
     * Whether any node may now fail to hear another soon enough, and nothing decides between them:
     * where there is a gateway, both have its answers.
     */
    boolean isNetworkTroubled() {
        return isLossy() || anyCut(this::isUndecided);
    }

    /** When a node last lost the gateway. */
    long gatewayCutNs() {
        return gatewayCutNs;
    }

    /** Whether every node hears every other soon enough. */
    boolean isNetworkSound() {
        return !isLossy() && !anyCut(this::isCut);
    }

    private boolean isLossy() {
        return lossPercent > 0 || maxDelayNs > 20 * MS;
    }

    private boolean isUndecided(SimulatedNode from, SimulatedNode to) {
        boolean decided = hasGateway() && (gatewayCut[from.index] || gatewayCut[to.index]);
        return isCut(from, to) && !decided;
    }

    private boolean anyCut(BiPredicate<SimulatedNode, SimulatedNode> is) {
        return nodes.stream().anyMatch(from -> nodes.stream().anyMatch(to -> is.test(from, to)));
    }

    /**
     * The kernel of a dead process refuses the peers that look for it; not those that are cut off
     * from it, nor now and then one that had no connection just then.
     */
    void processGone(SimulatedNode gone) {
        Event death = new Event.PeerDied(gone.settings.node(), gone.incarnation());
        for (SimulatedNode peer : nodes) {
            if (peer != gone && !isCut(gone, peer) && !isCut(peer, gone) && random.nextInt(8) > 0) {
                after(MS + random.nextLong(19 * MS), () -> peer.receive(death));
            }
        }
    }
}
