package dev.tandem.failover.node;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listener, and writes the log, on a thread that no failover waits for. */
final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverNode.class);
    private static final long CLOSE_MS = 1_000;

    private final FailoverListener listener;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("failover-events").daemon(true).factory());

    Listeners(FailoverListener listener) {
        this.listener = listener;
    }

    void stateChanged(NodeStatus status) {
        run(() -> {
            LOG.info("{} in epoch {}: {}", status.state(), status.epoch(), status.reason());
            listener.stateChanged(status);
        });
    }

    void failedOver(FailoverReport report) {
        run(() -> {
            LOG.info(
                    "failover {} from {} to {}: {}, {} ms",
                    report.id(),
                    report.from(),
                    report.to(),
                    report.cause(),
                    report.phasesMs());
            listener.failedOver(report);
        });
    }

    void joined(String node) {
        run(() -> listener.joined(node));
    }

    void received(String from, String document) {
        run(() -> listener.received(from, document));
    }

    void run(Runnable call) {
        try {
            thread.execute(() -> {
                try {
                    call.run();
                } catch (RuntimeException e) {
                    LOG.warn("a listener failed", e);
                }
            });
        } catch (RejectedExecutionException _) {
            LOG.debug("nobody listens any more");
        }
    }

    /** Finishes what is under way. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a listener does not return");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
