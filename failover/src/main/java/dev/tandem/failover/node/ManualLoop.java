package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.director.control.DirectorControl.Takeover;
import dev.tandem.director.control.DirectorControl.Vitals;
import dev.tandem.director.control.Urgency;
import dev.tandem.failover.config.ManualConfig;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.State;
import dev.tandem.failover.detect.PauseGuard;
import dev.tandem.failover.track.Tracking;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a {@link ManualNode}: carries out one order after the other and renews the lease.
 *
 * <pre>
 *   BACKUP     take → CANDIDATE
 *   CANDIDATE  nobody answers, or forced → MASTER; else BACKUP
 *   MASTER     release → HANDOVER; slept past its lease → FENCED
 *   HANDOVER   silent → BACKUP; slept past its lease → BACKUP
 *   FENCED     nobody answers → MASTER; else BACKUP
 *   FAULT      gone for a second → BACKUP
 *   any of these but STOPPED: the director cannot work → FAULT
 * </pre>
 *
 * It never takes the addresses by itself, but for two: a node that slept and finds that nobody has
 * taken them meanwhile, for its operator's word still stands; and a node that stands alone, which
 * takes them whenever it can until it is told to release them.
 */
final class ManualLoop implements Runnable {

    /** Told on the loop's thread. */
    interface Ears {
        void changed();

        void over(FailoverReport report);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ManualLoop.class);
    private static final long PROBE_MS = 20;
    private static final long STEP_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long STILL_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAULT_CLEAR_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long OUTBID_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TICK_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final String node;
    private final long drainMs;
    private final long leaseNs;
    private final DirectorControl director;
    private final Queue<Order> orders;
    private final boolean standalone;
    private final Ears ears;
    private final PauseGuard guard;
    private final DirectorWatch watch;
    private volatile Standing standing;
    private volatile boolean stopping;

    // confined to the thread
    private boolean wanted;
    private long retryNs;
    private @Nullable Order order;
    private @Nullable Step<?> step;
    private @Nullable Long faultGoneNs;
    private long drainUntilNs;
    private long epochSinceNs;
    private long nowNs;

    ManualLoop(
            ManualConfig config,
            DirectorControl director,
            Queue<Order> orders,
            Ears ears,
            long nowNs) {
        this.node = config.node();
        this.drainMs = config.drainMs();
        this.leaseNs = TimeUnit.MILLISECONDS.toNanos(config.leaseMs());
        this.director = director;
        this.orders = orders;
        this.standalone = config.standalone();
        this.wanted = standalone;
        this.ears = ears;
        this.guard = new PauseGuard(leaseNs / 4, nowNs);
        this.watch = new DirectorWatch(STILL_LIMIT_NS, director.vitals(), 0, this::heard, nowNs);
        this.standing = new Standing(State.BACKUP, 0, "started", nowNs);
        this.drainUntilNs = nowNs;
        this.retryNs = nowNs;
        this.nowNs = nowNs;
    }

    Standing standing() {
        return standing;
    }

    long pauses() {
        return guard.pauses();
    }

    /** Releases what is owned and ends; from any thread. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        Urgency.raise();
        long tickNs = Math.min(TICK_LIMIT_NS, leaseNs / 10);
        try {
            while (standing.state() != State.STOPPED) {
                try {
                    turn(System.nanoTime());
                } catch (RuntimeException e) {
                    LOG.error("the failover thread failed", e);
                    fail("the failover thread failed: " + e);
                    faultGoneNs = nowNs;
                }
                LockSupport.parkNanos(tickNs);
            }
        } finally {
            if (standing.state() != State.STOPPED) {
                director.endLease();
            }
        }
    }

    /** One turn; bounded, never waits. */
    void turn(long now) {
        nowNs = now;
        long awayNs = guard.turn(nowNs);
        if (awayNs > 0) {
            watch.paused(awayNs);
        }
        if (standing.holdsLease() && nowNs - standing.leaseUntilNs() >= 0) {
            fence();
        }
        Vitals vitals = director.vitals();
        watch.look(vitals, Tracking.Sum.NOTHING, nowNs);
        outbid(vitals.syncEpoch());
        awaitClear();
        do {
            poll();
        } while (step == null && nextOrder());
        renew();
        if (stopping && step == null && nowNs - drainUntilNs >= 0) {
            director.endLease();
            become(State.STOPPED, "stopped");
        }
    }

    private void poll() {
        Step<?> present = step;
        if (present != null) {
            step = null; // what follows may begin the next one
            if (!present.poll(nowNs)) {
                step = present;
            }
        }
    }

    private boolean nextOrder() {
        Order next = orders.poll();
        if (next == null) {
            next = ownOrder();
        } else if (standalone) {
            wanted = next.isTake();
        }
        if (next == null) {
            return false;
        }
        next.begin(nowNs);
        if (next.isTake()) {
            beginTake(next);
        } else {
            beginRelease(next);
        }
        return true;
    }

    /** What nobody has to tell it. */
    private @Nullable Order ownOrder() {
        if (stopping) {
            return standing.state() == State.MASTER
                    ? new Order(Order.Kind.RELEASE, false, node + " is stopped")
                    : null;
        }
        if (wanted && standing.state() == State.BACKUP && nowNs - retryNs >= 0) {
            retryNs = nowNs + RETRY_NS;
            return new Order(Order.Kind.TAKE, true, node + " stands alone");
        }
        return null;
    }

    private void beginTake(Order taking) {
        State state = standing.state();
        if (state == State.MASTER) {
            taking.nothingToDo(node, standing.epoch(), connections(), node + " owns the addresses");
        } else if (state == State.FAULT || stopping) {
            taking.refuse(stopping ? node + " is stopping" : standing.reason());
        } else {
            order = taking;
            become(State.CANDIDATE, "told to take the addresses");
            if (taking.isForced()) {
                taking.note("the wire was not asked");
                take(taking);
            } else {
                probe(taking, "nobody answered for the addresses");
            }
        }
    }

    private void probe(Order taking, String silent) {
        ask(
                taking,
                "the probe of the addresses",
                director.probeAddresses(PROBE_MS),
                answeredBy -> {
                    taking.after("probe", nowNs);
                    if (answeredBy.isEmpty()) {
                        taking.note(silent);
                        take(taking);
                    } else {
                        giveBack(taking, "vip-in-use: " + answeredBy);
                    }
                });
    }

    private void take(Order taking) {
        drainUntilNs = nowNs;
        extendLease();
        enterEpoch(director.vitals().syncEpoch() + 1);
        ask(
                taking,
                "taking the addresses",
                director.takeAddresses(),
                (Takeover taken) -> {
                    taking.after("take", nowNs);
                    order = null;
                    become(State.MASTER, taking.cause());
                    tell(taking, "", node, taken.connections());
                });
    }

    /**
     * A backup that knows of a higher epoch refuses what this owner sends. Nobody but the giver of
     * orders can say who is right, and its last word was to take: go above it.
     */
    private void outbid(long heard) {
        if (standing.state() == State.MASTER
                && heard > standing.epoch()
                && nowNs - epochSinceNs >= OUTBID_LIMIT_NS) {
            LOG.warn("{} owns in epoch {}, but a peer knows {}", node, standing.epoch(), heard);
            enterEpoch(heard + 1);
            ears.changed();
        }
    }

    private void enterEpoch(long atLeast) {
        standing = standing.inEpoch(Math.max(standing.epoch() + 1, atLeast));
        epochSinceNs = nowNs;
        director.epoch(standing.epoch());
    }

    /** A step without which a taking cannot go on. */
    private <T> void ask(Order taking, String what, CompletableFuture<T> future, Consumer<T> then) {
        step =
                new Step<>(
                        future,
                        nowNs + STEP_LIMIT_NS,
                        what,
                        (result, trouble) -> {
                            if (result == null) {
                                giveBack(taking, trouble);
                            } else {
                                then.accept(result);
                            }
                        });
    }

    /** A taking that came to nothing. */
    private void giveBack(Order taking, String reason) {
        boolean owned = standing.state() == State.FENCED;
        order = null;
        letGo();
        become(State.BACKUP, reason);
        taking.refuse(reason);
        if (owned) {
            taking.note(reason);
            tell(taking, node, "", connections());
        }
    }

    private void beginRelease(Order releasing) {
        if (standing.state() != State.MASTER) {
            releasing.nothingToDo(
                    "", standing.epoch(), connections(), node + " does not own the addresses");
            return;
        }
        order = releasing;
        become(State.HANDOVER, "told to release the addresses");
        step =
                new Step<>(
                        director.flushSync(),
                        nowNs + STEP_LIMIT_NS,
                        "flushing the connections",
                        (_, trouble) -> {
                            releasing.after("flush", nowNs);
                            releasing.note(
                                    trouble.isEmpty() ? "the connections were sent" : trouble);
                            silence(releasing);
                        });
    }

    private void silence(Order releasing) {
        step =
                new Step<>(
                        director.releaseAddresses(drainMs),
                        nowNs + STEP_LIMIT_NS,
                        "letting go of the addresses",
                        (_, trouble) -> {
                            releasing.after("silence", nowNs);
                            if (trouble.isEmpty()) {
                                drainUntilNs = nowNs + TimeUnit.MILLISECONDS.toNanos(drainMs);
                            } else {
                                releasing.note(trouble + ", so the lease was ended");
                                director.endLease();
                            }
                            released(releasing, releasing.cause());
                        });
    }

    private void released(Order releasing, String reason) {
        order = null;
        become(State.BACKUP, reason);
        tell(releasing, node, "", connections());
    }

    /** This thread, or the whole process, was away for longer than the lease. */
    private void fence() {
        String slept = node + " slept past its lease";
        Order releasing = order;
        step = null;
        letGo();
        if (releasing != null) {
            releasing.note(slept);
            released(releasing, slept);
            return;
        }
        become(State.FENCED, slept);
        Order again = new Order(Order.Kind.TAKE, false, slept);
        again.begin(nowNs);
        order = again;
        probe(again, "nobody had taken its place");
    }

    private void heard(Event event) {
        switch (event) {
            case Event.DirectorFault(String cause) -> fail(cause);
            case Event.DirectorCleared() -> faultGoneNs = nowNs;
            default -> {} // a rival's claim: the director itself announces again
        }
    }

    private void fail(String cause) {
        boolean owned = standing.holdsLease() || standing.state() == State.FENCED;
        Order interrupted = order;
        order = null;
        step = null;
        faultGoneNs = null;
        letGo();
        become(State.FAULT, cause);
        if (interrupted != null && interrupted.isTake()) {
            interrupted.refuse(cause);
        }
        if (owned) {
            Order lost =
                    interrupted == null || interrupted.isTake()
                            ? new Order(Order.Kind.RELEASE, false, "fault of " + node)
                            : interrupted;
            lost.note(cause);
            tell(lost, node, "", connections());
        }
    }

    private void awaitClear() {
        if (faultGoneNs != null && nowNs - faultGoneNs >= FAULT_CLEAR_NS) {
            faultGoneNs = null;
            become(State.BACKUP, "over: " + standing.reason());
        }
    }

    private void letGo() {
        director.endLease();
        var _ = director.releaseAddresses(0);
        drainUntilNs = nowNs;
    }

    private void renew() {
        if (standing.holdsLease()) {
            extendLease();
        } else if (drainUntilNs - nowNs > 0) {
            director.leaseUntil(drainUntilNs);
        }
    }

    private void extendLease() {
        standing = standing.leasedUntil(nowNs + leaseNs);
        director.leaseUntil(nowNs + leaseNs);
    }

    private void tell(Order done, String from, String to, int connections) {
        FailoverReport report = done.report(from, to, standing.epoch(), connections);
        ears.over(report);
        done.answer(report);
    }

    private int connections() {
        return director.vitals().connections();
    }

    private void become(State next, String reason) {
        standing = standing.in(next, reason);
        ears.changed();
    }
}
