package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.IpvsAnswer;
import java.util.Map;

/** What ipvsadm says when the kernel refuses a command. */
final class KernelErrors {
    private static final String NO_SERVICE = "No such service";

    private static final Map<String, String> ANY =
            Map.of(
                    "EPERM", "Permission denied (you must be root)",
                    "EINVAL",
                            "Invalid operation.  Possibly wrong module version, address not"
                                    + " unicast, ...",
                    "ENOPROTOOPT", "Protocol not available",
                    "ENOMEM", "Memory allocation problem",
                    "EOPNOTSUPP", "Operation not supported with IPv6",
                    "EAFNOSUPPORT", "Operation not supported with specified address family",
                    "EMSGSIZE", "Module is wrong version",
                    "ERANGE", "Numerical result out of range",
                    "ENODEV", "No such device");

    private KernelErrors() {}

    /**
     * The text of an errno.
     *
     * @param result of the operation: its own reason is said where no kernel has one, such as when
     *     the failover layer decides who syncs
     */
    static String text(Command command, IpvsAnswer.Result result) {
        String ofCommand =
                switch (command) {
                    case ADD_SERVICE -> addService(result.errno());
                    case EDIT_SERVICE, DELETE_SERVICE, ZERO -> ofService(result.errno());
                    case ADD_SERVER, EDIT_SERVER, DELETE_SERVER -> ofServer(result.errno());
                    case START_DAEMON ->
                            result.errno().equals("EEXIST") ? "Daemon has already run" : "";
                    case STOP_DAEMON ->
                            result.errno().equals("ESRCH") ? "No daemon is running" : "";
                    case FLUSH, SET_TIMEOUTS, LIST, SAVE, RESTORE -> "";
                };
        boolean daemon = command == Command.START_DAEMON || command == Command.STOP_DAEMON;
        if (daemon && !result.reason().isEmpty()) {
            return result.reason();
        }
        if (!ofCommand.isEmpty()) {
            return ofCommand;
        }
        String known = ANY.get(result.errno());
        return known != null ? known : result.reason().isEmpty() ? result.errno() : result.reason();
    }

    /** When a service that was asked for is not there. */
    static String noService() {
        return NO_SERVICE;
    }

    private static String addService(String errno) {
        return switch (errno) {
            case "EEXIST" -> "Service already exists";
            case "ENOENT" -> "Scheduler or persistence engine not found";
            default -> "";
        };
    }

    private static String ofService(String errno) {
        return switch (errno) {
            case "ESRCH" -> NO_SERVICE;
            case "ENOENT" -> "Scheduler or persistence engine not found";
            default -> "";
        };
    }

    private static String ofServer(String errno) {
        return switch (errno) {
            case "ESRCH" -> "Service not defined";
            case "EEXIST" -> "Destination already exists";
            case "ENOENT" -> "No such destination";
            default -> "";
        };
    }
}
