package dev.tandem.director.service;

import static dev.tandem.director.service.ServiceError.EINVAL;
import static dev.tandem.director.service.ServiceError.ENOENT;
import static dev.tandem.director.service.ServiceError.ERANGE;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.sched.Scheduler;
import dev.tandem.director.sched.SchedulerContext;
import dev.tandem.director.sched.Schedulers;
import java.net.InetAddress;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what makes no sense, with the kernel's error and in the kernel's order of checks (reached
 * by netlink; ip_vs_ctl.c). Where the kernel accepts what it then cannot do, it is refused too.
 */
final class ServiceChecks {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PERSISTENCE_SECONDS = 2_678_400;

    private final Surroundings surroundings;

    ServiceChecks(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** A service that is to be as this says. */
    void service(ServiceId id, ServiceOptions options) {
        String scheduler = options.scheduler();
        require(
                scheduler.equals(ServiceOptions.NO_SCHEDULER)
                        || Schedulers.names().contains(scheduler),
                ENOENT,
                () ->
                        "unknown scheduler '%s'; known: %s"
                                .formatted(scheduler, String.join(", ", Schedulers.names())));
        require(
                options.engine().isEmpty() || surroundings.engines().contains(options.engine()),
                ENOENT,
                () -> "unknown persistence engine '%s'".formatted(options.engine()));
        require(
                !id.isIpv6() || (options.netmask() >= 1 && options.netmask() <= 128),
                EINVAL,
                () -> "prefix length %d is not from 1 to 128".formatted(options.netmask()));
        switch (id) {
            case AddressService(_, _, int port) -> port(port);
            case MarkService(int fwmark, _) ->
                    require(fwmark != 0, EINVAL, () -> "a firewall mark is not 0");
        }
        require(
                options.persistenceSeconds() >= 0
                        && options.persistenceSeconds() <= MAX_PERSISTENCE_SECONDS,
                EINVAL,
                () ->
                        "persistence of %d s is not from 0 to %d"
                                .formatted(options.persistenceSeconds(), MAX_PERSISTENCE_SECONDS));
    }

    /** A scheduler as the options ask for, or null for none; it has room for so many servers. */
    @Nullable Scheduler scheduler(ServiceOptions options, int servers) {
        if (options.scheduler().equals(ServiceOptions.NO_SCHEDULER)) {
            return null;
        }
        Scheduler scheduler;
        try {
            scheduler =
                    Schedulers.create(
                            options.scheduler(),
                            new SchedulerContext(
                                    options.schedulerFlags(),
                                    surroundings.settings(),
                                    new SplittableRandom()));
        } catch (IllegalArgumentException e) {
            throw new ServiceException(EINVAL, String.valueOf(e.getMessage()));
        }
        require(
                servers <= scheduler.maxServers(),
                EINVAL,
                () ->
                        "scheduler %s can choose from %d servers at most"
                                .formatted(options.scheduler(), scheduler.maxServers()));
        return scheduler;
    }

    /** How a server is to be reached: the first checks of adding and editing one. */
    void settings(VirtualService service, RealServerConfig server) {
        settings(service.id(), server);
    }

    void settings(ServiceId service, RealServerConfig server) {
        boolean mixed = server.isIpv6() != service.isIpv6();
        require(
                !mixed || !surroundings.replicated(),
                EINVAL,
                () ->
                        ("%s is of another address family than its service, which the sync"
                                        + " protocol cannot express")
                                .formatted(server.name()));
        require(
                !mixed || server.forwarding() == Forwarding.TUNNEL,
                EINVAL,
                () ->
                        ("%s is of another address family than its service: it can be reached"
                                        + " by tunnel only")
                                .formatted(server.name()));
        require(
                server.forwarding() != Forwarding.LOCAL && server.forwarding() != Forwarding.BYPASS,
                EINVAL,
                () -> "%s: a server is reached by nat, dr or tunnel".formatted(server.name()));
        require(
                server.weight() >= 0,
                ERANGE,
                () -> "weight %d is negative".formatted(server.weight()));
        require(
                Integer.compareUnsigned(server.lowerThreshold(), server.upperThreshold()) <= 0,
                ERANGE,
                () ->
                        "lower threshold %s is above the upper one, %s"
                                .formatted(
                                        Integer.toUnsignedString(server.lowerThreshold()),
                                        Integer.toUnsignedString(server.upperThreshold())));
        require(
                server.upperThreshold() >= 0,
                EINVAL,
                () ->
                        "upper threshold %s is above %d"
                                .formatted(
                                        Integer.toUnsignedString(server.upperThreshold()),
                                        Integer.MAX_VALUE));
        Tunnel tunnel = server.tunnel();
        require(
                tunnel.type() != Tunnel.Type.GUE || tunnel.port() != 0,
                EINVAL,
                () -> "a tunnel by gue needs a port");
        port(tunnel.port());
        port(server.port());
    }

    /** Where a server is that is to be added. */
    void address(RealServerConfig server) {
        InetAddress address = server.address();
        require(
                isUnicast(address, server.isIpv6()),
                EINVAL,
                () -> "%s is not the address of a host".formatted(address.getHostAddress()));
        require(
                !address.isLoopbackAddress() && !surroundings.isOwn().test(address),
                EINVAL,
                () ->
                        ("%s is this director itself, which cannot be a real server: packets go out to"
                                        + " servers, and none would come back")
                                .formatted(address.getHostAddress()));
    }

    private static boolean isUnicast(InetAddress address, boolean ipv6) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        if (ipv6) {
            return !address.isLinkLocalAddress();
        }
        byte[] bytes = address.getAddress();
        boolean broadcast = (bytes[0] & bytes[1] & bytes[2] & bytes[3] & 0xFF) == 0xFF;
        return bytes[0] != 0 && !broadcast;
    }

    private static void port(int port) {
        require(
                port >= 0 && port <= MAX_PORT,
                EINVAL,
                () -> "port %d is not from 0 to 65535".formatted(port));
    }

    /** The message is made when it is needed: thousands of servers are checked at a time. */
    static void require(boolean right, ServiceError error, Supplier<String> message) {
        if (!right) {
            throw new ServiceException(error, message.get());
        }
    }
}
