package dev.tandem.director.sched;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A scheduler from a user's jar: whatever it throws ends here and is counted, so that the packet
 * loop goes on; the log tells of the first, second, fourth, eighth time and so on.
 */
final class GuardedScheduler implements Scheduler {
    private final String name;
    private final Scheduler scheduler;
    private final int maxServers;
    private final LongAdder counter;
    private final Logger log;
    private long failures;

    /**
     * @param counter of failures
     */
    GuardedScheduler(String name, Scheduler scheduler, LongAdder counter, Logger log) {
        this.name = name;
        this.scheduler = scheduler;
        this.maxServers = scheduler.maxServers();
        this.counter = counter;
        this.log = log;
    }

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        try {
            int index = scheduler.pick(servers, flow, nowNs);
            if (index == NONE || (index >= 0 && index < servers.length)) {
                return index;
            }
            failed("picked server %d of %d".formatted(index, servers.length), null);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            failed("pick failed", e);
        }
        return NONE;
    }

    @Override
    public void bound(Candidate[] servers) {
        tell(() -> scheduler.bound(servers));
    }

    @Override
    public void added(Candidate[] servers) {
        tell(() -> scheduler.added(servers));
    }

    @Override
    public void removed(Candidate[] servers, int index) {
        tell(() -> scheduler.removed(servers, index));
    }

    @Override
    public void edited(Candidate[] servers) {
        tell(() -> scheduler.edited(servers));
    }

    @Override
    public int maxServers() {
        return maxServers;
    }

    private void tell(Runnable change) {
        try {
            change.run();
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            failed("did not take a change of its servers", e);
        }
    }

    private void failed(String what, @Nullable Throwable cause) {
        counter.increment();
        failures++;
        if (Long.bitCount(failures) == 1) {
            log.error("scheduler '{}' {} ({} times so far)", name, what, failures, cause);
        }
    }
}
