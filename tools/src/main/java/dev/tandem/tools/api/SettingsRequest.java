package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /v1/settings}: all of them are set, or none.
 *
 * @param cluster may be left out where there is one
 * @param settings values by name; {@code net.ipv4.vs.} may stand before a name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SettingsRequest(@Nullable String cluster, Map<String, Long> settings) {
    /**
     * Refuses what makes no sense.
     *
     * @throws ApiException 400
     */
    @SuppressWarnings("NullAway") // who sends JSON may leave anything out
    void check() throws ApiException {
        if (settings == null || settings.isEmpty()) {
            throw new ApiException(400, "settings is missing, or empty");
        }
        if (settings.containsValue(null)) {
            throw new ApiException(400, "every setting needs a value, a whole number");
        }
    }
}
