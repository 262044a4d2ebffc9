package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.core.State;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One node of the pair: decides whether its director owns the addresses. Its methods may be called
 * from any thread.
 */
public final class FailoverNode implements AutoCloseable {
    private final FailoverConfig config;
    private final DirectorControl director;
    private final FailoverListener listener;

    public FailoverNode(
            FailoverConfig config, DirectorControl director, FailoverListener listener) {
        this.config = config;
        this.director = director;
        this.listener = listener;
    }

    /**
     * Opens the heartbeat and begins to take part; returns at once, the group is joined in the
     * background.
     *
     * @throws IOException when the heartbeat's socket cannot be opened
     */
    public void start() throws IOException {
        if (!director.vitals().fault().isEmpty()) {
            throw new IOException(director.vitals().fault());
        }
        listener.stateChanged(status());
    }

    /** The node as it is now. */
    public NodeStatus status() {
        return new NodeStatus(
                config.node(),
                config.cluster(),
                State.INIT,
                0,
                "",
                "",
                "",
                0,
                List.of(),
                new NodeStatus.Counters(0, 0, 0, 0, 0, 0));
    }

    /**
     * Moves the addresses to another node, wherever the master is.
     *
     * @param target who shall be master; null for the ready backup of the highest priority
     * @return the report; or, exceptionally, a {@link HandoverException} that says why not
     */
    public CompletableFuture<FailoverReport> handover(@Nullable String target) {
        return CompletableFuture.failedFuture(new HandoverException("no handover to " + target));
    }

    /**
     * Hands over to a ready backup if this is the master, says goodbye and leaves. Waits for it.
     */
    @Override
    public void close() {}
}
