package dev.tandem.tools.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The parameters of one request. Errors name the parameter and what it may be. */
final class Query {
    private final Map<String, List<String>> parameters;

    /**
     * Refuses parameters that are not known and such that are there twice.
     *
     * @throws ApiException 400
     */
    Query(QueryStringDecoder uri, Set<String> known) throws ApiException {
        try {
            parameters = uri.parameters();
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "the query is malformed: " + e.getMessage());
        }
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (!known.contains(parameter.getKey())) {
                String allowed =
                        known.isEmpty() ? "none here" : String.join(", ", known) + " are allowed";
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
     * A parameter's value; an empty one counts as left out.
     *
     * @param expected what it may be
     * @param parse empty when it is not that
     * @throws ApiException 400
     */
    <T> Optional<T> get(String name, String expected, Function<String, Optional<T>> parse)
            throws ApiException {
        String text = parameters.getOrDefault(name, List.of("")).getFirst();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> value = parse.apply(text);
        if (value.isEmpty()) {
            throw new ApiException(
                    400, "parameter '" + name + "': '" + text + "' is not " + expected);
        }
        return value;
    }
}
