package dev.tandem.failover.track;

import dev.tandem.failover.config.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the checks of one node, on threads of its own, and says what they come to together: one
 * text of all faults, so that one that is gone takes back its own and no other, and one priority.
 * Its methods may be called from any thread.
 */
public final class Tracking implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracking.class);
    private static final int LOWEST = 1;
    private static final int HIGHEST = 254;

    private final int basePriority;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Runnable changed;
    private final ScheduledExecutorService threads;
    private volatile Sum sum;

    /**
     * What all checks come to.
     *
     * @param fault empty, or why the node cannot work
     * @param priority 1 to 254
     */
    public record Sum(String fault, int priority) {
        /** Where nothing is tracked and nobody is outranked. */
        public static final Sum NOTHING = new Sum("", 0);
    }

    /**
     * Nothing is checked until {@link #start}.
     *
     * @param basePriority the configured one, 1 to 254
     * @param changed called after the sum has changed, on a thread that made a check
     */
    public Tracking(int basePriority, List<Check> checks, Runnable changed) {
        this.basePriority = basePriority;
        this.changed = changed;
        long nowNs = System.nanoTime();
        checks.forEach(check -> verdicts.add(new Verdict(check, nowNs)));
        sum = add();
        // each script may take its whole time without holding up another
        threads =
                Executors.newScheduledThreadPool(
                        Math.max(
                                1,
                                (int)
                                        checks.stream()
                                                .filter(Check.Script.class::isInstance)
                                                .count()),
                        Thread.ofPlatform().name("track-", 0).daemon().factory());
    }

    /** Begins; processes have been looked for when it returns. */
    public void start() {
        for (Verdict verdict : verdicts) {
            switch (verdict.check()) {
                case Check.Interface _ -> {}
                case Check.Running process -> {
                    judge(verdict, Processes.trouble(process));
                    repeat(process.pace(), () -> judge(verdict, Processes.trouble(process)));
                }
                case Check.Script script -> {
                    Program program = new Program(script.command(), script.timeoutMs());
                    repeat(script.pace(), () -> run(verdict, program));
                }
            }
        }
    }

    private void repeat(Check.Pace pace, Runnable look) {
        var _ =
                threads.scheduleWithFixedDelay(
                        () -> {
                            try {
                                look.run();
                            } catch (RuntimeException e) {
                                LOG.error("a check failed itself", e);
                            }
                        },
                        0,
                        pace.intervalMs(),
                        TimeUnit.MILLISECONDS);
    }

    private void run(Verdict verdict, Program program) {
        try {
            judge(verdict, program.run(new byte[0]));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * An interface is as it is said; others than the tracked ones are passed over.
     *
     * @param usable there, up and with carrier
     */
    public void link(String interfaceName, boolean usable) {
        for (Verdict verdict : verdicts) {
            if (verdict.check() instanceof Check.Interface(String name, _)
                    && name.equals(interfaceName)) {
                judge(verdict, usable ? "" : "is down, without carrier or missing");
            }
        }
    }

    private void judge(Verdict verdict, String trouble) {
        synchronized (this) {
            if (!verdict.result(trouble, System.nanoTime())) {
                return;
            }
            Sum before = sum;
            sum = add();
            LOG.info(
                    "{} {}; priority {}",
                    verdict.check().name(),
                    trouble.isEmpty() ? "is good" : trouble,
                    sum.priority());
            if (before.equals(sum)) {
                return;
            }
        }
        changed.run();
    }

    private Sum add() {
        List<String> faults =
                verdicts.stream().map(Verdict::fault).filter(f -> !f.isEmpty()).toList();
        int priority = basePriority + verdicts.stream().mapToInt(Verdict::points).sum();
        return new Sum(String.join("; ", faults), Math.clamp(priority, LOWEST, HIGHEST));
    }

    /** What the checks come to at present. */
    public Sum sum() {
        return sum;
    }

    /** Each check, in the order of the configuration. */
    public synchronized List<CheckStatus> checks() {
        long nowNs = System.nanoTime();
        return verdicts.stream().map(verdict -> verdict.status(nowNs)).toList();
    }

    /** Ends the checks; a program that runs is killed. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
