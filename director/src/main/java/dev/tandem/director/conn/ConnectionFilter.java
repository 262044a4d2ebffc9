package dev.tandem.director.conn;

import dev.tandem.director.config.Transport;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Which connections to list.
 *
 * @param protocol IP protocol number, 0: any
 * @param state name of a state as listings show it, empty: any
 */
public record ConnectionFilter(
        int protocol,
        EndpointFilter client,
        EndpointFilter virtual,
        EndpointFilter real,
        String state) {
    /** Every connection. */
    public static final ConnectionFilter ALL =
            new ConnectionFilter(0, EndpointFilter.ANY, EndpointFilter.ANY, EndpointFilter.ANY, "");

    /**
     * Reads what a user typed; an empty text stands for any.
     *
     * @param protocol tcp or udp, in any case
     * @param client see {@link EndpointFilter#parse}, as for {@code virtual} and {@code real}
     * @param state a state's name, in any case
     * @throws IllegalArgumentException with a message for the user
     */
    public static ConnectionFilter parse(
            String protocol, String client, String virtual, String real, String state) {
        return new ConnectionFilter(
                protocol.isEmpty() ? 0 : protocolNumber(protocol),
                EndpointFilter.parse(client),
                EndpointFilter.parse(virtual),
                EndpointFilter.parse(real),
                state.isEmpty() ? "" : stateName(state));
    }

    /** Whether the entry is one of those. Worker thread. */
    public boolean matches(long entry) {
        return (protocol == 0 || protocol == ConnectionEntry.protocol(entry))
                && client.matches(
                        ConnectionEntry.clientAddress(entry), ConnectionEntry.clientPort(entry))
                && virtual.matches(
                        ConnectionEntry.virtualAddress(entry), ConnectionEntry.virtualPort(entry))
                && real.matches(ConnectionEntry.realAddress(entry), ConnectionEntry.realPort(entry))
                && (state.isEmpty() || state.equals(ConnectionView.stateName(entry)));
    }

    private static int protocolNumber(String name) {
        for (Transport transport : Transport.values()) {
            if (transport.name().equalsIgnoreCase(name)) {
                return transport.number();
            }
        }
        throw new IllegalArgumentException("unknown protocol '" + name + "'; known: tcp, udp");
    }

    private static String stateName(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        boolean known =
                upper.equals(ConnectionView.UDP_STATE)
                        || Arrays.stream(TcpState.values()).anyMatch(s -> s.name().equals(upper));
        if (!known) {
            String names =
                    Arrays.stream(TcpState.values())
                            .map(TcpState::name)
                            .collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "unknown state '"
                            + name
                            + "'; known: "
                            + names
                            + ", "
                            + ConnectionView.UDP_STATE);
        }
        return upper;
    }
}
