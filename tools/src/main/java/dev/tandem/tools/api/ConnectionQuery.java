package dev.tandem.tools.api;

import dev.tandem.director.config.Transport;
import dev.tandem.tools.config.AddressSyntax;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which connections are asked for; what is empty matches all.
 *
 * @param state the kernel's name, such as ESTABLISHED
 * @param limit most entries to answer with
 */
public record ConnectionQuery(
        Optional<Transport> protocol,
        Optional<Endpoint> client,
        Optional<Endpoint> virtual,
        Optional<Endpoint> real,
        Optional<String> state,
        int limit) {
    public static final int DEFAULT_LIMIT = 1000;
    public static final int MAX_LIMIT = 100_000;

    static final Set<String> PARAMETERS =
            new LinkedHashSet<>(List.of("protocol", "client", "virtual", "real", "state", "limit"));

    /**
     * An address and a port.
     *
     * @param port 0 for any
     */
    public record Endpoint(InetAddress address, int port) {
        private static Optional<Endpoint> parse(String text) {
            int colon = text.indexOf(':');
            Optional<InetAddress> address =
                    AddressSyntax.ipv4(colon < 0 ? text : text.substring(0, colon));
            Optional<Integer> port =
                    colon < 0 ? Optional.of(0) : number(text.substring(colon + 1), 1, 65535);
            return address.flatMap(a -> port.map(p -> new Endpoint(a, p)));
        }
    }

    /**
     * Reads the parameters.
     *
     * @throws ApiException 400, naming the parameter and what it may be
     */
    static ConnectionQuery from(Query query) throws ApiException {
        String endpoint = "an IPv4 address or address:port";
        return new ConnectionQuery(
                query.get("protocol", "tcp or udp", ConnectionQuery::protocol),
                query.get("client", endpoint, Endpoint::parse),
                query.get("virtual", endpoint, Endpoint::parse),
                query.get("real", endpoint, Endpoint::parse),
                query.get("state", "a word such as ESTABLISHED", ConnectionQuery::word),
                query.get(
                                "limit",
                                "a whole number from 1 to " + MAX_LIMIT,
                                text -> number(text, 1, MAX_LIMIT))
                        .orElse(DEFAULT_LIMIT));
    }

    private static Optional<Transport> protocol(String text) {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport.name().equalsIgnoreCase(text))
                .findFirst();
    }

    private static Optional<String> word(String text) {
        return Optional.of(text.toUpperCase(Locale.ROOT)).filter(w -> w.matches("[A-Z_]{1,20}"));
    }

    private static Optional<Integer> number(String text, int min, int max) {
        return Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .filter(number -> min <= number && number <= max);
    }
}
