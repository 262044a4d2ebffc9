package dev.tandem.tools.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.failover.track.Program;
import dev.tandem.tools.api.Json;
import dev.tandem.tools.api.Transition;
import dev.tandem.tools.config.NotifyConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator's programs of every change of state, in order and at least once, on a thread
 * of its own that nothing waits for. The next event is told when all programs have been told of
 * this one, or have failed as often as they may.
 */
final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 30_000;

    /** A node that stops tells of it; what takes longer is told by the next process. */
    private static final long CLOSE_MS = 3_000;

    private static final long POLL_MS = 10;

    private final String cluster;
    private final List<NotifyConfig> programs;
    private final NotifyQueue queue;
    private final long firstPauseMs;
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private final Thread thread;

    Notifier(String cluster, List<NotifyConfig> programs, NotifyQueue queue) {
        this(cluster, programs, queue, FIRST_PAUSE_MS);
    }

    /**
     * Begins with what an earlier process has left.
     *
     * @param firstPauseMs after the first failure of a program, doubled with each further one up to
     *     {@value #LONGEST_PAUSE_MS}
     */
    Notifier(String cluster, List<NotifyConfig> programs, NotifyQueue queue, long firstPauseMs) {
        this.cluster = cluster;
        this.programs = List.copyOf(programs);
        this.queue = queue;
        this.firstPauseMs = firstPauseMs;
        thread = Thread.ofPlatform().daemon().name("notify-" + cluster).start(this::work);
    }

    /** Returns when the event is on the disk. */
    void tell(Transition transition) {
        queue.add(Json.text(transition));
    }

    private void work() {
        try {
            while (true) {
                NotifyQueue.Entry entry = queue.await();
                tellAll(entry.text());
                queue.remove(entry);
            }
        } catch (InterruptedException _) {
            LOG.debug("{}: {} events are left", cluster, queue.size());
        }
    }

    private void tellAll(String event) throws InterruptedException {
        String state;
        try {
            state = Json.read(event, Transition.class).to();
        } catch (IOException e) {
            LOG.error("an event that is none is given up: {}", e.getMessage());
            return;
        }
        for (NotifyConfig each : programs) {
            if (each.states().isEmpty() || each.states().contains(state)) {
                tell(each, state, event.getBytes(UTF_8));
            }
        }
    }

    private void tell(NotifyConfig each, String state, byte[] event) throws InterruptedException {
        Program program = new Program(each.command(), each.timeoutMs());
        String name = each.command().getFirst();
        long pauseMs = firstPauseMs;
        for (int attempt = 1; attempt <= each.attempts(); attempt++) {
            String trouble = program.run(event);
            if (trouble.isEmpty()) {
                told.incrementAndGet();
                return;
            }
            failures.incrementAndGet();
            LOG.warn(
                    "{} told of {}: {}, attempt {} of {}",
                    name,
                    state,
                    trouble,
                    attempt,
                    each.attempts());
            if (attempt < each.attempts()) {
                TimeUnit.MILLISECONDS.sleep(pauseMs);
                pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
            }
        }
        givenUp.incrementAndGet();
        LOG.error("{} is not told of {}: it failed {} times", name, state, each.attempts());
    }

    /** Counted since the start; {@code waiting} is now. */
    Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("waiting", (long) queue.size());
        counters.put("told", told.get());
        counters.put("failures", failures.get());
        counters.put("givenUp", givenUp.get());
        counters.put("tooMany", queue.givenUp());
        return counters;
    }

    /** Waits a little for what is under way; the rest is for the next process. */
    @Override
    public void close() {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
        try {
            while (queue.size() > 0 && System.nanoTime() - deadlineNs < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
            thread.interrupt();
            thread.join(CLOSE_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
