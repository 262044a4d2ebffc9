package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsOperation;
import dev.tandem.tools.ipvsadm.Popt.BadOption;
import dev.tandem.tools.ipvsadm.Spellings.Meaning;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one command line as ipvsadm 1.31 does: the same things are refused, in the same order, in
 * the same words. The first option is the command; every option is looked at when it comes, and
 * what belongs together at the end.
 */
final class Parser {
    private static final String TRY = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.";

    /** A month. */
    private static final int MAX_TIMEOUT = 2_678_400;

    private final Popt<Meaning> popt;
    private final ServiceArguments service;
    private final ServerArguments server;
    private final DaemonArguments daemon = new DaemonArguments();
    private final Set<Option> options = EnumSet.noneOf(Option.class);

    private Parser(List<String> words, Names names) {
        popt = new Popt<>(Spellings.ALL, words);
        service = new ServiceArguments(names);
        server = new ServerArguments(names);
    }

    /**
     * Reads a command line.
     *
     * @throws Failure with ipvsadm's message and exit code
     * @throws BadOption when an option behind the command cannot be read
     */
    static Request parse(List<String> words, Names names) throws Failure, BadOption {
        return new Parser(words, names).request();
    }

    private Request request() throws Failure, BadOption {
        Meaning first;
        try {
            first = popt.next();
        } catch (BadOption _) {
            throw tryHelp();
        }
        return switch (first) {
            case null -> throw tryHelp();
            case Meaning.Help() -> new Request.Help();
            case Meaning.Version() -> new Request.Version();
            case Meaning.Says _ -> throw tryHelp();
            case Meaning.Does(Command command) -> command(command);
        };
    }

    /** What ipvsadm says when the first option is no command. */
    static Failure tryHelp() {
        return new Failure(Failure.REFUSED, TRY);
    }

    private Request command(Command command) throws Failure, BadOption {
        if (command == Command.START_DAEMON || command == Command.STOP_DAEMON) {
            daemon.role(command, Objects.requireNonNull(popt.value()));
        }
        for (Meaning next = popt.next(); next != null; next = popt.next()) {
            if (!(next instanceof Meaning.Says(Option option, String kind))) {
                throw Failure.usage("invalid option `%s'".formatted(popt.lastWord()));
            }
            if (option.once() && !options.add(option)) {
                throw Failure.usage("multiple '%s' options specified".formatted(option.word()));
            }
            say(option, kind, popt.value());
            if (option == Option.SORT && popt.value() != null) {
                numericOrder();
            }
        }
        List<String> values = new ArrayList<>(popt.leftovers());
        Ipvs.Timeouts timeouts =
                command == Command.SET_TIMEOUTS ? timeouts(values) : new Ipvs.Timeouts(0, 0, 0);
        if (!values.isEmpty()) {
            throw Failure.usage("unexpected argument %s".formatted(values.getFirst()));
        }
        service.readFlags();
        command.check(options);
        return checked(command, timeouts);
    }

    private void numericOrder() throws BadOption {
        if (!"numeric".equals(popt.value())) {
            throw popt.unwanted();
        }
        options.add(Option.SORT);
    }

    private Request checked(Command command, Ipvs.Timeouts timeouts) throws Failure {
        return switch (command) {
            case ADD_SERVICE, EDIT_SERVICE ->
                    change(
                            command,
                            IpvsOperation.ofService(
                                    operation(command), service.id(), service.settings()));
            case DELETE_SERVICE ->
                    change(
                            command,
                            new IpvsOperation(
                                    operation(command), service.id(), null, null, null, null));
            case ADD_SERVER, EDIT_SERVER, DELETE_SERVER ->
                    change(
                            command,
                            IpvsOperation.ofServer(
                                    operation(command),
                                    service.id(),
                                    server.settings(
                                            command != Command.DELETE_SERVER,
                                            service.id(),
                                            options)));
            case FLUSH -> change(command, IpvsOperation.flush());
            case ZERO -> change(command, IpvsOperation.zero(asked()));
            case SET_TIMEOUTS -> change(command, IpvsOperation.timeouts(timeouts));
            case START_DAEMON, STOP_DAEMON ->
                    change(
                            command,
                            IpvsOperation.daemon(
                                    operation(command),
                                    daemon.daemon(command == Command.START_DAEMON)));
            case LIST -> listing();
            case SAVE -> new Request.Save(options);
            case RESTORE -> new Request.Restore();
        };
    }

    private static Request change(Command command, IpvsOperation operation) {
        return new Request.Change(command, operation);
    }

    private static IpvsOperation.Command operation(Command command) {
        return Objects.requireNonNull(command.operation());
    }

    private Request listing() throws Failure {
        boolean other = any(Option.CONNECTION, Option.TIMEOUT, Option.DAEMON);
        boolean alone = any(Option.TIMEOUT, Option.DAEMON);
        if ((other && any(Option.STATS, Option.RATE, Option.THRESHOLDS))
                || (alone && any(Option.PERSISTENT_CONN))) {
            throw Failure.usage("options conflicts in the list command");
        }
        return new Request.Listing(options, asked());
    }

    private boolean any(Option... wanted) {
        for (Option option : wanted) {
            if (options.contains(option)) {
                return true;
            }
        }
        return false;
    }

    private Ipvs.@Nullable ServiceId asked() throws Failure {
        return options.contains(Option.SERVICE) ? service.id() : null;
    }

    private void say(Option option, String kind, @Nullable String given) throws Failure {
        String value = given == null ? "" : given;
        switch (option) {
            case SERVICE -> service.name(kind, value);
            case IPV6 -> service.ipv6();
            case SCHEDULER -> service.scheduler(value);
            case PERSISTENT -> {
                int seconds = given == null ? 0 : timeout(given, 1);
                service.persistent(seconds);
            }
            case NETMASK -> service.netmask(value);
            case ONE_PACKET -> service.onePacket();
            case ENGINE -> service.engine(value);
            case SCHEDULER_FLAGS -> service.schedulerFlags(value);
            case SERVER -> server.name(value, service.protocol(), service.port());
            case FORWARDING -> server.forwarding(kind);
            case WEIGHT, UPPER_THRESHOLD, LOWER_THRESHOLD -> server.number(option, value);
            case TUNNEL_TYPE -> server.tunnelType(value);
            case TUNNEL_PORT -> server.tunnelPort(value);
            case MCAST_INTERFACE, SYNC_ID, MCAST_GROUP, MCAST_PORT, MCAST_TTL, SYNC_MAXLEN ->
                    daemon.say(option, value);
            case NUMERIC,
                    CONNECTION,
                    TIMEOUT,
                    DAEMON,
                    STATS,
                    RATE,
                    THRESHOLDS,
                    PERSISTENT_CONN,
                    NO_SORT,
                    EXACT,
                    TUNNEL_INFO,
                    TUNNEL_NO_CHECKSUM,
                    TUNNEL_CHECKSUM,
                    TUNNEL_REMOTE_CHECKSUM,
                    SORT -> {}
        }
    }

    /** Takes three of the values. */
    private static Ipvs.Timeouts timeouts(List<String> values) throws Failure {
        if (values.size() < 3) {
            throw Failure.usage("--set option requires 3 timeout values");
        }
        return new Ipvs.Timeouts(
                timeout(values.removeFirst(), 0),
                timeout(values.removeFirst(), 0),
                timeout(values.removeFirst(), 0));
    }

    private static int timeout(String text, int min) throws Failure {
        return Numbers.read(text, min, MAX_TIMEOUT)
                .orElseThrow(() ->
                        Failure.usage("invalid timeout value `%s' specified".formatted(text)));
    }
}
