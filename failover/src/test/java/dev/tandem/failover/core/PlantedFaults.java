package dev.tandem.failover.core;

import dev.tandem.failover.simulation.Heartbeats;
import dev.tandem.failover.simulation.SimulatedWorld;
import dev.tandem.failover.simulation.SimulatedWorld.CoreMaker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Machines with one mistake each, to show that the invariants would see it. */
final class PlantedFaults {
    private static final long MS = SimulatedWorld.MS;

    private PlantedFaults() {}

    /** A director that does not look at its lease. */
    static final CoreMaker LEASE_FOR_EVER =
            withActions(action ->
                    action instanceof Action.Lease(long untilNs)
                            ? new Action.Lease(untilNs + Long.MAX_VALUE / 4)
                            : action);

    /** A backup that takes a master for lost while its lease still runs, and does not probe. */
    static final CoreMaker RECKLESS =
            settings -> {
                FailoverMachine machine =
                        new FailoverMachine(
                                changed(
                                        settings,
                                        settings.leaseNs() / 2,
                                        settings.promoteStaleNs(),
                                        settings.gateway()));
                return (situation, event, nowNs) ->
                        machine.step(
                                situation,
                                event instanceof Event.Probed(long visit, String _)
                                        ? new Event.Probed(visit, "")
                                        : event,
                                nowNs);
            };

    /** A node that takes over with half a table. */
    static final CoreMaker IMPATIENT =
            settings ->
                    new FailoverMachine(
                                    changed(
                                            settings,
                                            settings.detectionNs(),
                                            0,
                                            settings.gateway()))
                            ::step;

    private static Settings changed(
            Settings settings, long detectionNs, long promoteStaleNs, String gateway) {
        return new Settings(
                settings.node(),
                settings.priority(),
                settings.preempt(),
                settings.preemptDelayNs(),
                settings.intervalNs(),
                detectionNs,
                settings.leaseNs(),
                settings.drainNs(),
                settings.probeNs(),
                settings.holdDownNs(),
                settings.handoverNs(),
                promoteStaleNs,
                settings.faultClearNs(),
                settings.peers(),
                settings.voters(),
                settings.witness(),
                gateway);
    }

    /** A master that does not hear other masters. */
    static final CoreMaker STUBBORN_MASTER =
            deaf(
                    situation -> situation.state() == State.MASTER,
                    event -> event instanceof Event.Heartbeat);

    /** A backup that never looks at the time. */
    static final CoreMaker TIMID =
            deaf(
                    situation -> situation.state() == State.BACKUP,
                    event -> event instanceof Event.Tick);

    /** A master that gives and never takes back. */
    static final CoreMaker NO_RETREAT =
            withSituations((_, after) ->
                    after.role() instanceof Role.Handover h && h.stage() == Role.Stage.GRANT
                            ? after.inRole(
                                    h.at(
                                            Role.Stage.GRANT,
                                            h.grantedEpoch(),
                                            h.leaseUntilNs() + Long.MAX_VALUE / 4,
                                            h.story()))
                            : after);

    /** A node that forgets an epoch now and then. */
    static final CoreMaker FORGETFUL =
            withSituations((before, after) ->
                    after.state() == State.BACKUP && before.state() == State.MASTER
                            ? epoch(after, 0)
                            : after);

    /** A node that is granted an epoch and goes on in the old one. */
    static final CoreMaker SAME_EPOCH =
            withSituations((before, after) ->
                    before.state() == State.BACKUP && after.state() == State.MASTER
                            ? epoch(after, before.epoch())
                            : after);

    /** A voter that votes for whoever asks, whomever it is bound to. */
    static final CoreMaker FICKLE =
            withSituations((_, after) ->
                    after.ballot().holder().equals("") || after.state() == State.MASTER
                            ? after
                            : after.withBallot(
                                    after.ballot()
                                            .boundUntil(after.ballot().untilNs() - 300 * MS)));

    /** A master that counts its lease from when it hears of a vote. */
    static final CoreMaker LATE_LEASE =
            settings -> {
                FailoverMachine machine = new FailoverMachine(settings);
                return (situation, event, nowNs) ->
                        machine.step(
                                situation,
                                event instanceof Event.Heartbeat heartbeat
                                        ? Heartbeats.withEcho(heartbeat, nowNs + 100 * MS)
                                        : event,
                                nowNs);
            };

    /** A node that asks no gateway, where one decides. */
    static final CoreMaker CARELESS =
            settings ->
                    new FailoverMachine(
                                    changed(
                                            settings,
                                            settings.detectionNs(),
                                            settings.promoteStaleNs(),
                                            ""))
                            ::step;

    /** A node that takes a peer for dead that misses two heartbeats, and may merely hang. */
    static final CoreMaker PREMATURE =
            settings -> {
                FailoverMachine machine = new FailoverMachine(settings);
                return (situation, event, nowNs) -> {
                    List<Action> actions = new ArrayList<>();
                    Situation believed = situation;
                    for (PeerView peer : situation.peers()) {
                        if (nowNs - peer.heardNs() >= 2 * settings.intervalNs()) {
                            Event death =
                                    new Event.PeerDied(peer.node(), peer.said().incarnation());
                            Step step = machine.step(believed, death, nowNs);
                            believed = step.situation();
                            actions.addAll(step.actions());
                        }
                    }
                    Step step = machine.step(believed, event, nowNs);
                    actions.addAll(step.actions());
                    return new Step(step.situation(), actions);
                };
            };

    private interface Falsifier {
        Situation falsify(Situation before, Situation after);
    }

    private static CoreMaker deaf(Predicate<Situation> when, Predicate<Event> to) {
        return settings -> {
            FailoverMachine machine = new FailoverMachine(settings);
            return (situation, event, nowNs) ->
                    when.test(situation) && to.test(event)
                            ? new Step(situation, List.of())
                            : machine.step(situation, event, nowNs);
        };
    }

    private static CoreMaker withActions(Function<Action, Action> change) {
        return settings -> {
            FailoverMachine machine = new FailoverMachine(settings);
            return (situation, event, nowNs) -> {
                Step step = machine.step(situation, event, nowNs);
                List<Action> changed = new ArrayList<>();
                for (Action action : step.actions()) {
                    changed.add(change.apply(action));
                }
                return new Step(step.situation(), changed);
            };
        };
    }

    private static CoreMaker withSituations(Falsifier falsifier) {
        return settings -> {
            FailoverMachine machine = new FailoverMachine(settings);
            return (situation, event, nowNs) -> {
                Step step = machine.step(situation, event, nowNs);
                return new Step(falsifier.falsify(situation, step.situation()), step.actions());
            };
        };
    }

    private static Situation epoch(Situation situation, long epoch) {
        return new Situation(
                situation.role(),
                situation.visit(),
                situation.sinceNs(),
                situation.reason(),
                situation.master(),
                epoch,
                epoch,
                situation.holdDownUntilNs(),
                situation.ballot(),
                situation.condition(),
                situation.peers(),
                situation.gatewayNs());
    }
}
