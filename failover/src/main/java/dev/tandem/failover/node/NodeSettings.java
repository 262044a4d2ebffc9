package dev.tandem.failover.node;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import dev.tandem.failover.core.Settings;
import java.util.List;
import java.util.stream.Stream;

/** What the state machine is told: the configuration, and the times that nobody needs to choose. */
final class NodeSettings {
    /**
     * RFC 5227 would wait a second or more; on a data centre's link an answer takes microseconds.
     */
    private static final long PROBE_NS = MILLISECONDS.toNanos(20);

    private static final long HOLD_DOWN_NS = SECONDS.toNanos(10);
    private static final long HANDOVER_NS = SECONDS.toNanos(1);
    private static final long FAULT_CLEAR_NS = SECONDS.toNanos(1);

    private NodeSettings() {}

    static Settings of(FailoverConfig config) {
        return new Settings(
                config.node(),
                config.priority(),
                config.preempt(),
                MILLISECONDS.toNanos(config.preemptDelayMs()),
                MILLISECONDS.toNanos(config.heartbeatIntervalMs()),
                MILLISECONDS.toNanos((long) config.heartbeatIntervalMs() * config.heartbeatCount()),
                MILLISECONDS.toNanos(config.leaseMs()),
                MILLISECONDS.toNanos(config.drainMs()),
                PROBE_NS,
                HOLD_DOWN_NS,
                HANDOVER_NS,
                config.promoteStaleMs() == null
                        ? Long.MAX_VALUE
                        : MILLISECONDS.toNanos(config.promoteStaleMs()),
                FAULT_CLEAR_NS,
                config.peers().stream().map(Peer::node).toList(),
                config.hasWitness()
                        ? Stream.concat(
                                        Stream.of(config.node()),
                                        config.peers().stream().map(Peer::node))
                                .toList()
                        : List.of(),
                config.isWitness(),
                config.gateway() == null ? "" : config.gateway().getHostAddress());
    }
}
