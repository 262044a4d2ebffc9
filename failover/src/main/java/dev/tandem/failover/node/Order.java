package dev.tandem.failover.node;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What a manual node was told to do, and its account while it is being done. Confined to the manual
 * node's thread once it was given there.
 */
final class Order {
    private static final double NS_PER_MS = 1e6;

    /** What shall be. */
    enum Kind {
        TAKE,
        RELEASE
    }

    private final Kind kind;
    private final boolean forced;
    private final String cause;
    private final CompletableFuture<FailoverReport> answer = new CompletableFuture<>();
    private final Map<String, Double> phasesMs = new LinkedHashMap<>();
    private final StringBuilder evidence = new StringBuilder();
    private long markNs;

    Order(Kind kind, boolean forced, String cause) {
        this.kind = kind;
        this.forced = forced;
        this.cause = cause;
    }

    boolean isTake() {
        return kind == Kind.TAKE;
    }

    /** Whether the wire is not asked first. */
    boolean isForced() {
        return forced;
    }

    String cause() {
        return cause;
    }

    /** Where the giver waits. */
    CompletableFuture<FailoverReport> answered() {
        return answer;
    }

    void answer(FailoverReport report) {
        answer.complete(report);
    }

    void refuse(String reason) {
        answer.completeExceptionally(new HandoverException(reason));
    }

    void begin(long nowNs) {
        markNs = nowNs;
    }

    /** The phase under way is over, and the next one begins. */
    void after(String phase, long nowNs) {
        phasesMs.put(phase, (nowNs - markNs) / NS_PER_MS);
        markNs = nowNs;
    }

    void note(String sentence) {
        evidence.append(evidence.isEmpty() ? "" : "; ").append(sentence);
    }

    FailoverReport report(String from, String to, long epoch, int connections) {
        return new FailoverReport(
                epoch + "-" + (to.isEmpty() ? from + "-released" : to),
                Instant.now(),
                cause,
                from,
                to,
                epoch,
                phasesMs,
                connections,
                evidence.toString());
    }

    /** What was ordered is already so. */
    void nothingToDo(String owner, long epoch, int connections, String why) {
        answer.complete(
                new FailoverReport(
                        epoch + "-" + owner,
                        Instant.now(),
                        "nothing to do",
                        owner,
                        owner,
                        epoch,
                        Map.of(),
                        connections,
                        why));
    }
}
