package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One change, in the words of the kernel's netlink family.
 *
 * @param command what to do
 * @param service for all commands on services and servers; without it {@link Command#ZERO} is for
 *     everything
 * @param settings of the service, for {@link Command#ADD_SERVICE} and {@link Command#EDIT_SERVICE}
 * @param server for commands on servers; to delete one, address and port are enough
 * @param daemon for {@link Command#START_DAEMON} and {@link Command#STOP_DAEMON}
 * @param timeouts for {@link Command#SET_TIMEOUTS}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IpvsOperation(
        Command command,
        Ipvs.@Nullable ServiceId service,
        Ipvs.@Nullable ServiceSettings settings,
        Ipvs.@Nullable ServerSettings server,
        Ipvs.@Nullable SyncDaemon daemon,
        Ipvs.@Nullable Timeouts timeouts) {

    /** What can be done. */
    public enum Command {
        ADD_SERVICE,
        EDIT_SERVICE,
        DELETE_SERVICE,
        ADD_SERVER,
        EDIT_SERVER,
        DELETE_SERVER,
        FLUSH,
        ZERO,
        SET_TIMEOUTS,
        START_DAEMON,
        STOP_DAEMON
    }

    /** A change of a service. */
    public static IpvsOperation ofService(
            Command command, Ipvs.ServiceId service, Ipvs.ServiceSettings settings) {
        return new IpvsOperation(command, service, settings, null, null, null);
    }

    /** A change of a server. */
    public static IpvsOperation ofServer(
            Command command, Ipvs.ServiceId service, Ipvs.ServerSettings server) {
        return new IpvsOperation(command, service, null, server, null, null);
    }

    /** Forgets all services and servers. */
    public static IpvsOperation flush() {
        return new IpvsOperation(Command.FLUSH, null, null, null, null, null);
    }

    /** Sets the counters of a service and its servers back to zero, or with null all there are. */
    public static IpvsOperation zero(Ipvs.@Nullable ServiceId service) {
        return new IpvsOperation(Command.ZERO, service, null, null, null, null);
    }

    /** Sets timeouts. */
    public static IpvsOperation timeouts(Ipvs.Timeouts timeouts) {
        return new IpvsOperation(Command.SET_TIMEOUTS, null, null, null, null, timeouts);
    }

    /** Starts or stops a half of the connection sync. */
    public static IpvsOperation daemon(Command command, Ipvs.SyncDaemon daemon) {
        return new IpvsOperation(command, null, null, null, daemon, null);
    }

    /** Whether it changes what the nodes of a cluster share when services are replicated. */
    public boolean ofCluster() {
        return switch (command) {
            case ADD_SERVICE,
                    EDIT_SERVICE,
                    DELETE_SERVICE,
                    ADD_SERVER,
                    EDIT_SERVER,
                    DELETE_SERVER,
                    FLUSH,
                    SET_TIMEOUTS ->
                    true;
            case ZERO, START_DAEMON, STOP_DAEMON -> false;
        };
    }

    /**
     * Refuses what lacks something that its command needs.
     *
     * @throws ApiException 400
     */
    void check() throws ApiException {
        boolean needsService =
                switch (command) {
                    case ADD_SERVICE,
                            EDIT_SERVICE,
                            DELETE_SERVICE,
                            ADD_SERVER,
                            EDIT_SERVER,
                            DELETE_SERVER ->
                            true;
                    case FLUSH, ZERO, SET_TIMEOUTS, START_DAEMON, STOP_DAEMON -> false;
                };
        boolean needsServer =
                switch (command) {
                    case ADD_SERVER, EDIT_SERVER, DELETE_SERVER -> true;
                    default -> false;
                };
        boolean needsSettings = command == Command.ADD_SERVICE || command == Command.EDIT_SERVICE;
        boolean needsDaemon = command == Command.START_DAEMON || command == Command.STOP_DAEMON;
        require(!needsService || service != null, "service");
        require(!needsSettings || settings != null, "settings");
        require(!needsServer || server != null, "server");
        require(!needsDaemon || daemon != null, "daemon");
        require(command != Command.SET_TIMEOUTS || timeouts != null, "timeouts");
    }

    private void require(boolean there, String name) throws ApiException {
        if (!there) {
            throw new ApiException(400, command + " needs a " + name);
        }
    }
}
