package dev.tandem.failover.node;

import dev.tandem.failover.core.Action;
import dev.tandem.failover.core.Action.Phase;
import dev.tandem.failover.core.Event;
import dev.tandem.failover.group.Group;
import dev.tandem.failover.group.GroupMessage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Who waits for the answer to which command: a caller here, or another node. Thread-safe; answers
 * complete on the listener's thread.
 */
final class Commands {
    /**
     * The machine answers in less than its own time limits together; a lost answer does not come.
     */
    private static final long ANSWER_LIMIT_MS = 5_000;

    private static final double NS_PER_MS = 1e6;

    private final String node;
    private final Group group;
    private final Listeners listeners;
    private final AtomicLong given = new AtomicLong();
    private final long incarnation;
    private final Map<String, CompletableFuture<Optional<FailoverReport>>> waitingHere =
            new ConcurrentHashMap<>();
    private final Map<String, String> waitingElsewhere = new ConcurrentHashMap<>();

    Commands(String node, long incarnation, Group group, Listeners listeners) {
        this.node = node;
        this.incarnation = incarnation;
        this.group = group;
        this.listeners = listeners;
    }

    /** A caller here wants a handover; the event is handed to the machine. */
    CompletableFuture<FailoverReport> give(String target, boolean forced, Consumer<Event> events) {
        return give(id -> new Event.HandoverCommand(id, target, forced, false), events)
                .thenApply(Optional::orElseThrow);
    }

    /** A caller here wants this node kept from owning the addresses, or not any more. */
    CompletableFuture<Optional<FailoverReport>> maintenance(boolean on, Consumer<Event> events) {
        return give(id -> new Event.Maintenance(id, on), events);
    }

    private CompletableFuture<Optional<FailoverReport>> give(
            Function<String, Event> command, Consumer<Event> events) {
        String id = "%s-%d-%d".formatted(node, incarnation, given.incrementAndGet());
        CompletableFuture<Optional<FailoverReport>> answer = new CompletableFuture<>();
        waitingHere.put(id, answer);
        events.accept(command.apply(id));
        CompletableFuture.delayedExecutor(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS)
                .execute(() -> refuse(id, "no answer within " + ANSWER_LIMIT_MS + " ms"));
        return answer;
    }

    /** Another node passed a command on, or asks in its own name ({@code id} empty). */
    void receive(String from, GroupMessage.HandOver command, Consumer<Event> events) {
        if (!command.id().isEmpty()) {
            waitingElsewhere.put(command.id(), from);
        }
        events.accept(
                new Event.HandoverCommand(command.id(), command.target(), command.forced(), true));
    }

    void refuse(String id, String reason) {
        CompletableFuture<Optional<FailoverReport>> answer = waitingHere.remove(id);
        String asker = waitingElsewhere.remove(id);
        if (answer != null) {
            listeners.run(() -> answer.completeExceptionally(new HandoverException(reason)));
        } else if (asker != null) {
            group.send(asker, new GroupMessage.Refused(id, reason));
        }
    }

    /** A failover that this node took part in is over. */
    void report(Action.Report report) {
        listeners.failedOver(toFailoverReport(report));
        done(report);
        String asker = waitingElsewhere.remove(report.id());
        if (asker != null) {
            group.send(asker, new GroupMessage.Done(report));
        }
    }

    /** The command of this report is done. */
    void done(Action.Report report) {
        // made now, not when a listener has time
        answer(report.id(), Optional.of(toFailoverReport(report)));
    }

    /** The command of this id is done, and moved nothing. */
    void settled(String id) {
        answer(id, Optional.empty());
    }

    private void answer(String id, Optional<FailoverReport> report) {
        CompletableFuture<Optional<FailoverReport>> answer = waitingHere.remove(id);
        if (answer != null) {
            listeners.run(() -> answer.complete(report));
        }
    }

    private static FailoverReport toFailoverReport(Action.Report report) {
        Map<String, Double> phases = new LinkedHashMap<>();
        for (Phase phase : report.phases()) {
            phases.merge(phase.name(), phase.durationNs() / NS_PER_MS, Double::sum);
        }
        return new FailoverReport(
                report.epoch() + "-" + report.to(),
                Instant.now(),
                report.cause(),
                report.from(),
                report.to(),
                report.epoch(),
                phases,
                report.connections(),
                report.evidence());
    }
}
