package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.failover.config.ManualConfig;
import dev.tandem.failover.core.Forecast;
import dev.tandem.failover.core.State;
import dev.tandem.failover.node.NodeStatus.Counters;
import dev.tandem.failover.node.NodeStatus.VoteStatus;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node without peers of its kind: it takes the addresses and releases them when an operator or
 * another program says so, as keepalived's notify scripts do beside a stock kernel director.
 *
 * <p>What it keeps of a pair's node: it owns by a lease that its own thread renews, so that one
 * that was stopped is silent when it goes on; it asks the wire before it takes; it gives up when
 * its director cannot work. What it cannot know is whether somebody else should own the addresses:
 * that is for whoever gives the orders.
 */
public final class ManualNode implements ClusterNode {
    private static final Logger LOG = LoggerFactory.getLogger(ManualNode.class);
    private static final long STOP_LIMIT_MS = 4_000;

    private final ManualConfig config;
    private final Listeners listeners;
    private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
    private final ManualLoop loop;
    private @Nullable Thread thread;
    private volatile boolean closed;

    /** A node that does nothing until it is started. */
    public ManualNode(ManualConfig config, DirectorControl director, FailoverListener listener) {
        this.config = config;
        this.listeners = new Listeners(listener);
        this.loop =
                new ManualLoop(
                        config,
                        director,
                        orders,
                        new ManualLoop.Ears() {
                            @Override
                            public void changed() {
                                listeners.stateChanged(status());
                            }

                            @Override
                            public void over(FailoverReport report) {
                                listeners.failedOver(report);
                            }
                        },
                        System.nanoTime());
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("started already");
        }
        thread = Thread.ofPlatform().name("failover").start(loop);
    }

    /**
     * Takes the addresses, unless they are owned already.
     *
     * @param force without asking the wire whether somebody answers for them
     * @return the report; or, exceptionally, a {@link HandoverException} that says why not
     */
    public CompletableFuture<FailoverReport> take(boolean force) {
        return give(new Order(Order.Kind.TAKE, force, force ? "command, forced" : "command"));
    }

    /**
     * Releases the addresses, unless they are not owned; sends before what the peers lack.
     *
     * @return the report, once nobody is answered any more
     */
    public CompletableFuture<FailoverReport> release() {
        return give(new Order(Order.Kind.RELEASE, false, "command"));
    }

    private CompletableFuture<FailoverReport> give(Order order) {
        if (thread == null || closed) {
            return CompletableFuture.failedFuture(
                    new HandoverException(config.node() + " is not running"));
        }
        orders.add(order);
        LockSupport.unpark(thread);
        return order.answered();
    }

    @Override
    public NodeStatus status() {
        Standing now = loop.standing();
        long leaseNs = now.state() == State.MASTER ? now.leaseUntilNs() - System.nanoTime() : 0;
        return new NodeStatus(
                config.node(),
                config.cluster(),
                now.state(),
                now.epoch(),
                now.state() == State.MASTER ? config.node() : "",
                now.reason(),
                now.whyNotMaster(),
                now.state() == State.FAULT ? now.reason() : "",
                new Forecast("", "who takes over is for whoever gives the orders"),
                Math.max(0, TimeUnit.NANOSECONDS.toMillis(leaseNs)),
                0,
                VoteStatus.NONE,
                List.of(),
                List.of(),
                new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, loop.pauses()),
                List.of(),
                Optional.empty(),
                List.of());
    }

    @Override
    public synchronized void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            loop.stop();
            LockSupport.unpark(running);
            try {
                running.join(STOP_LIMIT_MS);
                if (running.isAlive()) {
                    LOG.warn("the failover thread does not stop");
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        listeners.close();
    }
}
