package dev.tandem.director.control;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.Poller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread "director-0": turn after turn of the {@link ForwardingAgent}, resting when there is
 * nothing to do.
 *
 * <p>Nothing that a turn throws ends it: the failure is counted and logged, at most once a second.
 * Ten in a row mean that the data plane is broken: the addresses are given up and a fault is
 * raised. It stays until the failover layer has released the addresses too: were it to vanish by
 * itself, nobody would own them and nobody would know.
 */
final class Worker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** Its name among {@link Faults}. */
    static final String SOURCE = "packet loop";

    private static final int FAILURES_TO_GIVE_UP = 10;
    private static final long LOG_INTERVAL_NS = 1_000_000_000L;
    private static final long FAILURE_PAUSE_NS = 1_000_000L;

    /** The table is swept and the sign of life given at least so often. */
    private static final long REST_MS = 10;

    /** When something comes that no descriptor announces. */
    private static final long SHORT_REST_MS = 1;

    private final ForwardingAgent agent;
    private final Poller poller;
    private final CommandQueue commands;
    private final Faults faults;
    private final long spinNs;
    private final long restMs;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile long progress;
    private volatile long failures;
    private int failuresInARow;
    private long lastLoggedNs;
    private long lastWorkNs;

    Worker(
            ForwardingAgent agent,
            Poller poller,
            CommandQueue commands,
            Faults faults,
            List<? extends PacketPort> ports,
            int spinMicros) {
        this.agent = agent;
        this.poller = poller;
        this.commands = commands;
        this.faults = faults;
        this.spinNs = TimeUnit.MICROSECONDS.toNanos(spinMicros);
        this.restMs =
                ports.stream().allMatch(port -> port.pollDescriptors().length > 0)
                        ? REST_MS
                        : SHORT_REST_MS;
        this.thread = new Thread(this, "director-0");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Lets the present turn end, gives the addresses up, and waits for the thread's end. */
    void stop() {
        running = false;
        CompletableFuture<Object> _ = commands.submit((_, _) -> {}); // wakes it
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Grows with every turn. */
    long progress() {
        return progress;
    }

    /** Turns that ended by an exception. */
    long failures() {
        return failures;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread is the only writer
    public void run() {
        Urgency.raise();
        lastWorkNs = System.nanoTime();
        while (running) {
            long nowNs = System.nanoTime();
            try {
                turn(nowNs);
                failuresInARow = 0;
            } catch (Throwable failure) {
                onFailure(failure, nowNs);
            }
            progress++;
        }
        end();
    }

    private void turn(long nowNs) {
        if (agent.doWork(nowNs) > 0) {
            lastWorkNs = nowNs;
        } else if (nowNs - lastWorkNs < spinNs) {
            Thread.onSpinWait();
        } else {
            poller.poll((int) Math.min(restMs(), agent.waitNs(nowNs) / 1_000_000));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread is the only writer
    private void onFailure(Throwable failure, long nowNs) {
        if (failures++ == 0 || nowNs - lastLoggedNs >= LOG_INTERVAL_NS) {
            lastLoggedNs = nowNs;
            LOG.error("turn of the packet loop failed, {} so far", failures, failure);
        }
        if (++failuresInARow >= FAILURES_TO_GIVE_UP) {
            faults.raise(SOURCE, "the packet loop fails: " + failure);
            giveUp(nowNs);
        }
        LockSupport.parkNanos(FAILURE_PAUSE_NS);
    }

    private long restMs() {
        Replication replication = agent.replication();
        return agent.liveSync().lagRecords() > 0
                        || (replication != null && replication.sender().lagRecords() > 0)
                ? SHORT_REST_MS
                : restMs;
    }

    private void end() {
        giveUp(System.nanoTime());
        Replication replication = agent.replication();
        if (replication != null) {
            replication.close();
        }
        agent.listings().close();
        commands.close();
    }

    private void giveUp(long nowNs) {
        try {
            agent.releaseAddresses(0, nowNs);
        } catch (RuntimeException e) {
            LOG.error("giving the addresses up failed; the lease will end it", e);
        }
    }
}
