package dev.tandem.tools.daemon;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.control.Director;
import dev.tandem.director.control.SyncDaemon;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sync daemons by command, as a kernel has them: where no {@code sync} is configured they are
 * really started and stopped. Where it is, this node sends while it owns the addresses and receives
 * while it does not, and nobody may say otherwise.
 */
final class SyncCommands {
    private static final int VERSION = 1;

    private final Director director;
    private final Optional<SyncConfig> configured;
    private final Supplier<Boolean> sending;

    SyncCommands(Cluster cluster) {
        director = cluster.director();
        configured = cluster.config().director().sync();
        sending = () -> director.status().sync().map(status -> status.master()).orElse(false);
    }

    /** What runs, the master first. */
    List<Ipvs.SyncDaemon> list() {
        return configured
                .map(config -> List.of(view(sending.get(), config)))
                .orElseGet(() ->
                        director.syncDaemons().list().stream()
                                .map(daemon -> view(daemon.master(), daemon.config()))
                                .toList());
    }

    Result start(Ipvs.SyncDaemon daemon) throws ApiException {
        boolean master = daemon.role().equals("master");
        if (configured.isPresent()) {
            return master == sending.get() ? new Result("EEXIST", "") : follows(master);
        }
        try {
            if (NetworkInterface.getByName(daemon.interfaceName()) == null) {
                return new Result("ENODEV", "");
            }
            SyncConfig config = config(daemon);
            List<String> problems = config.link().problems();
            if (!problems.isEmpty()) {
                return new Result("EINVAL", "");
            }
            boolean started =
                    IpvsChanges.await(director.syncDaemons().start(new SyncDaemon(master, config)));
            return started ? Result.DONE : new Result("EEXIST", "");
        } catch (IOException e) {
            return new Result("EINVAL", String.valueOf(e.getMessage()));
        }
    }

    Result stop(Ipvs.SyncDaemon daemon) throws ApiException {
        boolean master = daemon.role().equals("master");
        if (configured.isPresent()) {
            return master == sending.get() ? follows(master) : new Result("ESRCH", "");
        }
        return IpvsChanges.await(director.syncDaemons().stop(master))
                ? Result.DONE
                : new Result("ESRCH", "");
    }

    private static Result follows(boolean master) {
        return new Result(
                "EPERM",
                "sync is configured here and follows the addresses: this node "
                        + (master ? "sends while it owns them" : "receives while it does not")
                        + "; see `tandem failover'");
    }

    /** With a kernel's defaults for what was not said. */
    private static SyncConfig config(Ipvs.SyncDaemon daemon) {
        InetAddress group =
                IpvsWords.address(
                        daemon.group().isEmpty() ? SyncLinkConfig.DEFAULT_GROUP : daemon.group());
        return new SyncConfig(
                new SyncLinkConfig(
                        daemon.interfaceName(),
                        group,
                        List.of(),
                        daemon.port() == 0 ? SyncLinkConfig.DEFAULT_PORT : daemon.port(),
                        1,
                        daemon.ttl() == 0 ? SyncLinkConfig.DEFAULT_TTL : daemon.ttl(),
                        daemon.maxLength(),
                        SyncLinkConfig.DEFAULT_QUEUE_LENGTH,
                        0),
                daemon.syncId(),
                VERSION,
                SyncPolicy.KERNEL_DEFAULT,
                SyncConfig.DEFAULT_FLUSH_MS,
                HardeningConfig.OFF);
    }

    private static Ipvs.SyncDaemon view(boolean master, SyncConfig config) {
        SyncLinkConfig link = config.link();
        return new Ipvs.SyncDaemon(
                master ? "master" : "backup",
                link.interfaceName(),
                config.syncId(),
                link.sendLength(),
                IpvsViews.text(link.group()),
                link.port(),
                link.ttl());
    }
}
