package dev.tandem.failover.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A question to the director, and what follows from its answer or from none.
 *
 * @param deadlineNs when no answer is an answer too
 * @param what in words, to be followed by "failed"
 * @param then given the answer and an empty string, or null and what went wrong
 */
record Step<T>(
        CompletableFuture<T> future,
        long deadlineNs,
        String what,
        BiConsumer<@Nullable T, String> then) {

    /** True when it is over; what follows has been done then. */
    boolean poll(long nowNs) {
        if (!future.isDone()) {
            if (nowNs - deadlineNs < 0) {
                return false;
            }
            then.accept(null, what + " did not end");
        } else if (future.isCompletedExceptionally()) {
            Throwable why = future.exceptionNow();
            then.accept(null, what + " failed: " + why.getMessage());
        } else {
            then.accept(future.resultNow(), "");
        }
        return true;
    }
}
