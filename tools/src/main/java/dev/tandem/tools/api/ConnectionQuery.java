package dev.tandem.tools.api;

import dev.tandem.director.conn.ConnectionFilter;
import dev.tandem.director.conn.EndpointFilter;
import java.util.List;

/**
 * Which connections are asked for.
 *
 * @param limit most entries to answer with, 1 to {@value #MAX_LIMIT}
 */
public record ConnectionQuery(ConnectionFilter filter, int limit) {
    public static final int DEFAULT_LIMIT = 1000;
    public static final int MAX_LIMIT = 100_000;

    static final List<String> PARAMETERS =
            List.of("cluster", "protocol", "client", "virtual", "real", "state", "limit");

    /**
     * Reads the parameters.
     *
     * @throws ApiException 400, naming the parameter and what it may be
     */
    static ConnectionQuery from(Query query) throws ApiException {
        return new ConnectionQuery(
                new ConnectionFilter(
                        query.read("protocol", ConnectionQuery::protocol),
                        query.read("client", EndpointFilter::parse),
                        query.read("virtual", EndpointFilter::parse),
                        query.read("real", EndpointFilter::parse),
                        query.read("state", ConnectionQuery::state)),
                query.read("limit", ConnectionQuery::limit));
    }

    private static int protocol(String text) {
        return ConnectionFilter.parse(text, "", "", "", "").protocol();
    }

    private static String state(String text) {
        return ConnectionFilter.parse("", "", "", "", text).state();
    }

    private static int limit(String text) {
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        if (text.matches("\\d{1,9}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a whole number from 1 to " + MAX_LIMIT);
    }
}
