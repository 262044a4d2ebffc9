package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.director.control.DirectorControl.Takeover;
import dev.tandem.failover.core.Action;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.group.Group;
import dev.tandem.failover.group.GroupMessage;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does what the state machine says, but for heartbeats. Called on the failover thread; answers of
 * the director come back as events, on whatever thread.
 */
final class Effects {
    private final DirectorControl director;
    private final Group group;
    private final Commands commands;
    private final VoteStore votes;
    private final Consumer<Event> events;
    private volatile long leaseUntilNs = System.nanoTime();

    Effects(
            DirectorControl director,
            Group group,
            Commands commands,
            VoteStore votes,
            Consumer<Event> events) {
        this.votes = votes;
        this.director = director;
        this.group = group;
        this.commands = commands;
        this.events = events;
    }

    /**
     * Does one thing.
     *
     * @throws IOException when a vote cannot be kept
     */
    void perform(Action action, Runnable sendHeartbeat) throws IOException {
        switch (action) {
            case Action.Persist(long epoch, String holder) -> votes.keep(epoch, holder);
            case Action.Lease(long untilNs) -> {
                leaseUntilNs = untilNs;
                director.leaseUntil(untilNs);
            }
            case Action.EndLease() -> {
                leaseUntilNs = System.nanoTime();
                director.endLease();
            }
            case Action.SendHeartbeat() -> sendHeartbeat.run();
            case Action.Probe(long visit, long waitNs) ->
                    answer(
                            director.probeAddresses(ms(waitNs)),
                            visit,
                            "probe of the addresses",
                            answeredBy -> new Event.Probed(visit, answeredBy));
            case Action.Take(long visit) ->
                    answer(
                            director.takeAddresses(),
                            visit,
                            "taking the addresses",
                            (Takeover takeover) -> new Event.Taken(visit, takeover.connections()));
            // To take what one has is to announce it again.
            case Action.Announce() -> {
                var _ = director.takeAddresses();
            }
            case Action.Release(long visit, long drainNs) ->
                    answer(
                            director.releaseAddresses(ms(drainNs)),
                            visit,
                            "letting go of the addresses",
                            _ -> new Event.Released(visit));
            case Action.FlushSync(long visit) ->
                    answer(
                            director.flushSync(),
                            visit,
                            "flushing the connections",
                            _ -> new Event.Flushed(visit));
            case Action.SendGrant(String to, long epoch) ->
                    group.send(to, new GroupMessage.Grant(epoch));
            case Action.Acknowledge(String to, long epoch, int connections, long tookNs) ->
                    group.send(to, new GroupMessage.Taken(epoch, connections, tookNs));
            case Action.ForwardCommand(String id, String to, String target, boolean forced) ->
                    group.send(to, new GroupMessage.HandOver(id, target, forced));
            case Action.Settled(String id) -> commands.settled(id);
            case Action.Refuse(String id, String reason) -> commands.refuse(id, reason);
            case Action.Report report -> commands.report(report);
        }
    }

    /** Until when the director was last told to work; from any thread. */
    long leaseUntilNs() {
        return leaseUntilNs;
    }

    private static long ms(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }

    private <T> void answer(
            CompletableFuture<T> future, long visit, String what, Function<T, Event> done) {
        var _ =
                future.whenComplete((result, failure) ->
                        events.accept(
                                failure == null
                                        ? done.apply(result)
                                        : new Event.Failed(
                                                visit, what + " failed: " + why(failure))));
    }

    private static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
    }
}
