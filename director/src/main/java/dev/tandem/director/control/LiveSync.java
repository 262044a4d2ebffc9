package dev.tandem.director.control;

import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.sync.transport.SyncLink;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sync daemons that are started and stopped while the director runs, as a kernel's: up to one
 * master and one backup, each with a link of its own, whoever owns the addresses. There are none
 * where replication is configured, for that follows the ownership. Worker thread only, but for
 * {@link #list}.
 */
final class LiveSync implements ReplicationHook {
    /** A running daemon. */
    private record Running(SyncDaemon daemon, SyncLink link, Replication replication) {}

    private @Nullable Running master;
    private @Nullable Running backup;
    private volatile List<SyncDaemon> list = List.of();

    /** What runs, the master first; any thread. */
    List<SyncDaemon> list() {
        return list;
    }

    /**
     * Starts a daemon.
     *
     * @return false: such a one runs already, and the link is not used
     */
    boolean start(SyncDaemon daemon, SyncLink link, Replication replication, long nowNs) {
        if ((daemon.master() ? master : backup) != null) {
            return false;
        }
        Running running = new Running(daemon, link, replication);
        if (daemon.master()) {
            replication.becomeMaster(nowNs);
            master = running;
        } else {
            backup = running;
        }
        relist();
        return true;
    }

    /**
     * Stops a daemon; what it had written is sent.
     *
     * @return its link, for the caller to close, or null when no such one runs
     */
    @Nullable SyncLink stop(boolean stopMaster) {
        Running running = stopMaster ? master : backup;
        if (running == null) {
            return null;
        }
        running.replication().becomeBackup();
        running.replication().close();
        if (stopMaster) {
            master = null;
        } else {
            backup = null;
        }
        relist();
        return running.link();
    }

    /** Ends all of them, when no turn will come any more; the links are for the caller to close. */
    List<AutoCloseable> stopAll() {
        return Stream.of(true, false)
                .map(this::stop)
                .<AutoCloseable>mapMulti((link, next) -> {
                    if (link != null) {
                        next.accept(link);
                    }
                })
                .toList();
    }

    private void relist() {
        list = Stream.of(master, backup).flatMap(Stream::ofNullable).map(Running::daemon).toList();
    }

    /** Sends and receives what is due; bounded. */
    int doWork(long nowNs) {
        return (master == null ? 0 : master.replication().doWork(nowNs))
                + (backup == null ? 0 : backup.replication().doWork(nowNs));
    }

    /** Records marked for sending and not yet sent. */
    int lagRecords() {
        return master == null ? 0 : master.replication().sender().lagRecords();
    }

    @Override
    public void clientPacket(long entry, long nowNs) {
        if (master != null) {
            master.replication().sender().clientPacket(entry, nowNs);
        }
    }

    @Override
    public void serverPacket(long entry, long nowNs) {
        if (master != null) {
            master.replication().sender().serverPacket(entry, nowNs);
        }
    }

    @Override
    public void kept(long entry, long nowNs) {
        if (master != null) {
            master.replication().sender().kept(entry, nowNs);
        }
    }
}
