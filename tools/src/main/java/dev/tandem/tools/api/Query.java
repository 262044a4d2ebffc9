package dev.tandem.tools.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The parameters of one request. Errors name the parameter and what it may be. */
final class Query {
    private final Map<String, List<String>> parameters;

    /**
     * Refuses parameters that are not known and such that are there twice.
     *
     * @throws ApiException 400
     */
    Query(QueryStringDecoder uri, List<String> known) throws ApiException {
        try {
            parameters = uri.parameters();
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "the query is malformed: " + e.getMessage());
        }
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (!known.contains(parameter.getKey())) {
                String allowed =
                        known.isEmpty() ? "none here" : "known here: " + String.join(", ", known);
                throw new ApiException(
                        400, "unknown parameter '" + parameter.getKey() + "'; " + allowed);
            }
            if (parameter.getValue().size() > 1) {
                throw new ApiException(
                        400, "parameter '" + parameter.getKey() + "' is there twice");
            }
        }
    }

    /**
     * Reads a parameter; one that was left out is the empty text.
     *
     * @param parse throws IllegalArgumentException with a message for the user
     * @throws ApiException 400
     */
    <T> T read(String name, Function<String, T> parse) throws ApiException {
        try {
            return parse.apply(parameters.getOrDefault(name, List.of("")).getFirst());
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "parameter '" + name + "': " + e.getMessage());
        }
    }

    /** A parameter as it is; one that was left out is the empty text. */
    String text(String name) throws ApiException {
        return read(name, text -> text);
    }
}
