package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.director.control.DirectorControl.Vitals;
import dev.tandem.director.control.Readiness;
import dev.tandem.director.control.Urgency;
import dev.tandem.failover.core.Action;
import dev.tandem.failover.core.Condition;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.FailoverMachine;
import dev.tandem.failover.core.Settings;
import dev.tandem.failover.core.Situation;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Step;
import dev.tandem.failover.detect.HeartbeatSocket;
import dev.tandem.failover.detect.PauseGuard;
import dev.tandem.failover.track.Tracking;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failover thread: the one place where the state machine is stepped and heartbeats are sent and
 * received. A platform thread that carries nothing else and never waits but for its socket.
 *
 * <p>A turn is: own pause, if there was one; everything the socket holds; everything the others
 * have queued; the director's health; the time; the heartbeat if it is due. Only when nothing that
 * has arrived is left unread does time pass a judgement: a packet that waited in the socket while
 * this thread slept speaks for its sender.
 */
final class FailoverLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverLoop.class);
    private static final int TICKS_PER_INTERVAL = 5;
    private static final long STILL_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    private final Settings settings;
    private final FailoverMachine machine;
    private final DirectorControl director;
    private final HeartbeatSocket socket;
    private final Effects effects;
    private final BiConsumer<Situation, Situation> changes;
    private final long incarnation;
    private final long tickMs;
    private final Queue<Event> events;
    private final PauseGuard guard;
    private final DirectorWatch watch;
    private final Tracking tracking;

    private volatile Situation situation;

    // confined to the thread
    private Vitals vitals;
    private long sequence;
    private long heartbeatDueNs;
    private long newestSentNs;
    private long sentBeforeNs;

    FailoverLoop(
            Settings settings,
            DirectorControl director,
            HeartbeatSocket socket,
            Queue<Event> events,
            Effects effects,
            VoteStore votes,
            Tracking tracking,
            BiConsumer<Situation, Situation> changes,
            long incarnation) {
        long nowNs = System.nanoTime();
        this.settings = settings;
        this.machine = new FailoverMachine(settings);
        this.director = director;
        this.socket = socket;
        this.events = events;
        this.effects = effects;
        this.changes = changes;
        this.incarnation = incarnation;
        this.tickMs =
                Math.max(
                        1,
                        TimeUnit.NANOSECONDS.toMillis(settings.intervalNs()) / TICKS_PER_INTERVAL);
        this.vitals = director.vitals();
        this.guard = new PauseGuard(settings.intervalNs(), nowNs);
        this.tracking = tracking;
        this.watch =
                new DirectorWatch(STILL_LIMIT_NS, vitals, settings.priority(), this::handle, nowNs);
        this.situation = Situation.start(settings, votes.kept(), nowNs);
        this.heartbeatDueNs = nowNs;
        this.newestSentNs = nowNs;
        this.sentBeforeNs = nowNs;
    }

    /** Where the events of other threads come from. */
    static Queue<Event> newQueue() {
        return new ConcurrentLinkedQueue<>();
    }

    Situation situation() {
        return situation;
    }

    FailoverMachine machine() {
        return machine;
    }

    PauseGuard guard() {
        return guard;
    }

    /** Turns until the machine has stopped. */
    @Override
    public void run() {
        Urgency.raise();
        try {
            while (situation.state() != State.STOPPED) {
                try {
                    turn();
                    socket.await(tickMs);
                } catch (IOException | RuntimeException e) {
                    LOG.error("the failover thread failed", e);
                    handle(new Event.DirectorFault("the failover thread failed: " + e));
                    handle(new Event.DirectorCleared());
                }
            }
        } finally {
            if (situation.state() != State.STOPPED) {
                // Not even the fault could be handled: end the lease rather than let it run out.
                director.endLease();
            }
        }
    }

    private void turn() throws IOException {
        long awayNs = guard.turn(System.nanoTime());
        if (awayNs > 0) {
            watch.paused(awayNs);
            handle(new Event.Paused(awayNs));
        }
        socket.drain(this::handle);
        Event event = events.poll();
        while (event != null) {
            handle(event);
            event = events.poll();
        }
        vitals = director.vitals();
        watch.look(vitals, tracking.sum(), System.nanoTime());
        lookAtTable(vitals.readiness());
        lookAtGateway(vitals.gatewayAnsweredNs());
        handle(new Event.Tick());
        long nowNs = System.nanoTime();
        if (nowNs - heartbeatDueNs >= 0) {
            // From now, not from the due time: what was missed is not made up for.
            heartbeatDueNs = nowNs + settings.intervalNs();
            sendHeartbeat();
        }
    }

    /** An answer to a question that was asked before the last two heartbeats tells nothing new. */
    private void lookAtGateway(@Nullable Long askedNs) {
        if (askedNs == null) {
            return;
        }
        long sentNs = askedNs - newestSentNs >= 0 ? newestSentNs : sentBeforeNs;
        Long known = situation.gatewayNs();
        if (askedNs - sentNs >= 0 && (known == null || sentNs - known > 0)) {
            handle(new Event.GatewayAnswered(sentNs));
        }
    }

    private void lookAtTable(Readiness readiness) {
        Condition known = situation.condition();
        boolean synced = readiness.synced() && readiness.compared();
        String whyNot =
                readiness.synced() == synced
                        ? readiness.whyNot()
                        : "its table has not been compared with the master's yet";
        if (synced != known.synced() || !whyNot.equals(known.whyNotSynced())) {
            handle(new Event.Table(synced, whyNot));
        }
    }

    private void handle(Event event) {
        Situation before = situation;
        Step step = machine.step(before, event, System.nanoTime());
        situation = step.situation();
        if (situation.epoch() > before.epoch()) {
            director.epoch(situation.epoch());
        }
        try {
            for (Action action : step.actions()) {
                long beforeNs = System.nanoTime();
                effects.perform(action, this::sendHeartbeat);
                if (action instanceof Action.Persist) {
                    guard.waitedForDisk(System.nanoTime() - beforeNs);
                }
            }
        } catch (IOException e) {
            LOG.error("the vote cannot be kept: {}", e.getMessage());
            handle(new Event.VoteLost("the vote cannot be kept: " + e.getMessage()));
        }
        changes.accept(before, step.situation());
    }

    /** What a backup misses, or a master has not sent. */
    private int lag(Condition condition) {
        if (condition.synced()) {
            return vitals.syncLagRecords();
        }
        return Math.clamp(vitals.readiness().missing(), 1, Integer.MAX_VALUE);
    }

    private void sendHeartbeat() {
        Situation now = situation;
        sentBeforeNs = newestSentNs;
        newestSentNs = System.nanoTime();
        socket.send(
                new Event.Heartbeat(
                        settings.node(),
                        incarnation,
                        ++sequence,
                        now.state(),
                        now.epoch(),
                        now.condition().priority(),
                        now.condition().holdsTable(),
                        now.seesGateway(settings, newestSentNs),
                        lag(now.condition()),
                        vitals.connections(),
                        newestSentNs,
                        now.vote(settings)));
    }
}
