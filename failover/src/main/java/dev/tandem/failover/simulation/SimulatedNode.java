package dev.tandem.failover.simulation;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;

import dev.tandem.failover.core.Action;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.Settings;
import dev.tandem.failover.core.Situation;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Step;
import dev.tandem.failover.core.Vote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A node of the simulation: the production machine, and a director of a few lines. */
public final class SimulatedNode {
    private static final long TICK_NS = 10 * MS;
    private static final long GATEWAY_NS = 25 * MS;

    final SimulatedWorld world;
    final int index;
    final Settings settings;
    private final SimulatedWorld.Core core;

    private final List<Action> said = new ArrayList<>();

    private final Deque<Event> inbox = new ArrayDeque<>();
    private boolean up;
    private boolean threadPaused;
    private boolean processPaused;

    /** Each pause has its number: who comes to itself from one may have been paused again. */
    private int pauses;

    private long incarnation;
    private long sequence;
    private long heartbeatDueNs;
    private long heartbeatSentNs;
    private long lastTurnNs;
    private Situation situation;
    private boolean hasTable;
    private long pulledNs;
    private long pullNs;

    /** What only this node's clock means. */
    private final long clockOffsetNs;

    // the disk
    private Vote disk = Vote.NONE;
    private boolean diskFull;

    // the director
    private boolean taken;
    private long leaseUntilNs;

    SimulatedNode(SimulatedWorld world, int index, Settings settings, SimulatedWorld.Core core) {
        this.world = world;
        this.index = index;
        this.settings = settings;
        this.core = core;
        this.clockOffsetNs = world.random.nextLong();
        this.situation = Situation.start(settings, Vote.NONE, world.nowNs());
    }

    public void start() {
        world.note(settings.node() + " starts");
        up = true;
        threadPaused = false;
        processPaused = false;
        incarnation = nextIncarnation();
        sequence = 0;
        taken = false;
        leaseUntilNs = world.nowNs();
        inbox.clear();
        situation = Situation.start(settings, disk, world.nowNs());
        lastTurnNs = world.nowNs();
        hasTable = false;
        pullNs = world.random.nextLong(600 * MS);
        heartbeatDueNs = world.nowNs();
        heartbeatSentNs = world.nowNs();
        tickLater(incarnation);
        if (settings.hasGateway()) {
            askGatewayLater(incarnation, world.random.nextLong(GATEWAY_NS));
        }
    }

    /** It is the director that asks, whatever the failover thread does. */
    private void askGatewayLater(long ofIncarnation, long delayNs) {
        world.after(
                delayNs,
                () -> {
                    if (up && incarnation == ofIncarnation) {
                        if (!processPaused) {
                            world.askGateway(this);
                        }
                        askGatewayLater(ofIncarnation, GATEWAY_NS);
                    }
                });
    }

    void answered(long sentNs) {
        receive(new Event.GatewayAnswered(sentNs));
    }

    long heartbeatSentNs() {
        return heartbeatSentNs;
    }

    /** The uptime of its machine, which was now and then booted anew; that takes its time. */
    private long nextIncarnation() {
        long uptimeMs = 1_000_000 + world.elapsedMs();
        boolean booted = world.nowNs() - lastTurnNs > settings.detectionNs();
        long next = booted && world.random.nextInt(10) == 0 ? uptimeMs - 10_000 : uptimeMs;
        return next == incarnation ? next + 1 : next;
    }

    private void tickLater(long ofIncarnation) {
        long jitterNs = world.random.nextLong(2 * MS);
        world.after(
                TICK_NS + jitterNs,
                () -> {
                    if (up && incarnation == ofIncarnation) {
                        if (!threadPaused) {
                            turn();
                        }
                        tickLater(ofIncarnation);
                    }
                });
    }

    /** As the real loop: own pause first, then all that has come in, and only then the time. */
    private void turn() {
        notePause();
        while (up && !inbox.isEmpty()) {
            step(inbox.remove());
        }
        pullTable();
        step(new Event.Tick());
        if (up && world.nowNs() - heartbeatDueNs >= 0) {
            heartbeatDueNs = world.nowNs() + settings.intervalNs();
            sendHeartbeat();
        }
    }

    /** It takes a while, and a master that is there and can be reached. */
    private void pullTable() {
        boolean pulls = situation.state() == State.SYNCING && !situation.master().isEmpty();
        if (!pulls || !world.canPull(this, situation.master())) {
            pulledNs = world.nowNs();
        } else if (world.nowNs() - pulledNs >= pullNs) {
            hasTable = true;
            step(new Event.Table(true, ""));
        }
    }

    private void notePause() {
        long awayNs = world.nowNs() - lastTurnNs;
        if (awayNs > 2 * settings.intervalNs()) {
            step(new Event.Paused(awayNs));
        }
    }

    public void receive(Event sent) {
        if (!up) {
            return;
        }
        Event event = sent instanceof Event.Heartbeat heartbeat ? byOwnClock(heartbeat) : sent;
        if (threadPaused) {
            inbox.add(event);
        } else {
            notePause();
            step(event);
        }
    }

    /** The simulation has one clock; what came back of this node's own is turned into that. */
    private Event byOwnClock(Event.Heartbeat heard) {
        Vote vote = heard.vote();
        return vote.holder().equals(settings.node())
                ? Heartbeats.withEcho(heard, vote.echoNs() - clockOffsetNs)
                : heard;
    }

    private void step(Event event) {
        if (!up) {
            return;
        }
        lastTurnNs = world.nowNs();
        Situation before = situation;
        Step step = core.step(situation, event, world.nowNs());
        situation = step.situation();
        if (situation.visit() != before.visit()) {
            world.note("%s, was %s: %s".formatted(this, before.state(), situation.reason()));
        }
        world.invariants.stepped(this, before, situation);
        hasTable |= situation.state() == State.MASTER;
        for (Action action : step.actions()) {
            if (action instanceof Action.Persist vote && !persists(vote)) {
                step(new Event.VoteLost("the disk is full"));
                break;
            }
            act(action);
        }
        if (situation.state() == State.STOPPED) {
            up = false;
            taken = false;
            world.processGone(this);
        }
    }

    private boolean persists(Action.Persist vote) {
        if (diskFull) {
            return false;
        }
        disk = new Vote(vote.epoch(), vote.holder(), 0);
        return true;
    }

    void diskFull(boolean full) {
        if (diskFull == full) {
            return;
        }
        world.note("disk of %s %s".formatted(settings.node(), full ? "full" : "has room"));
        diskFull = full;
    }

    private void act(Action action) {
        switch (action) {
            case Action.Lease(long untilNs) -> leaseUntilNs = untilNs;
            case Action.EndLease() -> leaseUntilNs = world.nowNs();
            case Action.Persist _ -> {}
            case Action.Probe(long visit, long waitNs) -> {
                String answer = world.probe(this);
                answer(waitNs, new Event.Probed(visit, answer));
            }
            case Action.Take(long visit) -> {
                taken = true;
                answer(world.random.nextLong(2 * MS), new Event.Taken(visit, 1));
            }
            case Action.Announce() -> {}
            case Action.Release(long visit, long _) -> {
                taken = false;
                answer(world.random.nextLong(2 * MS), new Event.Released(visit));
            }
            case Action.FlushSync(long visit) ->
                    answer(world.random.nextLong(flushNs()), new Event.Flushed(visit));
            case Action.SendHeartbeat() -> sendHeartbeat();
            case Action.SendGrant(String to, long epoch) ->
                    world.sendMessage(this, to, new Event.Granted(settings.node(), epoch), 0);
            case Action.Acknowledge(String to, long epoch, int connections, long tookNs) ->
                    world.sendMessage(
                            this,
                            to,
                            new Event.Acknowledged(settings.node(), epoch, connections, tookNs),
                            0);
            case Action.ForwardCommand(String id, String to, String target, boolean forced) ->
                    world.sendMessage(
                            this, to, new Event.HandoverCommand(id, target, forced, true), 0);
            case Action.Settled settled -> said.add(settled);
            case Action.Refuse refusal -> said.add(refusal);
            case Action.Report report -> said.add(report);
        }
    }

    /** Now and then there is much to flush. */
    private long flushNs() {
        return world.random.nextInt(4) == 0 ? 400 * MS : 2 * MS;
    }

    private void answer(long delayNs, Event event) {
        long ofIncarnation = incarnation;
        world.after(
                delayNs,
                () -> {
                    if (incarnation == ofIncarnation) {
                        receive(event);
                    }
                });
    }

    private void sendHeartbeat() {
        heartbeatSentNs = world.nowNs();
        world.sendDatagram(
                this,
                new Event.Heartbeat(
                        settings.node(),
                        incarnation,
                        ++sequence,
                        situation.state(),
                        situation.epoch(),
                        situation.condition().priority(),
                        situation.condition().holdsTable(),
                        situation.seesGateway(settings, world.nowNs()),
                        0,
                        1,
                        world.nowNs() + clockOffsetNs,
                        situation.vote(settings)));
    }

    // what may befall it

    public void kill() {
        if (up) {
            world.note(settings.node() + " is killed");
            up = false;
            taken = false;
            world.processGone(this);
        }
    }

    /** SIGSTOP, or a long collection: nothing of the process runs. */
    void pauseProcess() {
        world.note(settings.node() + " is stopped");
        pauses++;
        threadPaused = true;
        processPaused = true;
    }

    /** Only the failover thread hangs; the director goes on. */
    void pauseThread() {
        world.note("thread of " + settings.node() + " is stopped");
        pauses++;
        threadPaused = true;
    }

    /** The data plane runs first, the failover thread comes to itself a moment later. */
    void resume() {
        if (!threadPaused) {
            return;
        }
        world.note(settings.node() + " goes on");
        processPaused = false;
        long ofIncarnation = incarnation;
        int ofPause = pauses;
        world.after(
                world.random.nextLong(5 * MS),
                () -> {
                    if (up && incarnation == ofIncarnation && pauses == ofPause) {
                        threadPaused = false;
                        turn();
                    }
                });
    }

    boolean isUp() {
        return up;
    }

    /** What its machine said: refusals, reports and other answers to commands. */
    public List<Action> said() {
        return said;
    }

    /** Whether it has had all the connections since it started. */
    boolean hasTable() {
        return hasTable;
    }

    long incarnation() {
        return incarnation;
    }

    boolean isTurning() {
        return up && !threadPaused;
    }

    /** Whether the director would answer for the addresses, and forward. */
    public boolean owns() {
        return up && taken && leaseUntilNs - world.nowNs() > 0;
    }

    boolean answersArp() {
        return owns() && !processPaused;
    }

    public Situation situation() {
        return situation;
    }

    long lastTurnNs() {
        return lastTurnNs;
    }

    @Override
    public String toString() {
        return settings.node() + " " + situation.state() + " in epoch " + situation.epoch();
    }
}
