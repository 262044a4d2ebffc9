package dev.tandem.director.conn;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.sync.wire.IpProtocol;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the states of entries are called and how long they last, by protocol
 * (net/netfilter/ipvs/ip_vs_conn.c, ip_vs_state_name, and the tables of ip_vs_proto_*.c).
 */
public final class EntryStates {
    /** What stays when nobody says how long: templates, and protocols without states. */
    public static final int OTHER_TIMEOUT_SECONDS = 180;

    private static final String UDP = "UDP";
    private static final String TEMPLATE_NONE = "NONE";
    private static final String TEMPLATE_ASSURED = "ASSURED";

    /** What the kernel lists for a protocol without states, such as ESP, or a state unknown. */
    private static final String UNNAMED = "ERR!";

    private static final List<String> TCP_NAMES =
            Arrays.stream(TcpState.values()).map(TcpState::name).toList();
    private static final List<String> SCTP_NAMES =
            Arrays.stream(SctpState.values()).map(SctpState::listedName).toList();

    private EntryStates() {}

    /** Every name that {@link #name} can give. */
    public static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(TCP_NAMES);
        names.add(UDP);
        names.addAll(SCTP_NAMES);
        names.add(TEMPLATE_ASSURED);
        return names;
    }

    /** The name of a state as the kernel lists it. */
    public static String name(int protocol, boolean template, int state) {
        if (template) {
            return (state & 1) != 0 ? TEMPLATE_ASSURED : TEMPLATE_NONE;
        }
        return switch (protocol) {
            case IpProtocol.TCP -> name(TCP_NAMES, state);
            case IpProtocol.UDP -> UDP;
            case IpProtocol.SCTP -> name(SCTP_NAMES, state);
            default -> UNNAMED;
        };
    }

    private static String name(List<String> names, int state) {
        return state < names.size() ? names.get(state) : UNNAMED;
    }

    /** The timeout of a state in seconds, of those that {@code SyncState.count} permits. */
    static int timeoutSeconds(
            DirectorSettings settings, int protocol, boolean template, int state) {
        if (template) {
            return OTHER_TIMEOUT_SECONDS;
        }
        return switch (protocol) {
            case IpProtocol.TCP -> settings.tcpTimeoutSeconds(state);
            case IpProtocol.UDP -> settings.get(Setting.TIMEOUT_UDP);
            case IpProtocol.SCTP -> settings.sctpTimeoutSeconds(state);
            default -> OTHER_TIMEOUT_SECONDS;
        };
    }
}
