package dev.tandem.tools.interop;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits until something holds, by looking again and again. */
final class Await {
    private static final long PAUSE_MS = 50;

    private Await() {}

    /**
     * Waits until {@code trouble} finds nothing to say, an empty string.
     *
     * @throws AssertionError with the last trouble when the time is up
     */
    static void none(String what, Duration patience, Callable<String> trouble) throws Exception {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        while (true) {
            String last = trouble.call();
            if (last.isEmpty()) {
                return;
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError(
                        "not within %d s: %s\n%s".formatted(patience.toSeconds(), what, last));
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    static void that(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        none(what, patience, () -> condition.call() ? "" : "it does not hold");
    }

    /** Waits until something holds or the time is up; what follows says whether that matters. */
    static void quietly(Duration patience, Callable<Boolean> condition) throws Exception {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        while (!condition.call() && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(PAUSE_MS);
        }
    }
}
