package dev.tandem.director.control;

import dev.tandem.director.conn.Connections;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.sync.transport.DatagramLink;
import dev.tandem.sync.transport.SyncLink;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Starts and stops sync daemons, as {@code ipvsadm --start-daemon} does, while the director runs.
 * Any thread.
 */
public final class SyncDaemons {
    private final LiveSync running;
    private final SyncAssembly assembly;
    private final Connections connections;
    private final CommandQueue commands;
    private final Runnable wakeUp;
    private final boolean replicated;

    /**
     * @param wakeUp wakes the worker
     * @param replicated whether replication is configured: then there can be no daemons
     */
    SyncDaemons(
            LiveSync running,
            SyncAssembly assembly,
            Connections connections,
            CommandQueue commands,
            Runnable wakeUp,
            boolean replicated) {
        this.running = running;
        this.assembly = assembly;
        this.connections = connections;
        this.commands = commands;
        this.wakeUp = wakeUp;
        this.replicated = replicated;
    }

    /**
     * Starts one, whoever owns the addresses.
     *
     * @return whether it was started; otherwise such a one runs already
     * @throws IOException when its link cannot be opened
     * @throws IllegalStateException where replication is configured, for that follows the ownership
     */
    public CompletableFuture<Boolean> start(SyncDaemon daemon) throws IOException {
        requireNoReplication();
        return start(daemon, DatagramLink.open(daemon.config().link()));
    }

    /** As before, over a link that is this director's from now on. */
    CompletableFuture<Boolean> start(SyncDaemon daemon, SyncLink link) {
        requireNoReplication();
        link.onReceive(wakeUp);
        return commands.submit((result, nowNs) -> {
            SyncSender sender = assembly.sender(link, daemon.config());
            Replication replication =
                    assembly.replication(link, sender, daemon.config(), connections, null);
            boolean started = running.start(daemon, link, replication, nowNs);
            if (!started) {
                link.close();
            }
            result.complete(started);
        });
    }

    /**
     * Stops one.
     *
     * @return whether one was stopped; otherwise there was none
     */
    public CompletableFuture<Boolean> stop(boolean master) {
        return commands.submit((result, _) -> {
            SyncLink link = running.stop(master);
            if (link != null) {
                link.close();
            }
            result.complete(link != null);
        });
    }

    /** Those that run, the master first. */
    public List<SyncDaemon> list() {
        return running.list();
    }

    private void requireNoReplication() {
        if (replicated) {
            throw new IllegalStateException("replication is configured, and follows the addresses");
        }
    }
}
