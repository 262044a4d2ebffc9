package dev.tandem.director.conn;

import dev.tandem.sync.wire.IpProtocol;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which connections to list.
 *
 * @param protocol IP protocol number, {@link #ANY_PROTOCOL}: any
 * @param state name of a state as listings show it, empty: any
 */
public record ConnectionFilter(
        int protocol,
        EndpointFilter client,
        EndpointFilter virtual,
        EndpointFilter real,
        String state) {
    /** What is no protocol's number; 0 is that of templates of firewall marks. */
    public static final int ANY_PROTOCOL = -1;

    /** By the name that users type. */
    private static final Map<String, Integer> PROTOCOLS = protocols();

    /** Every connection. */
    public static final ConnectionFilter ALL =
            new ConnectionFilter(
                    ANY_PROTOCOL, EndpointFilter.ANY, EndpointFilter.ANY, EndpointFilter.ANY, "");

    /**
     * Reads what a user typed; an empty text stands for any.
     *
     * @param protocol tcp, udp, sctp, esp, ah, or ip for templates of firewall marks, in any case
     * @param client see {@link EndpointFilter#parse}, as for {@code virtual} and {@code real}
     * @param state a state's name, in any case
     * @throws IllegalArgumentException with a message for the user
     */
    public static ConnectionFilter parse(
            String protocol, String client, String virtual, String real, String state) {
        return new ConnectionFilter(
                protocol.isEmpty() ? ANY_PROTOCOL : protocolNumber(protocol),
                EndpointFilter.parse(client),
                EndpointFilter.parse(virtual),
                EndpointFilter.parse(real),
                state.isEmpty() ? "" : stateName(state));
    }

    /** Whether the entry is one of those. Worker thread. */
    public boolean matches(long entry) {
        if (protocol != ANY_PROTOCOL && protocol != ConnectionEntry.protocol(entry)) {
            return false;
        }
        boolean endpoints = ConnectionEntry.isIpv6(entry) ? matches6(entry) : matches4(entry);
        return endpoints
                && matchesReal(entry)
                && (state.isEmpty() || state.equals(ConnectionView.stateName(entry)));
    }

    private boolean matchesReal(long entry) {
        int port = ConnectionEntry.realPort(entry);
        return ConnectionEntry.isRealIpv6(entry)
                ? real.matches(
                        ConnectionEntry.realHigh(entry), ConnectionEntry.realLow(entry), port)
                : real.matches((int) ConnectionEntry.realLow(entry), port);
    }

    private boolean matches4(long entry) {
        return client.matches(
                        ConnectionEntry.clientAddress(entry), ConnectionEntry.clientPort(entry))
                && virtual.matches(
                        ConnectionEntry.virtualAddress(entry), ConnectionEntry.virtualPort(entry));
    }

    private boolean matches6(long entry) {
        return client.matches(
                        EntryAddresses6.clientHigh(entry),
                        EntryAddresses6.clientLow(entry),
                        ConnectionEntry.clientPort(entry))
                && virtual.matches(
                        EntryAddresses6.virtualHigh(entry),
                        EntryAddresses6.virtualLow(entry),
                        ConnectionEntry.virtualPort(entry));
    }

    private static Map<String, Integer> protocols() {
        Map<String, Integer> protocols = new LinkedHashMap<>();
        protocols.put("tcp", IpProtocol.TCP);
        protocols.put("udp", IpProtocol.UDP);
        protocols.put("sctp", IpProtocol.SCTP);
        protocols.put("esp", IpProtocol.ESP);
        protocols.put("ah", IpProtocol.AH);
        protocols.put("ip", IpProtocol.IP);
        return protocols;
    }

    private static int protocolNumber(String name) {
        Integer number = PROTOCOLS.get(name.toLowerCase(Locale.ROOT));
        if (number == null) {
            throw new IllegalArgumentException(
                    "unknown protocol '"
                            + name
                            + "'; known: "
                            + String.join(", ", PROTOCOLS.keySet()));
        }
        return number;
    }

    private static String stateName(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!EntryStates.names().contains(upper)) {
            throw new IllegalArgumentException(
                    "unknown state '"
                            + name
                            + "'; known: "
                            + String.join(", ", EntryStates.names()));
        }
        return upper;
    }
}
