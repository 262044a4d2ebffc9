package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.ipvsadm.Popt.Spelling;
import dev.tandem.tools.ipvsadm.Popt.Value;
import java.util.List;

/** How every command and option of ipvsadm 1.31 is written. */
final class Spellings {
    /** What an option means. */
    sealed interface Meaning {
        /** Which command it is. */
        record Does(Command command) implements Meaning {}

        /** Which option it is, of what kind where one has several. */
        record Says(Option option, String kind) implements Meaning {}

        /** Wants to know how ipvsadm is used. */
        record Help() implements Meaning {}

        /** Wants to know which version this is. */
        record Version() implements Meaning {}
    }

    static final List<Spelling<Meaning>> ALL =
            List.of(
                    does(Command.ADD_SERVICE, 'A', "add-service"),
                    does(Command.EDIT_SERVICE, 'E', "edit-service"),
                    does(Command.DELETE_SERVICE, 'D', "delete-service"),
                    does(Command.FLUSH, 'C', "clear"),
                    does(Command.LIST, 'L', "list"),
                    does(Command.LIST, 'l', ""),
                    does(Command.ZERO, 'Z', "zero"),
                    does(Command.ADD_SERVER, 'a', "add-server"),
                    does(Command.EDIT_SERVER, 'e', "edit-server"),
                    does(Command.DELETE_SERVER, 'd', "delete-server"),
                    does(Command.RESTORE, 'R', "restore"),
                    does(Command.SAVE, 'S', "save"),
                    does(Command.SET_TIMEOUTS, '\0', "set"),
                    daemon(Command.START_DAEMON, "start-daemon"),
                    daemon(Command.STOP_DAEMON, "stop-daemon"),
                    new Spelling<>(new Meaning.Help(), 'h', "help", Value.NONE),
                    new Spelling<>(new Meaning.Version(), 'v', "version", Value.NONE),
                    kind(Option.SERVICE, "TCP", 't', "tcp-service", Value.NEEDED),
                    kind(Option.SERVICE, "UDP", 'u', "udp-service", Value.NEEDED),
                    kind(Option.SERVICE, "SCTP", '\0', "sctp-service", Value.NEEDED),
                    kind(Option.SERVICE, "", 'f', "fwmark-service", Value.NEEDED),
                    flag(Option.IPV6, '6', "ipv6"),
                    needs(Option.SCHEDULER, 's', "scheduler"),
                    kind(Option.PERSISTENT, "", 'p', "persistent", Value.OPTIONAL),
                    needs(Option.NETMASK, 'M', "netmask"),
                    needs(Option.ENGINE, '\0', "pe"),
                    needs(Option.SCHEDULER_FLAGS, 'b', "sched-flags"),
                    flag(Option.ONE_PACKET, 'o', "ops"),
                    needs(Option.SERVER, 'r', "real-server"),
                    kind(Option.FORWARDING, "nat", 'm', "masquerading", Value.NONE),
                    kind(Option.FORWARDING, "tunnel", 'i', "ipip", Value.NONE),
                    kind(Option.FORWARDING, "dr", 'g', "gatewaying", Value.NONE),
                    needs(Option.WEIGHT, 'w', "weight"),
                    needs(Option.UPPER_THRESHOLD, 'x', "u-threshold"),
                    needs(Option.LOWER_THRESHOLD, 'y', "l-threshold"),
                    needs(Option.TUNNEL_TYPE, '\0', "tun-type"),
                    needs(Option.TUNNEL_PORT, '\0', "tun-port"),
                    flag(Option.TUNNEL_NO_CHECKSUM, '\0', "tun-nocsum"),
                    flag(Option.TUNNEL_CHECKSUM, '\0', "tun-csum"),
                    flag(Option.TUNNEL_REMOTE_CHECKSUM, '\0', "tun-remcsum"),
                    flag(Option.NUMERIC, 'n', "numeric"),
                    flag(Option.CONNECTION, 'c', "connection"),
                    flag(Option.TIMEOUT, '\0', "timeout"),
                    flag(Option.DAEMON, '\0', "daemon"),
                    flag(Option.STATS, '\0', "stats"),
                    flag(Option.RATE, '\0', "rate"),
                    flag(Option.THRESHOLDS, '\0', "thresholds"),
                    flag(Option.PERSISTENT_CONN, '\0', "persistent-conn"),
                    flag(Option.TUNNEL_INFO, '\0', "tun-info"),
                    flag(Option.NO_SORT, '\0', "nosort"),
                    kind(Option.SORT, "", '\0', "sort", Value.ATTACHED),
                    flag(Option.EXACT, 'X', "exact"),
                    needs(Option.MCAST_INTERFACE, '\0', "mcast-interface"),
                    needs(Option.MCAST_GROUP, '\0', "mcast-group"),
                    needs(Option.MCAST_PORT, '\0', "mcast-port"),
                    needs(Option.MCAST_TTL, '\0', "mcast-ttl"),
                    needs(Option.SYNC_ID, '\0', "syncid"),
                    needs(Option.SYNC_MAXLEN, '\0', "sync-maxlen"));

    private Spellings() {}

    private static Spelling<Meaning> does(Command command, char letter, String name) {
        return new Spelling<>(new Meaning.Does(command), letter, name, Value.NONE);
    }

    private static Spelling<Meaning> daemon(Command command, String name) {
        return new Spelling<>(new Meaning.Does(command), '\0', name, Value.NEEDED);
    }

    private static Spelling<Meaning> flag(Option option, char letter, String name) {
        return kind(option, "", letter, name, Value.NONE);
    }

    private static Spelling<Meaning> needs(Option option, char letter, String name) {
        return kind(option, "", letter, name, Value.NEEDED);
    }

    private static Spelling<Meaning> kind(
            Option option, String kind, char letter, String name, Value value) {
        return new Spelling<>(new Meaning.Says(option, kind), letter, name, value);
    }
}
