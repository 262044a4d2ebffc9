package dev.tandem.tools.ipvsadm;

import static dev.tandem.tools.ipvsadm.Option.*;

import dev.tandem.tools.api.IpvsOperation;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the first option says, and which options may stand behind it. */
enum Command {
    ADD_SERVICE(
            "add-service",
            IpvsOperation.Command.ADD_SERVICE,
            EnumSet.of(SERVICE),
            EnumSet.of(SCHEDULER, PERSISTENT, NETMASK, ONE_PACKET, ENGINE, SCHEDULER_FLAGS)),
    EDIT_SERVICE(
            "edit-service",
            IpvsOperation.Command.EDIT_SERVICE,
            EnumSet.of(SERVICE),
            EnumSet.of(SCHEDULER, PERSISTENT, NETMASK, ONE_PACKET, ENGINE, SCHEDULER_FLAGS)),
    DELETE_SERVICE(
            "delete-service", IpvsOperation.Command.DELETE_SERVICE, EnumSet.of(SERVICE), none()),
    FLUSH("flush", IpvsOperation.Command.FLUSH, none(), none()),
    LIST(
            "list",
            null,
            none(),
            EnumSet.of(
                    NUMERIC,
                    CONNECTION,
                    SERVICE,
                    TIMEOUT,
                    DAEMON,
                    STATS,
                    RATE,
                    THRESHOLDS,
                    PERSISTENT_CONN,
                    NO_SORT,
                    SYNC_ID,
                    EXACT,
                    TUNNEL_INFO)),
    ADD_SERVER(
            "add-server",
            IpvsOperation.Command.ADD_SERVER,
            EnumSet.of(SERVICE, SERVER),
            ofServer()),
    DELETE_SERVER(
            "delete-server",
            IpvsOperation.Command.DELETE_SERVER,
            EnumSet.of(SERVICE, SERVER),
            none()),
    EDIT_SERVER(
            "edit-server",
            IpvsOperation.Command.EDIT_SERVER,
            EnumSet.of(SERVICE, SERVER),
            ofServer()),
    SET_TIMEOUTS("set", IpvsOperation.Command.SET_TIMEOUTS, none(), none()),
    START_DAEMON(
            "start-daemon",
            IpvsOperation.Command.START_DAEMON,
            none(),
            EnumSet.of(MCAST_INTERFACE, SYNC_ID, MCAST_GROUP, MCAST_PORT, MCAST_TTL, SYNC_MAXLEN)),
    STOP_DAEMON("stop-daemon", IpvsOperation.Command.STOP_DAEMON, none(), EnumSet.of(SYNC_ID)),
    RESTORE("restore", null, none(), none()),
    /** The last three are ours: ipvsadm itself refuses them. */
    SAVE("save", null, none(), EnumSet.of(NUMERIC, THRESHOLDS, TIMEOUT, DAEMON)),
    ZERO("zero", IpvsOperation.Command.ZERO, none(), EnumSet.of(SERVICE));

    /** Of these a listing takes one. */
    private static final Set<Option> LISTED = EnumSet.of(CONNECTION, SERVICE, TIMEOUT, DAEMON);

    private final String word;
    private final IpvsOperation.@Nullable Command operation;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final Set<Option> needed;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final Set<Option> allowed;

    Command(
            String word,
            IpvsOperation.@Nullable Command operation,
            EnumSet<Option> needed,
            EnumSet<Option> optional) {
        this.word = word;
        this.operation = operation;
        this.needed = needed;
        allowed = EnumSet.copyOf(optional);
        allowed.addAll(needed);
    }

    /** What it changes; null when it changes nothing by itself. */
    IpvsOperation.@Nullable Command operation() {
        return operation;
    }

    /**
     * Refuses options that do not go with this command.
     *
     * @throws Failure with what ipvsadm says of the first of them
     */
    void check(Set<Option> given) throws Failure {
        Option listed = null;
        for (Option option : values(given)) {
            if (!given.contains(option)) {
                throw Failure.usage(
                        "You need to supply the '%s' option for the '%s' command"
                                .formatted(option.word(), word));
            }
            if (!allowed.contains(option)) {
                throw Failure.usage(
                        "Illegal '%s' option with the '%s' command".formatted(option.word(), word));
            }
            if (this == LIST && LISTED.contains(option)) {
                if (listed != null) {
                    throw Failure.usage(
                            "The option '%s' conflicts with the '%s' option in the '%s' command"
                                    .formatted(option.word(), listed.word(), word));
                }
                listed = option;
            }
        }
    }

    /** In their order, what is there or should be. */
    private Set<Option> values(Set<Option> given) {
        EnumSet<Option> all = EnumSet.copyOf(needed.isEmpty() ? none() : needed);
        for (Option option : given) {
            if (option.once()) {
                all.add(option);
            }
        }
        return all;
    }

    private static EnumSet<Option> none() {
        return EnumSet.noneOf(Option.class);
    }

    private static EnumSet<Option> ofServer() {
        return EnumSet.of(
                FORWARDING,
                WEIGHT,
                UPPER_THRESHOLD,
                LOWER_THRESHOLD,
                TUNNEL_TYPE,
                TUNNEL_PORT,
                TUNNEL_NO_CHECKSUM,
                TUNNEL_CHECKSUM,
                TUNNEL_REMOTE_CHECKSUM);
    }
}
